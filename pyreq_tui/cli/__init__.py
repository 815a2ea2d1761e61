"""The front end without a screen: parse, call, print."""

from pyreq_tui.cli.command import main

__all__ = ["main"]
