"""See what a Serverless Framework service would ship to AWS Lambda, make it fit, and build it."""

__version__ = "0.1.0"
