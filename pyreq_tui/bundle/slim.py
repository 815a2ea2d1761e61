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


@remembered(size=64)
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
    later toggle only looks it up.
    """

    def __init__(self, patterns: tuple[str, ...]) -> None:
        super().__init__()
        of_any_kind = tuple(pattern for pattern in patterns if not pattern.endswith("/"))
        self._any = compile_globs(of_any_kind, dot=False).match
        self._folder = compile_globs(tuple(pattern.rstrip("/") for pattern in patterns), dot=False).match
        self._folders: dict[str, bool] = {"": self._folder("") is not None}

    def __missing__(self, path: str) -> bool:
        verdict = self._is_folder_removed(path.rpartition("/")[0]) or self._any(path) is not None
        self[path] = verdict
        return verdict

    def _is_folder_removed(self, folder: str) -> bool:
        verdict = self._folders.get(folder)
        if verdict is None:
            verdict = self._is_folder_removed(folder.rpartition("/")[0]) or self._folder(folder) is not None
            self._folders[folder] = verdict
        return verdict


@lru_cache(maxsize=16)
def _judge(patterns: tuple[str, ...]) -> _Judge:
    return _Judge(patterns)
