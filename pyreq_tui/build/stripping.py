"""Runs ``strip`` on shared libraries, undoes it where it broke one, and remembers what came out.

GNU strip can move segments so that the loader refuses the library ("ELF load command address/offset not
page-aligned"), and still exit 0: https://github.com/serverless/serverless-python-requirements names it, and
binutils 2.40 does it to the OpenBLAS in numpy's wheels. So every result is looked at.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.bundle import (
    KeptLibrary,
    Libraries,
    OpenWheels,
    StrippedLibrary,
    keep_deflated,
    library_key,
    read_entry,
)
from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyreq_tui.bundle import Entry
    from pyreq_tui.processes import Cancel

_ELF_MAGIC = b"\x7fELF"
_PAGE_BYTES = 4096
"""The smallest page of both of Lambda's architectures."""
_TOOLS = {"x86_64": ("x86_64-linux-gnu-strip",), "arm64": ("aarch64-linux-gnu-strip",)}
_MACHINES = {"x86_64": ("x86_64", "AMD64"), "arm64": ("aarch64", "arm64")}


@dataclass(frozen=True)
class Stripper:
    """A ``strip`` that knows the libraries of one architecture."""

    command: str
    version: str
    """The first line of ``--version``: another version may strip otherwise."""


def find_stripper(architecture: str) -> Stripper | None:
    """The strip for Linux libraries of ``architecture`` on this machine; ``None`` where there is none."""
    names = [*_TOOLS.get(architecture, ()), "llvm-strip"]
    if sys.platform == "linux" and platform.machine() in _MACHINES.get(architecture, ()):
        names.insert(0, "strip")
    for name in names:
        if (command := shutil.which(name)) is None:
            continue
        asked = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            return Stripper(command, asked.stdout.partition("\n")[0].strip())
    return None


class Strippers(Mapping[str, Stripper | None]):
    """By architecture, the strip of this machine; looked for when first asked: without slim nobody asks."""

    def __init__(self, architectures: Iterable[str]) -> None:
        self._architectures = frozenset(architectures)
        self._found: dict[str, Stripper | None] = {}

    def __getitem__(self, architecture: str) -> Stripper | None:
        """Raises KeyError for an architecture that nothing here is for."""
        if architecture not in self._architectures:
            raise KeyError(architecture)
        if architecture not in self._found:
            self._found[architecture] = find_stripper(architecture)
        return self._found[architecture]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._architectures))

    def __len__(self) -> int:
        return len(self._architectures)


def load_libraries(entries: Iterable[Entry], stripper: Stripper, cache: Path) -> Libraries:
    """What earlier builds learnt about ``entries``; what is kept no more is not among it."""
    known: Libraries = {}
    for entry in entries:
        key = library_key(entry)
        try:
            data = json.loads(_record(key, stripper, cache).read_text("utf-8"))
            known[key] = _library(data)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return known


def strip_libraries(
    entries: Sequence[Entry],
    stripper: Stripper,
    cache: Path,
    *,
    cancel: Cancel,
    on_done: Callable[[int], None],
) -> Libraries:
    """Strip ``entries``, whose wheels are in the store, and remember what came out; ``on_done(1)`` for each.

    Raises BuildError where a wheel is damaged or the disk is full, and Cancelled.
    """
    known: Libraries = {}
    try:
        with tempfile.TemporaryDirectory(prefix="pyreq-strip-") as folder:

            def strip_one(entry: Entry) -> StrippedLibrary | KeptLibrary:
                if cancel.is_set():
                    raise Cancelled
                with OpenWheels() as wheels:
                    data = read_entry(entry, wheels, cancel)
                with tempfile.NamedTemporaryFile(dir=folder, suffix=".so", delete=False) as file:
                    path = Path(file.name)
                return _strip(data, path, stripper, cache)

            with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
                for entry, library in zip(entries, pool.map(strip_one, entries), strict=True):
                    key = library_key(entry)
                    known[key] = library
                    _remember(library, _record(key, stripper, cache))
                    on_done(1)
    except OSError as error:
        raise BuildError(
            f"Libraries could not be stripped: {error.strerror or error}.",
            hint="Make room in the temporary folder and the cache, or set strip: false.",
        ) from error
    return known


def _strip(data: bytes, path: Path, stripper: Stripper, cache: Path) -> StrippedLibrary | KeptLibrary:
    if not data.startswith(_ELF_MAGIC):
        return KeptLibrary(is_broken_by_strip=False)
    path.write_bytes(data)
    try:
        # In a session of its own: a Ctrl-C in the terminal would end it, and that it failed be remembered.
        ran = subprocess.run(
            [stripper.command, str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            start_new_session=True,
        )
        stripped = path.read_bytes()
    finally:
        path.unlink(missing_ok=True)
    if ran.returncode < 0:
        raise BuildError(
            f"{Path(stripper.command).name} was ended by signal {-ran.returncode}.",
            hint="The system may have run out of memory; strip: false does without it.",
        )
    if ran.returncode and b"No space left" in ran.stderr:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if ran.returncode != 0 or len(stripped) >= len(data):
        return KeptLibrary(is_broken_by_strip=False)
    if not is_loadable(stripped):
        return KeptLibrary(is_broken_by_strip=True)
    kept = keep_deflated(stripped, cache / "deflated")
    return StrippedLibrary(len(stripped), kept.stream_bytes, kept.crc, kept.method, kept.path)


def is_loadable(data: bytes) -> bool:
    """Whether the loader would map an ELF library: what glibc asks of each segment before it does."""
    # Here, for a build that strips nothing need not wait for it.
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        for segment in ELFFile(io.BytesIO(data)).iter_segments("PT_LOAD"):
            alignment = segment["p_align"]
            if alignment % _PAGE_BYTES or (segment["p_vaddr"] - segment["p_offset"]) % max(alignment, 1):
                return False
            if segment["p_offset"] + segment["p_filesz"] > len(data):
                return False
    except (ELFError, ValueError):
        return False
    return True


def _record(key: str, stripper: Stripper, cache: Path) -> Path:
    name = hashlib.sha256(f"{key}\n{stripper.version}".encode()).hexdigest()
    return cache / "stripped" / name[:2] / f"{name}.json"


def _remember(library: StrippedLibrary | KeptLibrary, path: Path) -> None:
    write_whole(path, json.dumps(asdict(library), default=str))


def _library(data: dict[str, object]) -> StrippedLibrary | KeptLibrary:
    """What ``_remember`` wrote. Raises ValueError where the stripped bytes are not kept any more."""
    if "is_broken_by_strip" in data:
        return KeptLibrary(bool(data["is_broken_by_strip"]))
    sizes = (data["size_bytes"], data["compressed_bytes"], data["crc"], data["method"])
    if not all(isinstance(size, int) for size in sizes):
        raise ValueError("not a record of a stripped library")
    size_bytes, compressed_bytes, crc, method = (int(str(size)) for size in sizes)
    deflated = Path(str(data["deflated"]))
    if not deflated.is_file():
        raise ValueError("the stripped library is not kept any more")
    return StrippedLibrary(size_bytes, compressed_bytes, crc, method, deflated)
