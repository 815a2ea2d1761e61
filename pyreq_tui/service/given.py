"""Values given as text from outside the file: on the command line, or typed on screen."""

from __future__ import annotations

from pathlib import Path

from pyreq_tui.errors import PyreqError
from pyreq_tui.service.document import parse_document
from pyreq_tui.service.nodes import Mapping, Scalar, Sequence
from pyreq_tui.service.places import Place


def read_value_text(text: str) -> object:
    """What ``text`` means as a value in serverless.yml; variables stay the text they are.

    Raises PyreqError for what is not YAML.
    """
    document = parse_document(Path("(given)"), text)
    return _plain(Place(document, document.root))


def _plain(place: Place) -> object:
    match place.node:
        case Scalar(value=value):
            return value
        case Sequence():
            return [_plain(item) for item in place.elements()]
        case Mapping():
            return {name: _plain(entry) for name, entry in place.entries().items()}
    raise PyreqError("Aliases have no meaning in a single value.", hint="Write the value out.")
