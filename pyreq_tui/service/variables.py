"""The Framework's variables as text: ``${type(parameter):address, fallback}``, taken apart but not resolved.

What only looks like one (CloudFormation's ``${AWS::Region}``, a shell's ``${NAME}``) is left as text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from pyreq_tui.service.scalars import ScalarValue, read_scalar

_TYPE = re.compile(r"[a-zA-Z][\w.-]*(?=[:(])")
_LITERAL = re.compile(r"true|false|null|[-+.\d][\w.+-]*")
_DEEPEST = 20
"""Variables within variables; far above any real expression."""
_LONGEST = 20_000
"""Characters of a text that is searched for variables; longer ones are inline code or data."""


@dataclass(frozen=True)
class Source:
    """One place a variable looks: ``env:STAGE``, ``file(x.yml):key``."""

    type: str
    parameters: tuple[Template, ...]
    address: Template | None


@dataclass(frozen=True)
class Literal:
    """A fallback that stands in the expression itself: ``'dev'``, ``true``, ``12``."""

    value: ScalarValue


@dataclass(frozen=True)
class Mistake:
    """A fallback that can't be read, which matters only when it is needed."""

    text: str


@dataclass(frozen=True)
class Variable:
    """One expression, with its sources in the order to ask them."""

    expression: str
    sources: tuple[Source | Literal | Mistake | Variable, ...]


Template = tuple[str | Variable, ...]
"""Text and variables, in order."""


def has_variables(text: str) -> bool:
    """Whether ``text`` may hold a variable: cheap, and never wrong when it says no."""
    return "${" in text


def parse_template(text: str) -> Template:
    """``text`` as the texts and variables it is made of; ``\\${`` is text."""
    if not has_variables(text) or len(text) > _LONGEST:
        return (text,) if text else ()
    return _Parser(text).template()


class _NotAVariable(Exception):  # noqa: N818 - a finding of the parser, never an error of the user
    """What follows ``${`` is something else's syntax."""


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.index = 0
        self.depth = 0
        self.tried: dict[int, tuple[Variable, int] | None] = {}

    def template(self, stops: str = "") -> Template:
        """Text and variables up to one of the characters ``stops`` (or the end)."""
        parts: list[str | Variable] = []
        text = ""
        while self.index < len(self.text) and self.text[self.index] not in stops:
            if self.text.startswith("\\${", self.index):
                text += "${"
                self.index += 3
                continue
            variable = self.variable_here()
            if variable is not None:
                parts += [text, variable] if text else [variable]
                text = ""
                continue
            text += self.text[self.index]
            self.index += 1
        return (*parts, text) if text else tuple(parts)

    def variable_here(self) -> Variable | None:
        """The variable that starts here, which is then passed; remembered, so that no text is read twice."""
        start = self.index
        if not self.text.startswith("${", start):
            return None
        if start not in self.tried:
            self.depth += 1
            try:
                self.tried[start] = (self.variable(), self.index)
            except _NotAVariable:
                self.tried[start] = None
            self.depth -= 1
        found = self.tried[start]
        self.index = found[1] if found else start
        return found[0] if found else None

    def variable(self) -> Variable:
        start = self.index
        self.index += 2
        if self.depth > _DEEPEST:
            raise _NotAVariable
        sources: list[Source | Literal | Mistake | Variable] = [self.source()]
        while self.peek() == ",":
            self.index += 1
            sources.append(self.fallback())
        if self.peek() != "}":
            raise _NotAVariable
        self.index += 1
        return Variable(self.text[start : self.index], tuple(sources))

    def source(self) -> Source:
        match = _TYPE.match(self.text, self.index)
        if match is None:
            raise _NotAVariable
        self.index = match.end()
        parameters: tuple[Template, ...] = ()
        if self.peek() == "(":
            parameters = self.parameters()
        address = None
        if self.peek() == ":":
            self.index += 1
            if self.peek() == ":":
                raise _NotAVariable
            address = self.argument(",}")
        return Source(match[0], parameters, address or None)

    def parameters(self) -> tuple[Template, ...]:
        found = []
        while self.peek() != ")":
            self.index += 1
            found.append(self.argument(",)}"))
            if self.peek() not in {",", ")"}:
                raise _NotAVariable
        self.index += 1
        return tuple(found)

    def argument(self, stops: str) -> Template:
        """An address or a parameter: quoted, or text with variables, without the blanks around it."""
        self.skip_blanks()
        quoted = self.quoted()
        if quoted is not None:
            self.skip_blanks()
            return (quoted,) if quoted else ()
        parts = list(self.template(stops))
        if parts and isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip()
        return tuple(part for part in parts if part != "")

    def fallback(self) -> Source | Literal | Mistake | Variable:
        self.skip_blanks()
        quoted = self.quoted()
        if quoted is not None:
            self.skip_blanks()
            return Literal(quoted)
        variable = self.variable_here()
        if variable is not None:
            self.skip_blanks()
            return variable
        start = self.index
        if _TYPE.match(self.text, self.index):
            return self.source()
        if literal := _LITERAL.match(self.text, self.index):
            self.index = literal.end()
            self.skip_blanks()
            if self.peek() in {",", "}"}:
                return Literal(read_scalar(literal[0]))
        while self.index < len(self.text) and self.peek() not in {",", "}"}:
            self.index += 1
        return Mistake(self.text[start : self.index].strip())

    def quoted(self) -> str | None:
        quote = self.peek()
        if quote not in {"'", '"'}:
            return None
        pattern = r"'[^']*'" if quote == "'" else r'"(?:[^"\\]|\\.)*"'
        match = re.compile(pattern, re.DOTALL).match(self.text, self.index)
        if match is None:
            return None
        self.index = match.end()
        if quote == "'":
            return match[0][1:-1]
        try:
            return str(json.loads(match[0], strict=False))
        except ValueError:
            return match[0][1:-1]

    def peek(self) -> str:
        return self.text[self.index : self.index + 1]

    def skip_blanks(self) -> None:
        while self.peek() in {" ", "\t", "\n"}:
            self.index += 1
