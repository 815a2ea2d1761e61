"""Reads what ``pip install --report`` says it would install: the pins of a Lock that pip has resolved.

The format is pip's installation report, version 1 (https://pip.pypa.io/en/stable/reference/installation-report/),
whose ``download_info`` is PEP 610's direct URL data. It is the same wherever pip ran, on this machine or in a
container; only what lies on a disk is named as that machine names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name

from pyreq_tui.errors import BuildError
from pyreq_tui.locks.model import Pin, Unbuilt, WheelFile

_SUPPORTED_VERSION = "1"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class PipReport:
    """What pip would install."""

    pip_version: str
    pins: tuple[Pin, ...]
    """Sorted by name. A wheel may be one that the Target can't load: that is for who asks to check."""
    direct: tuple[tuple[str, tuple[str, ...]], ...]
    """What was asked for, not brought in by something else: normalised name and extras, sorted."""


def read_report(text: str) -> PipReport:
    """What the report ``text`` holds. Only of local files it states sizes; it leaves credentials out.

    Raises BuildError where it is no report, or names what can't be fetched again.
    """
    try:
        data = json.loads(text)
        if data["version"] != _SUPPORTED_VERSION:
            raise BuildError(
                f"pip's report is of version {data['version']!r}, and only {_SUPPORTED_VERSION} is known.",
                hint="Use another release of pip.",
            )
        items = [_Item.read(item) for item in data["install"]]
        pip_version = str(data["pip_version"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BuildError("pip's report of what it would install can't be understood.") from error
    return PipReport(
        pip_version,
        tuple(sorted((item.pin for item in items), key=lambda pin: pin.name)),
        tuple(sorted((item.pin.name, item.extras) for item in items if item.is_requested)),
    )


@dataclass(frozen=True)
class _Item:
    """One package of a report."""

    pin: Pin
    is_requested: bool
    extras: tuple[str, ...]

    @classmethod
    def read(cls, item: Mapping[str, object]) -> _Item:
        """Raises KeyError, TypeError, ValueError, AttributeError for what is none."""
        metadata = _mapping(item["metadata"])
        name, version = canonicalize_name(str(metadata["name"])), str(metadata["version"])
        extras = item.get("requested_extras") or ()
        if not isinstance(extras, Sequence) or isinstance(extras, str):
            raise TypeError("requested_extras is no list")
        return cls(
            _pin(name, version, _mapping(item["download_info"])),
            is_requested=item.get("requested") is True,
            extras=tuple(sorted(map(str, extras))),
        )


def _pin(name: str, version: str, origin: Mapping[str, object]) -> Pin:
    url = str(origin["url"])
    subdirectory = str(origin["subdirectory"]) if origin.get("subdirectory") else None
    if "vcs_info" in origin:
        vcs = _mapping(origin["vcs_info"])
        if vcs["vcs"] != "git":
            raise BuildError(
                f"{name} comes from a repository of {vcs['vcs']}, and only git's can be fetched.",
                hint="Name a release of it, or an archive.",
            )
        return Pin(name, version, unbuilt=Unbuilt("vcs", url, str(vcs["commit_id"]), subdirectory))
    if "dir_info" in origin:
        folder = str(_local_file(url) or url)
        return Pin(name, version, unbuilt=Unbuilt("directory", folder, subdirectory=subdirectory))
    sha256 = _sha256(_mapping(origin["archive_info"]))
    filename = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    if filename.endswith(".whl"):
        return Pin(name, version, wheel=WheelFile(filename, url, sha256, _size(url)))
    return Pin(name, version, unbuilt=Unbuilt("sdist", url, None, subdirectory, sha256, _size(url)))


def _sha256(archive: Mapping[str, object]) -> str | None:
    """The archive's hash; older pips state one only, as ``sha256=…``."""
    hashes = _mapping(archive.get("hashes") or {})
    digest = str(hashes.get("sha256") or "") or str(archive.get("hash") or "").removeprefix("sha256=")
    return digest if _SHA256.fullmatch(digest) else None


def _size(url: str) -> int | None:
    file = _local_file(url)
    return file.stat().st_size if file is not None and file.is_file() else None


def _local_file(url: str) -> Path | None:
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    # Here, for urllib.request brings http.client and email along, which most runs can do without.
    from urllib.request import url2pathname

    return Path(url2pathname(parts.path))


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError("not a mapping")
    return value
