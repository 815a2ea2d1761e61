"""Which files of the user's could ship: one walk over the service's folder."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.bundle.glob import literal_base
from pyreq_tui.errors import Finding, PyreqError, Where
from pyreq_tui.service import ARTIFACT_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_FILES = 500_000
"""Above this the walk gives up: links can make a small folder look endless."""

_NEVER_SHIPPED = frozenset({".git"})
"""A repository's innards, at any depth."""
_NEVER_SHIPPED_AT_ROOT = frozenset({".git", *ARTIFACT_FOLDERS})

Identity = tuple[int, int]
"""Device and inode: tells a folder however it is reached."""
_Folder = tuple[str, str, frozenset[Identity]]
"""Where it is, how its files' paths start, and the folders it lies in."""


class CodeFile(NamedTuple):
    """One file that could ship. A tuple, for a virtual environment left in the folder makes many."""

    path: str
    """POSIX, relative to the service's root; starts with ``../`` where a pattern reaches out of it."""
    source: Path
    size_bytes: int
    is_executable: bool
    changed_ns: int = 0
    """When it was last written to, in nanoseconds since 1970."""

    @property
    def artifact_path(self) -> str:
        """Where it lies in the artifact: as the Framework does, leading ``../`` fall away."""
        path = self.path
        while path.startswith("../"):
            path = path[3:]
        return path


@dataclass(frozen=True, eq=False)
class Listing:
    """What a walk found, and what it passed over for a reason worth saying."""

    files: tuple[CodeFile, ...]
    """Sorted by path."""
    problems: tuple[Finding, ...] = ()


def list_files(root: Path, patterns: Sequence[str] = (), *, boundary: Path | None = None) -> Listing:
    """Every file under ``root``, and those that a pattern such as ``../shared/**`` reaches for beside it.

    Links are followed, as the Framework follows them, but not out of ``boundary`` (by default the repository
    ``root`` stands in, or ``root`` itself where there is none) and not in circles; what that leaves out is a
    Finding, and so are broken links, sockets and devices, and names that are not UTF-8. ``.git`` folders, and
    ``.serverless`` at the root, are not looked into. Raises PyreqError for a folder that can't be read.
    """
    root = root.absolute()
    walk = _Walk(boundary or repository_of(root) or root)
    walk.list(root, "")
    for base in _bases_outside(patterns):
        walk.list_outside(root, base)
    return Listing(tuple(sorted(walk.files.values())), tuple(walk.problems))


def repository_of(folder: Path) -> Path | None:
    """The nearest folder, from ``folder`` upwards, that holds a ``.git``."""
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)


def _bases_outside(patterns: Sequence[str]) -> list[str]:
    bases = {literal_base(pattern) for pattern in patterns if pattern.startswith("../")}
    return sorted(base for base in bases if base.strip("./"))


class _Walk:
    """Collects files and problems on the way."""

    def __init__(self, boundary: Path) -> None:
        self.boundary = os.path.realpath(boundary)
        self.files: dict[str, CodeFile] = {}
        self.problems: list[Finding] = []

    def list(self, folder: Path, prefix: str) -> None:
        """Collect what lies in ``folder``, its path written with ``prefix``. Folders can be very deep."""
        state = folder.stat()
        waiting: list[_Folder] = [(str(folder), prefix, frozenset({(state.st_dev, state.st_ino)}))]
        while waiting:
            waiting += self._list(*waiting.pop())

    def list_outside(self, root: Path, base: str) -> None:
        path = root / base
        if not self._is_inside(os.path.realpath(path)):
            self._say(base, path, "lies outside of the repository")
        elif path.is_dir():
            self.list(path, f"{base}/")
        elif path.is_file():
            self._add(base, str(path), path.stat())

    def _list(self, folder: str, prefix: str, ancestors: frozenset[Identity]) -> Iterator[_Folder]:
        """Collect the files of one folder, and give the folders in it."""
        hidden = _NEVER_SHIPPED if prefix else _NEVER_SHIPPED_AT_ROOT
        for item in _scan(folder):
            if item.name in hidden:
                continue
            path = prefix + item.name
            if not _is_utf8(path):
                self._say(ascii(path)[1:-1], Path(item.path), "has a name that is not UTF-8")
                continue
            state = self._state(item, path)
            if state is None:
                continue
            if stat.S_ISDIR(state.st_mode):
                identity = (state.st_dev, state.st_ino)
                if identity in ancestors:
                    self._say(path, Path(item.path), "is a link to a folder it lies in")
                else:
                    yield item.path, f"{path}/", ancestors | {identity}
            elif stat.S_ISREG(state.st_mode):
                self._add(path, item.path, state)
            else:
                self._say(path, Path(item.path), "is neither a file nor a folder")

    def _state(self, item: os.DirEntry[str], path: str) -> os.stat_result | None:
        """What the item, or the file or folder it links to, is; ``None`` where it is passed over."""
        if not item.is_symlink():
            return item.stat(follow_symlinks=False)
        try:
            state = item.stat()
        except OSError:
            self._say(path, Path(item.path), "is a link to nothing")
            return None
        if not self._is_inside(os.path.realpath(item.path)):
            self._say(path, Path(item.path), "is a link out of the repository")
            return None
        return state

    def _is_inside(self, real_path: str) -> bool:
        inside = Path(real_path).is_relative_to(self.boundary)
        return inside and not _NEVER_SHIPPED.intersection(Path(real_path).relative_to(self.boundary).parts)

    def _add(self, path: str, source: str, state: os.stat_result) -> None:
        if len(self.files) >= MAX_FILES:
            raise PyreqError(
                f"There are more than {MAX_FILES} files in the service's folder.",
                hint="Move data, caches and virtual environments out of it, or remove links between folders.",
                where=Where(Path(source)),
            )
        is_executable = bool(state.st_mode & stat.S_IXUSR)
        self.files[path] = CodeFile(path, Path(source), state.st_size, is_executable, state.st_mtime_ns)

    def _say(self, path: str, source: Path, why: str) -> None:
        self.problems.append(
            Finding(
                "warning",
                "file-not-packaged",
                f"{path} {why}, so it is not packaged.",
                where=Where(source),
                hint="Copy what it stands for into the service, or leave it out with package.patterns.",
            )
        )


def _scan(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as items:
            return iter(list(items))
    except OSError as error:
        raise PyreqError(
            f"The folder could not be read: {error.strerror}.",
            hint="Make it readable, or move it out of the service.",
            where=Where(Path(folder)),
        ) from error


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
