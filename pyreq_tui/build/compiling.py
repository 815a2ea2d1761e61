"""Compiles packages to bytecode that loads on Lambda, and remembers what came out.

The dates in an artifact are fixed, so bytecode that is checked against its source's date would be stale on
arrival; ``unchecked-hash`` bytecode (PEP 552) is loaded as it is. It is for one minor version of Python, so
an interpreter of the runtime's makes it. What is made of a wheel is kept as a wheel, and spliced like any.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui import processes
from pyreq_tui.bundle import Entry, OpenWheels, UnknownBytes, read_entry
from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.locks import Pin, find_interpreter
from pyreq_tui.wheels import made_wheel, remember_made

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pyreq_tui.locks import Settings, Target, WheelFile
    from pyreq_tui.processes import Cancel
    from pyreq_tui.wheels import Contents, Store

COMPILED_SHARE = 1.2
"""How large bytecode is taken to be beside its source until it is made: a guess, and said to be one."""
_FORMAT = 1
_OLDEST_PYTHON = (3, 7)
"""The first with ``unchecked-hash``."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SAY = "import sys, importlib.util as u; print(sys.version.split()[0], u.MAGIC_NUMBER.hex())"
_COMPILE = """\
import os, py_compile
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
for folder, folders, files in os.walk("."):
    folders.sort()
    for name in sorted(files):
        path = os.path.normpath(os.path.join(folder, name))
        try:
            py_compile.compile(path, dfile=path, doraise=True, invalidation_mode=mode)
        except py_compile.PyCompileError:
            pass  # templates and code for other Pythons, which nobody imports; pip leaves them out, too
"""


@dataclass(frozen=True)
class Compiler:
    """An interpreter of the runtime's version."""

    executable: str
    python: tuple[int, int]
    version: str
    """``3.12.1``."""
    magic: str
    """What tells its bytecode from other versions', in hex."""


@dataclass(frozen=True, eq=False)
class Bytecode:
    """What is known of one package's bytecode."""

    place: Path
    """The wheel that holds it, in the store."""
    contents: Contents


def find_compiler(target: Target, settings: Settings, *, cancel: Cancel) -> Compiler | None:
    """Who makes bytecode for ``target`` on this machine; ``None`` where nobody can."""
    if target.python < _OLDEST_PYTHON:
        return None
    executable = find_interpreter(target.python, settings.python_bin, cancel=cancel)
    if executable is None:
        return None
    version, magic = processes.run([executable, "-I", "-c", _SAY], cancel=cancel).split()
    return Compiler(executable, target.python, version, magic)


def sources(entries: Sequence[Entry]) -> list[Entry]:
    """The files of an installed package that Python would compile."""
    return [entry for entry in entries if entry.path.endswith(".py") and not entry.path.startswith("bin/")]


def stand_in(package: str, entries: Sequence[Entry]) -> Entry:
    """What stands for a package's bytecode until it is made; at a path that ``slim`` removes as well."""
    size = int(sum(entry.size_bytes for entry in sources(entries)) * COMPILED_SHARE)
    return Entry(
        path=f"__pycache__/{package} (not compiled yet).pyc",
        size_bytes=size,
        compressed_bytes=size // 2,
        owner=package,
        source=UnknownBytes("is compiled when it is built"),
    )


def known_bytecode(
    wheel: WheelFile, entries: Sequence[Entry], compiler: Compiler, store: Store
) -> Bytecode | None:
    """What was made of ``wheel`` earlier; ``None`` where it has to be made."""
    made = made_wheel(_inputs(wheel, entries, compiler), store)
    contents = store.contents(made) if made else None
    return Bytecode(store.wheel_path(made), contents) if made and contents else None


def compile_packages(
    waiting: Mapping[str, tuple[WheelFile, Sequence[Entry]]],
    compiler: Compiler,
    target: Target,
    store: Store,
    *,
    cancel: Cancel,
    on_done: Callable[[], None],
) -> dict[str, Bytecode]:
    """Compile packages, whose wheels are in ``store``, several at a time; ``on_done()`` after each.

    Raises BuildError where a wheel is damaged, the disk is full or the interpreter fails, and Cancelled.
    """

    def compile_one(package: str) -> Bytecode:
        wheel, entries = waiting[package]
        made = _compile(package, entries, compiler, target, store, cancel)
        remember_made(_inputs(wheel, entries, compiler), made, store)
        contents = store.contents(made)
        if contents is None:
            raise BuildError(f"The bytecode of {package} could not be kept.", hint="Try again.")
        on_done()
        return Bytecode(store.wheel_path(made), contents)

    try:
        with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            return dict(zip(waiting, pool.map(compile_one, waiting), strict=True))
    except OSError as error:
        raise BuildError(
            f"Bytecode could not be written: {error.strerror or error}.",
            hint="Make room in the temporary folder, or take --compile out of pipCmdExtraArgs.",
        ) from error


def _compile(
    package: str,
    entries: Sequence[Entry],
    compiler: Compiler,
    target: Target,
    store: Store,
    cancel: Cancel,
) -> WheelFile:
    """A wheel of the bytecode of one package."""
    from pyreq_tui.wheels import adopt_wheel  # here, for most packages ship as they are

    with tempfile.TemporaryDirectory(prefix="pyreq-compile-") as name:
        folder = Path(name, "package")
        folder.mkdir()
        with OpenWheels() as wheels:
            for entry in sources(entries):
                if cancel.is_set():
                    raise Cancelled
                file = folder / entry.path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(read_entry(entry, wheels, cancel))
        # The order of sets in bytecode follows the hash seed: the same seed, the same bytes.
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        processes.run(
            [compiler.executable, "-s", "-W", "ignore", "-c", _COMPILE],
            cwd=folder,
            env={**surroundings, "PYTHONHASHSEED": "0"},
            cancel=cancel,
        )
        tag = f"cp{compiler.python[0]}{compiler.python[1]}"
        stem = f"{package.replace('-', '_')}-0+bytecode"
        path = Path(name, f"{stem}-{tag}-none-any.whl")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in sorted(folder.rglob("*.pyc")):
                _add(archive, file.relative_to(folder).as_posix(), file.read_bytes())
            metadata = f"Metadata-Version: 2.1\nName: {package}\nVersion: 0+bytecode\n"
            _add(archive, f"{stem}.dist-info/METADATA", metadata.encode())
        return adopt_wheel(path, Pin(package, "0+bytecode"), target, store)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    item = zipfile.ZipInfo(name, _ZIP_DATE)
    item.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(item, data)


def _inputs(wheel: WheelFile, entries: Sequence[Entry], compiler: Compiler) -> dict[str, object]:
    """Everything that decides a package's bytecode: the key of its record."""
    listing = "\n".join(f"{entry.path} {entry.crc} {entry.size_bytes}" for entry in sources(entries))
    return {
        "bytecode of": wheel.filename,
        "format": _FORMAT,
        "sha256": wheel.sha256,
        "sources": hashlib.sha256(listing.encode()).hexdigest(),
        "python": compiler.version,
        "magic": compiler.magic,
    }
