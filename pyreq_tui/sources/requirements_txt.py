"""A requirements file with everything it refers to, read as pip reads it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import Finding, PyreqError, Where
from pyreq_tui.redact import redact
from pyreq_tui.sources.arguments import BadArguments, parse_arguments
from pyreq_tui.sources.lines import SHORTEST_SECRET, LogicalLine, decode, logical_lines, variables
from pyreq_tui.sources.lockfile import conflict
from pyreq_tui.sources.model import Requirement, Requirements, Source
from pyreq_tui.sources.requirement import file_path, is_url, parse_requirement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SIZE_LIMIT_BYTES = 16 * 2**20
"""No requirements file is this large; something else was named."""
FILES_LIMIT = 500
"""Files that refer to each other can multiply without end, though none of them is a cycle."""
_SHOWN_LENGTH = 300
"""Of a line that can't be read, in characters."""


def read_requirements(source: Source, environment: Mapping[str, str] | None = None) -> Requirements:
    """Read the manifest of ``source`` and every file it names with ``-r`` and ``-c``.

    ``environment`` fills in ``${NAME}`` (default: the process's). Raises PyreqError, with file and line.
    """
    if source.manifest is None:
        raise PyreqError(f"There is no requirements file for module {source.module}.")
    reading = _Reading(source, os.environ if environment is None else environment)
    reading.read(source.manifest, (), is_constraint=False)
    return Requirements(
        source=source,
        requirements=tuple(reading.requirements),
        constraints=tuple(reading.constraints),
        options=tuple(reading.options),
        files=tuple(dict.fromkeys(reading.files)),
        problems=tuple(reading.problems),
        secrets=tuple(sorted(reading.secrets)),
    )


@dataclass
class _Reading:
    """What has been read so far; files refer to each other, so it grows as they are walked."""

    source: Source
    environment: Mapping[str, str]
    requirements: list[Requirement] = field(default_factory=list)
    constraints: list[Requirement] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    def read(
        self, file: Path, parents: tuple[Path, ...], *, is_constraint: bool, named: Where | None = None
    ) -> None:
        file = Path(os.path.normpath(file))
        if file in parents:
            way = " → ".join(path.name for path in (*parents[parents.index(file) :], file))
            raise PyreqError(f"Requirements files refer to each other in a circle: {way}.", where=named)
        if len(self.files) >= FILES_LIMIT:
            raise PyreqError(f"More than {FILES_LIMIT} requirements files refer to each other.", where=named)
        self.files.append(file)
        text = decode(_bytes(file, named), file)
        if found := conflict(file, text):
            raise found
        for line in logical_lines(text, self.environment):
            self._take(line, file, (*parents, file), is_constraint=is_constraint)

    def _take(self, line: LogicalLine, file: Path, parents: tuple[Path, ...], *, is_constraint: bool) -> None:
        values = (self.environment.get(name, "") for name in variables(line.written))
        self.secrets.update(value for value in values if len(value) >= SHORTEST_SECRET)
        where = Where(file, line.number)
        try:
            said = parse_arguments(line.text)
            text = said.requirement or said.editable
            if text:
                (self.constraints if is_constraint else self.requirements).append(
                    parse_requirement(
                        text,
                        bases=self._bases(file),
                        where=where,
                        is_editable=not said.requirement,
                        hashes=said.hashes,
                        config_settings=said.config_settings,
                    )
                )
        except BadArguments as error:
            raise self._refusal(line, file, error) from error
        if text:
            ignored = (*said.settings, *(name for _, name in said.nested), *said.leftovers)
        elif said.nested:
            ignored = (*(name for _, name in said.nested[1:]), *said.settings, *said.leftovers)
            option, name = said.nested[0]
            nested = _nested(name, file, where)
            self.read(nested, parents, is_constraint=option == "--constraint", named=where)
        else:
            ignored = (*said.hashes, *said.leftovers)
            self.options += _settled(said.settings, file)
        if ignored:
            self.problems.append(_ignored(self._hidden(" ".join(ignored)), where))

    def _bases(self, file: Path) -> tuple[Path, ...]:
        """Where relative paths start: in pip where it runs, the service's root; here beside the file, too."""
        return self.source.root, file.parent

    def _refusal(self, line: LogicalLine, file: Path, error: BadArguments) -> PyreqError:
        """The line as it is written, with the character that is wrong; values of variables are not shown."""
        offset = line.written.find(error.culprit) if error.culprit else -1
        shown = self._hidden(line.written)
        is_in_sight = 0 <= offset < _SHOWN_LENGTH and shown == line.written
        caret = f"\n    {' ' * offset}^" if is_in_sight else ""
        shown = shown if len(shown) <= _SHOWN_LENGTH else f"{shown[:_SHOWN_LENGTH]}…"
        column = line.column + offset if line.column and offset >= 0 else None
        return PyreqError(
            f"{file.name} holds a line that can't be read: {self._hidden(str(error))}.\n    {shown}{caret}",
            where=Where(file, line.number, column),
        )

    def _hidden(self, text: str) -> str:
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return redact(text)


def _bytes(file: Path, named: Where | None) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(SIZE_LIMIT_BYTES + 1)
    except OSError as error:
        raise PyreqError(f"{file} can't be read: {error.strerror}.", where=named) from error
    if len(data) > SIZE_LIMIT_BYTES:
        raise PyreqError(f"{file} is too large for a requirements file.", where=named)
    return data


def _nested(name: str, file: Path, where: Where) -> Path:
    """The file an ``-r`` or ``-c`` means, relative to the file it stands in."""
    if not is_url(name):
        return file.parent / name
    if path := file_path(name):
        return path
    raise PyreqError(
        f"{redact(name)} is on the network; requirements are read from files only.",
        hint="Download it into the project and refer to the copy.",
        where=where,
    )


def _settled(settings: Sequence[str], file: Path) -> list[str]:
    """Options with ``--find-links`` made absolute: relative to the file where that exists, as pip does."""
    settled = list(settings)
    for index, item in enumerate(settings[:-1]):
        if item == "--find-links" and not is_url(settings[index + 1]):
            beside = file.parent / settings[index + 1]
            settled[index + 1] = str(
                beside.resolve() if beside.exists() else Path(settings[index + 1]).absolute()
            )
    return settled


def _ignored(what: str, where: Where) -> Finding:
    return Finding(
        severity="warning",
        code="requirement-options-ignored",
        message=f"Part of this line has no effect, in pip neither{f': {what}' if what else ''}.",
        where=where,
        hint="Give every option a line of its own.",
    )
