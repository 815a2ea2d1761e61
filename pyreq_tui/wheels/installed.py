"""Turns a folder that an installer filled back into wheels, one for each distribution in it."""

from __future__ import annotations

import base64
import configparser
import csv
import hashlib
import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from email.parser import HeaderParser
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_OF_THE_INSTALLATION = frozenset({"INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json"})
"""What an installer adds to a dist-info folder, and ``RECORD``, which it rewrites."""
_LEAVINGS = frozenset({".lock"})
"""What uv leaves at the top of a target folder."""
_BLOCK_BYTES = 1 << 20
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SHEBANG = re.compile(rb"\A#!(?:/bin/sh\n'''exec' [^\n]*\n' '''|[^\n]*python[^\n]*)\n")
"""What installers make of ``#!python``: the interpreter, or a detour where its path is too long for that."""


@dataclass(frozen=True)
class InstalledDistribution:
    """One distribution of an installed folder."""

    name: str
    """Normalised."""
    version: str
    folder: Path
    """The installed folder."""
    info: str
    """The name of its dist-info folder."""
    files: tuple[str, ...]
    """Its files by POSIX path below the folder, sorted; without what the installation added."""
    tags: tuple[str, ...]
    """As its WHEEL states them."""

    def checksums(self) -> Mapping[str, tuple[int, int]]:
        """Size and CRC of each file, as a wheel's directory would state them; scripts with ``#!python``."""
        return {name: _checksum(self.folder / name, is_script=_is_script(name)) for name in self.files}


def installed_distributions(folder: Path) -> tuple[tuple[InstalledDistribution, ...], tuple[str, ...]]:
    """The distributions in ``folder`` by name, and the files no ``RECORD`` names, each in order.

    Bytecode and launchers of console scripts belong to neither: they are made, not shipped.
    Raises BuildError for a distribution whose metadata can't be read.
    """
    everything = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    found = []
    owned: set[str] = set()
    for info in sorted(path.name for path in folder.glob("*.dist-info") if path.is_dir()):
        recorded = _recorded(folder, info) & everything
        if not recorded:
            continue  # its files are nobody's
        owned |= recorded
        found.append(_distribution(folder, info, recorded))
    loose = sorted(name for name in everything - owned - _LEAVINGS if not _is_bytecode(name))
    return tuple(sorted(found, key=lambda each: each.name)), tuple(loose)


def pack_distribution(distribution: InstalledDistribution, output: Path) -> Path:
    """Write ``distribution`` as a wheel (PEP 427) into the folder ``output``: its path."""
    path = output / _filename(distribution)
    output.mkdir(parents=True, exist_ok=True)
    rows = []
    record = f"{distribution.info}/RECORD"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in distribution.files:
            file = distribution.folder / name
            data = _content(file, is_script=_is_script(name))
            _add(archive, name, data, is_executable=bool(file.stat().st_mode & 0o100))
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows.append((name, f"sha256={digest}", len(data)))
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*rows, (record, "", "")])
        _add(archive, record, text.getvalue().encode(), is_executable=False)
    return path


def _distribution(folder: Path, info: str, recorded: set[str]) -> InstalledDistribution:
    metadata = _headers(folder / info / "METADATA")
    wheel = _headers(folder / info / "WHEEL")
    name, version = metadata.get("name", [""])[0], metadata.get("version", [""])[0]
    if not name or not version:
        raise BuildError(f"What was installed as {info} does not say what it is.")
    launchers = _launchers(folder / info / "entry_points.txt")
    files = sorted(
        file
        for file in recorded
        if not _is_bytecode(file)
        and file not in launchers
        and not (file.startswith(f"{info}/") and posixpath.basename(file) in _OF_THE_INSTALLATION)
    )
    return InstalledDistribution(
        name=canonicalize_name(name),
        version=version,
        folder=folder,
        info=info,
        files=tuple(files),
        tags=tuple(wheel.get("tag", ["py3-none-any"])),
    )


def _recorded(folder: Path, info: str) -> set[str]:
    """The files that RECORD names, as they lie below ``folder``.

    pip installs elsewhere first and then moves: what is beside the packages it records as ``../../bin/tool``.
    """
    try:
        rows = list(csv.reader((folder / info / "RECORD").read_text("utf-8").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error):
        return set()
    paths = (posixpath.normpath(row[0].replace("\\", "/")) for row in rows if row and row[0])
    return {re.sub(r"^(\.\./)+", "", path) for path in paths if not path.startswith("/")}


def _headers(file: Path) -> Mapping[str, list[str]]:
    """The headers of METADATA or WHEEL by lower-case name."""
    try:
        message = HeaderParser().parsestr(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{file.parent.name} has no {file.name} that can be read.") from error
    headers: dict[str, list[str]] = {}
    for name, value in message.items():
        headers.setdefault(name.lower(), []).append(str(value).strip())
    return headers


def _launchers(entry_points: Path) -> frozenset[str]:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names keep their case
    try:
        parser.read_string(entry_points.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return frozenset()
    sections = ("console_scripts", "gui_scripts")
    return frozenset(
        f"bin/{name}" for section in sections if parser.has_section(section) for name in parser[section]
    )


def _filename(distribution: InstalledDistribution) -> str:
    parts = [tag.split("-") for tag in distribution.tags]
    if any(len(part) != 3 for part in parts):
        raise BuildError(f"{distribution.info} names no tags that can be understood.")
    tag = "-".join(".".join(dict.fromkeys(column)) for column in zip(*parts, strict=True))
    stem = distribution.info.removesuffix(".dist-info")
    return f"{stem}-{tag}.whl"


def _is_bytecode(name: str) -> bool:
    return name.endswith((".pyc", ".pyo")) or "__pycache__/" in name


def _is_script(name: str) -> bool:
    return name.startswith("bin/")


def _content(file: Path, *, is_script: bool) -> bytes:
    data = file.read_bytes()
    return _SHEBANG.sub(b"#!python\n", data, count=1) if is_script else data


def _checksum(file: Path, *, is_script: bool) -> tuple[int, int]:
    size = crc = 0
    for block in [_content(file, is_script=True)] if is_script else _blocks(file):
        size += len(block)
        crc = zlib.crc32(block, crc)
    return size, crc


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK_BYTES):
            yield block


def _add(archive: zipfile.ZipFile, name: str, data: bytes, *, is_executable: bool) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o100755 if is_executable else 0o100644) << 16
    archive.writestr(entry, data)
