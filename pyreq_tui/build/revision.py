"""A folder as a git revision has it, in a copy: the user's files, index and hooks stay out of it."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError
from pyreq_tui.processes import ProcessError, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyreq_tui.processes import Cancel


@contextmanager
def folder_at(folder: Path, revision: str, cancel: Cancel) -> Iterator[Path]:
    """``folder`` as it is at ``revision`` (a branch, a tag, a commit), until the context is left.

    The whole repository is written, for a service may ship files from beside it; submodules are left empty.
    Raises PyreqError where there is no repository, no such revision, or no such folder in it; BuildError
    where git is missing or fails.
    """
    top = _git("rev-parse", "--show-toplevel", at=folder, cancel=cancel)
    if top is None:
        raise PyreqError(
            f"{folder} is in no git repository.", hint="Compare with last or stage:NAME instead."
        )
    root = Path(top)
    commit = _git(
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"{revision}^{{commit}}",
        at=root,
        cancel=cancel,
    )
    if commit is None:
        raise PyreqError(
            f"There is no branch, tag or commit {revision!r} in {root}.",
            hint="`git branch --all` lists the branches; `git fetch` brings those of others.",
        )
    with tempfile.TemporaryDirectory(prefix="pyreq-revision-") as place:
        copy = Path(place) / root.name
        _write(root, commit, copy, Path(place) / "index", cancel)
        # What may ship ends at the repository: without this mark the copy would end at the service.
        (copy / ".git").mkdir()
        within = copy / folder.resolve().relative_to(root.resolve())
        if not within.is_dir():
            raise PyreqError(f"{revision} has no folder {within.relative_to(copy)}.")
        yield within


def _write(root: Path, commit: str, copy: Path, index: Path, cancel: Cancel) -> None:
    """Write all files of a commit, by way of an index of its own."""
    environment = {**_environment(), "GIT_INDEX_FILE": str(index)}
    copy.mkdir()
    for command in (
        ("read-tree", commit),
        ("checkout-index", "--all", "--quiet", f"--prefix={copy}{os.sep}"),
    ):
        run(_command(*command, at=root), env=environment, cancel=cancel)


def _git(*arguments: str, at: Path, cancel: Cancel) -> str | None:
    """What git answers; ``None`` where it says no."""
    try:
        return run(_command(*arguments, at=at), env=_environment(), cancel=cancel).strip()
    except ProcessError:
        return None


def _command(*arguments: str, at: Path) -> list[str]:
    return ["git", "-C", str(at), "-c", f"core.hooksPath={os.devnull}", *arguments]


def _environment() -> Mapping[str, str]:
    """Ours, without what a hook of git's may have been started with: that names another index and folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
