"""The artifact as a function finds it: unpacked into a folder of its own, with its layers beside it."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.bundle import HELPER_NAME, NESTED_NAME
from pyreq_tui.errors import BuildError, Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.locks import Target
    from pyreq_tui.processes import Cancel

UNPACKED = "/tmp/sls-py-req"  # noqa: S108 - as the helper of zip: true has it; here it is another folder
"""Where the helper unpacks the nested zip under Lambda."""

_LAMBDA = ("/var/task", "/opt", "/tmp")  # noqa: S108 - Lambda's folders, not this machine's


class Sandbox(NamedTuple):
    """Folders that stand for ``/var/task``, ``/opt`` and ``/tmp``."""

    root: Path
    task: Path
    layers: Path
    temporary: Path

    def paths(self, target: Target) -> list[str]:
        """What a Python function has before its standard library, in Lambda's order."""
        minor = f"python{target.python[0]}.{target.python[1]}"
        folders = [
            self.task,
            self.layers / "python" / "lib" / minor / "site-packages",
            self.layers / "python",
        ]
        return [str(folder) for folder in folders if folder.is_dir()]

    def translated(self, path: str) -> str:
        """A path under Lambda as it is here."""
        for there, here in zip(_LAMBDA, self[1:], strict=True):
            if path == there or path.startswith(f"{there}/"):
                return f"{here}{path[len(there) :]}"
        return path


@contextmanager
def sandbox(artifact: Path, layers: Sequence[Path], cancel: Cancel) -> Iterator[Sandbox]:
    """``artifact`` and ``layers`` unpacked; gone afterwards. Raises BuildError and Cancelled."""
    root = Path(tempfile.mkdtemp(prefix="pyreq-import-")).resolve()
    made = Sandbox(root, root / "task", root / "opt", root / "tmp")
    try:
        for folder in made[1:]:
            folder.mkdir()
        for layer in layers:
            _unpack(layer, made.layers, cancel)
        _unpack(artifact, made.task, cancel)
        _move_helper(made)
        yield made
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _unpack(artifact: Path, folder: Path, cancel: Cancel) -> None:
    """zipfile leaves no member outside ``folder``."""
    try:
        with zipfile.ZipFile(artifact) as archive:
            for member in archive.infolist():
                if cancel.is_set():
                    raise Cancelled
                archive.extract(member, folder)
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise BuildError(
            f"{artifact.name} could not be unpacked: {error}.",
            hint="Build it again, and see that the temporary folder (TMPDIR) has room for it.",
        ) from error


def _move_helper(made: Sandbox) -> None:
    """Have the helper unpack into this sandbox: /tmp here is everybody's."""
    helper = made.task / HELPER_NAME
    if helper.is_file() and (made.task / NESTED_NAME).is_file():
        there, here = (json.dumps(path).encode() for path in (UNPACKED, made.translated(UNPACKED)))
        helper.write_bytes(helper.read_bytes().replace(there, here))
