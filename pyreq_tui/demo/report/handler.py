"""Fits a line through last month's sales and stores the forecast."""

import boto3
import numpy as np
import pandas as pd
import requests
from scipy import stats
from sklearn.linear_model import LinearRegression


def run(event, context):
    """Read the sales named in the event, forecast the next thirty days, put the result back."""
    bucket = boto3.resource("s3").Bucket(event["bucket"])
    sales = pd.read_csv(bucket.Object(event["key"]).get()["Body"], parse_dates=["day"])
    sales = sales[np.abs(stats.zscore(sales["amount"])) < 3]
    days = (sales["day"] - sales["day"].min()).dt.days.to_numpy().reshape(-1, 1)
    model = LinearRegression().fit(days, sales["amount"])
    ahead = np.arange(days.max() + 1, days.max() + 31).reshape(-1, 1)
    forecast = pd.Series(model.predict(ahead), name="forecast")
    bucket.put_object(Key=f"{event['key']}.forecast.csv", Body=forecast.to_csv().encode())
    if hook := event.get("notify"):
        requests.post(hook, json={"days": len(forecast)}, timeout=5).raise_for_status()
    return {"days": len(forecast)}
