"""Makes a thumbnail of an uploaded picture."""

import base64
import io

from PIL import Image


def resize(event, context):
    """Take a picture in base64, give back a PNG no larger than 256 by 256."""
    picture = Image.open(io.BytesIO(base64.b64decode(event["body"])))
    picture.thumbnail((256, 256))
    png = io.BytesIO()
    picture.save(png, "PNG")
    return {"statusCode": 200, "isBase64Encoded": True, "body": base64.b64encode(png.getvalue()).decode()}
