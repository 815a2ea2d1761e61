"""A change of one file, held in memory until it is written."""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError, PyreqError, Where
from pyreq_tui.service.document import read_text
from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyreq_tui.service.model import Service


@dataclass(frozen=True)
class Edit:
    """One file's text before and after; ``None`` is no file."""

    path: Path
    """Absolute."""
    before: str | None
    after: str | None
    root: Path | None = None
    """The service's folder, from which the diff names the file."""

    @property
    def changed(self) -> bool:
        """Whether writing would change anything."""
        return self.before != self.after

    @property
    def reverted(self) -> Edit:
        """The edit that takes this one back."""
        return replace(self, before=self.after, after=self.before)

    def diff(self) -> str:
        """The change as a unified diff, empty where there is none. Line endings are shown as newlines."""
        inside = self.root is not None and self.path.is_relative_to(self.root)
        name = self.path.relative_to(self.root).as_posix() if inside and self.root else self.path.name
        before, after = _lines(self.before or ""), _lines(self.after or "")
        source = "/dev/null" if self.before is None else f"a/{name}"
        target = "/dev/null" if self.after is None else f"b/{name}"
        return "".join(unified_diff(before, after, source, target))

    def write(self) -> None:
        """Save ``after``: whole or not at all, with the file's mode, through a link to the file it names.

        Raises PyreqError when the file no longer holds ``before``, BuildError when the disk refuses.
        """
        if not self.changed:
            return
        file = self.path.resolve()
        if (None if self.before is None and not file.exists() else read_text(file)) != self.before:
            raise StaleEditError(
                f"{self.path.name} changed on disk since it was read; nothing was written.",
                where=Where(self.path),
                hint="Make the change again: it will be made in the new text.",
            )
        try:
            if self.after is None:
                file.unlink()
            elif self.before is None:
                write_whole(file, self.after)
            else:
                _replace(file, self.after.encode())
        except OSError as error:
            raise BuildError(
                f"{self.path.name} can't be written: {error.strerror or error}.",
                where=Where(self.path),
                hint="Check the permissions of the file and its folder, and the room on the disk.",
            ) from error


class StaleEditError(PyreqError):
    """A file is not what it was when the change was made of it."""


def edit_file(service: Service, file: Path, rewrites: Sequence[Callable[[str], str]]) -> Edit:
    """What ``rewrites``, one after the other, would make of a file of the service's.

    Raises PyreqError as they do, and where the file can't be read.
    """
    before = read_text(file)
    after = before
    for rewrite in rewrites:
        after = rewrite(after)
    return Edit(file, before, after, service.root)


def write_all(edits: Sequence[Edit]) -> None:
    """Save all of them or none. Raises as `Edit.write` does, and says what could not be put back."""
    written: list[Edit] = []
    try:
        for edit in edits:
            edit.write()
            written.append(edit)
    except PyreqError as error:
        stuck = [edit.path.name for edit in reversed(written) if not _is_put_back(edit)]
        if stuck:
            raise BuildError(
                f"{error.message} Saved before that, and not to be put back: {', '.join(stuck)}.",
                where=error.where,
                hint=error.hint,
            ) from error
        raise


def _is_put_back(edit: Edit) -> bool:
    try:
        edit.reverted.write()
    except PyreqError:
        return False
    return True


def _replace(file: Path, data: bytes) -> None:
    mode = stat.S_IMODE(file.stat().st_mode)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def _lines(text: str) -> list[str]:
    """Lines for a diff; the last says when it has no newline, as diff and patch do."""
    lines = [f"{line}\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if lines[-1] == "\n":
        return lines[:-1]
    return [*lines[:-1], f"{lines[-1]}\\ No newline at end of file\n"]
