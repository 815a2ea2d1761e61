"""Takes out what slim patterns name."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pyreq_tui.bundle.glob import compile_globs
from pyreq_tui.bundle.memo import remembered
from pyreq_tui.bundle.model import Bundle

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_SLIM_PATTERNS = ("**/*.py[c|o]", "**/__pycache__*", "**/*.dist-info*")
"""What ``slim: true`` removes unless ``slimPatternsAppendDefaults: false``."""
_WILDCARDS = frozenset("*?[]{}()!+@")


@remembered(size=128)
def slim(bundle: Bundle, patterns: Sequence[str], append_defaults: bool = True) -> Bundle:
    """The Bundle without the files, and the folders with all in them, that a pattern matches.

    Patterns are matched against whole paths, as node-glob does: names that start with a dot are passed over
    unless the pattern says the dot. Give it requirements only: the user's own code is not slimmed.
    """
    wanted = slim_patterns(patterns, append_defaults)
    if not wanted:
        return bundle
    judge = _judge(wanted)
    return Bundle(tuple([entry for entry in bundle.entries if not judge[entry[0]]]))


def slim_patterns(patterns: Sequence[str], append_defaults: bool = True) -> tuple[str, ...]:
    """The patterns that are in force."""
    return tuple(dict.fromkeys([*(DEFAULT_SLIM_PATTERNS if append_defaults else ()), *patterns]))


class _Judge(dict[str, bool]):
    """Whether a path is removed.

    A dictionary that fills itself: a verdict depends on the path alone, so it holds for every Bundle, and a
    later toggle only looks it up. Most patterns are ``**/`` and a name; those are matched against the name,
    once it is known that no folder above starts with a dot, which is six times as fast as matching the path.
    """

    def __init__(self, patterns: tuple[str, ...]) -> None:
        super().__init__()
        names = [p.removeprefix("**/") for p in patterns if p.startswith("**/")]
        names = [name for name in names if name and "/" not in name and "**" not in name]
        paths = [p for p in patterns if p.removeprefix("**/") not in names or not p.startswith("**/")]
        self._name_matches = compile_globs(tuple(names), dot=False).match
        # ``*/tests/**`` removes folders, and so every file in them: only ``tests/**`` names a file as well.
        files = tuple(p for p in paths if not p.endswith("/") and not _names_folders_only(p))
        self._path_matches = compile_globs(files, dot=False).match
        folders = [p.rstrip("/") for p in paths]
        folders += [p.removesuffix("/**") for p in folders if p.endswith("/**")]
        self._folder_matches = compile_globs(tuple(folders), dot=False).match
        self._has_paths = bool(files)
        self._folders: dict[str, tuple[bool, bool]] = {"": (self._folder_matches("") is not None, True)}

    def __missing__(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        is_removed, is_open = self._folders.get(folder) or self._folder(folder)
        verdict = (
            is_removed
            or (is_open and self._name_matches(name) is not None)
            or (self._has_paths and self._path_matches(path) is not None)
        )
        self[path] = verdict
        return verdict

    def _folder(self, path: str) -> tuple[bool, bool]:
        """Whether a folder is removed, and whether ``**`` goes into it."""
        known = self._folders.get(path)
        if known is None:
            parent, _, name = path.rpartition("/")
            is_removed, is_open = self._folder(parent)
            is_removed = (
                is_removed
                or (is_open and self._name_matches(name) is not None)
                or self._folder_matches(path) is not None
            )
            self._folders[path] = known = (is_removed, is_open and not name.startswith("."))
        return known


def _names_folders_only(pattern: str) -> bool:
    return pattern.endswith("/**") and not _WILDCARDS.isdisjoint(pattern.removesuffix("/**"))


@lru_cache(maxsize=16)
def _judge(patterns: tuple[str, ...]) -> _Judge:
    return _Judge(patterns)
