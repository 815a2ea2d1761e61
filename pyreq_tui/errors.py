"""What goes wrong and what is worth knowing, each with its place and its way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Severity = Literal["error", "warning", "info"]
"""How much a Finding matters: an error stops a deploy, a warning may, an info never does."""


@dataclass(frozen=True)
class Where:
    """A place in a file the user can open. Lines and columns count from 1."""

    file: Path
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else str(self.file)


class PyreqError(Exception):
    """An error the user can cause and mend: what happened, where, and what to do.

    ``exit_status`` is the command line's (2: the input is wrong, 3: a tool or the build failed).
    """

    exit_status = 2

    def __init__(self, message: str, *, hint: str | None = None, where: Where | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        return "\n".join(str(part) for part in (self.message, self.where, self.hint) if part)


class BuildError(PyreqError):
    """A tool, the network or the disk failed, though the input was well-formed."""

    exit_status = 3


class Cancelled(Exception):  # noqa: N818 - not an error: the user asked for it
    """The user cancelled; everything unfinished has been removed."""

    exit_status = 130


@dataclass(frozen=True)
class OptionChange:
    """One edit of an option: ``value`` as YAML would read it, or the key removed where ``is_unset``."""

    key: str
    value: object = None
    is_unset: bool = False


@dataclass(frozen=True)
class ValueChange:
    """One edit of any value: ``value`` as YAML would read it, or the key removed where ``is_unset``.

    ``path`` holds the keys from the top of serverless.yml, whatever file they lead to; the index for a list.
    """

    path: tuple[str, ...]
    value: object = None
    is_unset: bool = False


@dataclass(frozen=True)
class ItemChange:
    """One item put at the end of the list under ``path``, or taken out of it where ``is_removed``."""

    path: tuple[str, ...]
    item: object
    is_removed: bool = False


@dataclass(frozen=True)
class KeyChange:
    """The last key of ``path`` written ``name``; its value and its place stay."""

    path: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class FileChange:
    """One edit of a file of the user's own: ``rewrite`` makes the text after of the text before.

    It is pure, and leaves alone a text that says so already. Raises PyreqError where it can't.
    """

    file: Path
    summary: str
    """What it does, for people: ``put the import at the top``."""
    rewrite: Callable[[str], str]


Change = OptionChange | ValueChange | ItemChange | KeyChange | FileChange
"""One edit of a fix: of an option, of anything else in serverless.yml, of another file."""


@dataclass(frozen=True)
class Finding:
    """Something a person should know before deploying.

    ``code`` is stable and kebab-case; ``package`` names the culprit; ``fix`` holds the edits that would
    mend it, together or not at all; it is empty where there is no mechanical fix.
    """

    severity: Severity
    code: str
    message: str
    where: Where | None = None
    hint: str | None = None
    package: str | None = None
    fix: tuple[Change, ...] = ()
