"""Checks an order before it is stored."""

from pydantic import BaseModel, PositiveInt


class Order(BaseModel):
    """What a customer orders."""

    article: str
    quantity: PositiveInt


def handle(event, context):
    """Refuse an order that is not one."""
    order = Order.model_validate_json(event["body"])
    return {"statusCode": 200, "body": order.model_dump_json()}
