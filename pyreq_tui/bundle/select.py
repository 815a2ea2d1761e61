"""Which of the user's files ship, by ``package.patterns``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pyreq_tui.bundle.glob import compile_globs, literal_base
from pyreq_tui.bundle.memo import remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.bundle.code import CodeFile

FRAMEWORK_EXCLUDES = (
    ".git/**",
    ".gitignore",
    ".DS_Store",
    "npm-debug.log",
    "yarn-*.log",
    ".serverless/**",
    ".serverless_plugins/**",
    ".claude/skills/serverless-*/**",
    ".agents/skills/serverless-*/**",
)
"""What the Framework leaves out of every package unless a pattern asks for it."""


def default_excludes(config_file: str, layer_paths: Sequence[str], uses_dotenv: bool) -> tuple[str, ...]:
    """What is left out before any pattern counts: the Framework's globs, its file, layers, ``.env*``."""
    layers = [f"{path.removeprefix('./').rstrip('/')}/**" for path in layer_paths]
    return (*FRAMEWORK_EXCLUDES, config_file, *layers, *((".env*",) if uses_dotenv else ()))


@remembered(size=64)
def select(
    files: tuple[CodeFile, ...],
    patterns: Sequence[str],
    excludes: Sequence[str] = FRAMEWORK_EXCLUDES,
    left_out: frozenset[str] = frozenset(),
) -> tuple[CodeFile, ...]:
    """The files that ship: all but ``excludes``; then each pattern in turn adds or, with ``!``, takes.

    A pattern speaks of files alone: ``src`` matches nothing in a folder ``src``, ``src/**`` does. A file
    beside the root (``../``) ships where a pattern names it. ``left_out`` are folders and files that nothing
    brings back: what ``node_modules`` holds for development only.
    """
    rules = [*((f"!{glob}" if not glob.startswith("!") else glob[1:]) for glob in excludes), *patterns]
    judges = [
        (
            is_exclude,
            compile_globs(
                tuple(rule.removeprefix("!") if is_exclude else rule for rule in group), dot=True
            ).match,
        )
        for is_exclude, group in groupby(rules, key=lambda rule: rule.startswith("!"))
    ]
    judges.reverse()

    def ships(path: str) -> bool:
        for is_exclude, matches in judges:
            if matches(path):
                return not is_exclude
        return not path.startswith("../")

    return tuple([file for file in files if ships(file[0]) and not _is_under(file[0], left_out)])


def excluded_by(files: Sequence[CodeFile], patterns: Sequence[str]) -> dict[str, tuple[CodeFile, ...]]:
    """Which ``!pattern`` has the last word on each of ``files`` that don't ship; ``""`` for none of them."""
    found: dict[str, tuple[CodeFile, ...]] = {}
    rest = list(files)
    for pattern in reversed([pattern for pattern in patterns if pattern.startswith("!")]):
        matches = compile_globs((pattern[1:],), dot=True).match
        found[pattern] = tuple([file for file in rest if matches(file[0])])
        rest = [file for file in rest if not matches(file[0])]
    return {**found, "": tuple(rest)}


def unmatched_patterns(files: Sequence[CodeFile], patterns: Sequence[str]) -> tuple[str, ...]:
    """The patterns that match no file at all: a folder's name without ``/**``, or a misspelling."""
    found = []
    for pattern in patterns:
        matches = compile_globs((pattern.removeprefix("!"),), dot=True).match
        if not any(matches(file[0]) for file in files):
            found.append(pattern)
    return tuple(found)


def named_outside(files: Sequence[CodeFile], patterns: Sequence[str], module: str) -> frozenset[str]:
    """Artifact paths of the ``files`` outside of ``module`` that one of a function's own ``patterns`` names.

    To name is to say the folder: ``shared/**`` names, ``**/*.py`` does not, or every module would get every
    other's files.
    """
    naming = tuple(p for p in patterns if not p.startswith("!") and literal_base(p))
    matches = compile_globs(naming, dot=True).match
    prefix = module.removesuffix("/") + "/"
    return frozenset(
        file.artifact_path for file in files if not file[0].startswith(prefix) and matches(file[0])
    )


def _is_under(path: str, left_out: frozenset[str]) -> bool:
    if not left_out or "node_modules/" not in path:
        return False
    while path:
        if path in left_out:
            return True
        path = path.rpartition("/")[0]
    return False
