"""Specifications and markers (PEP 508) from files that may hold anything."""

from __future__ import annotations

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Specification

_TOO_DEEP = "a marker is nested too deep"


def parse_specification(text: str) -> Specification:
    """``boto3[crt]~=1.2; marker`` or ``name @ URL``. Raises InvalidRequirement, however deep it is nested."""
    try:
        return Specification(text)
    except RecursionError as error:
        raise InvalidRequirement(_TOO_DEEP) from error


def parse_marker(text: str) -> Marker:
    """``python_version < "3.12"``. Raises InvalidMarker, however deep it is nested."""
    try:
        return Marker(text)
    except RecursionError as error:
        raise InvalidMarker(_TOO_DEEP) from error
