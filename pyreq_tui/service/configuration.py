"""The configuration as the Framework would see it: files, aliases and variables followed when asked for.

Nothing is resolved before it is needed, so a variable that only a deployment can resolve is no obstacle where
packaging does not depend on it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError
from pyreq_tui.service.document import Document, parse_document, read_text
from pyreq_tui.service.dotenv import read_dotenv
from pyreq_tui.service.nodes import Alias, Mapping, Opaque, Scalar, Sequence
from pyreq_tui.service.places import Place, boolean, computed, missing, unknown
from pyreq_tui.service.scalars import javascript_text
from pyreq_tui.service.variables import (
    Literal,
    Mistake,
    Source,
    Template,
    Variable,
    has_variables,
    parse_template,
)

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf

DEFAULT_STAGE = "dev"
_LONGEST_VALUE = 100_000
"""Characters a value put together from variables may have: a chain of doubling ones stops here."""
_MOST_PARTS = 20_000
"""Values one option or function may have once its aliases are followed: an alias bomb stops here."""
_DEEPEST = 50
"""Variables that lead to variables, and levels of one value; far above any real file."""
_PARSED = frozenset({".yml", ".yaml", ".json"})
_CODE = frozenset({".js", ".cjs", ".mjs", ".ts", ".py"})


@dataclass(frozen=True)
class Inputs:
    """What is given from outside the file."""

    stage: str | None = None
    params: MappingOf[str, str] = field(default_factory=dict)
    environ: MappingOf[str, str] = field(default_factory=dict, repr=False)


class Configuration:
    """One service's configuration file and everything it includes."""

    def __init__(self, path: Path, inputs: Inputs, texts: MappingOf[Path, str] | None = None) -> None:
        """Read ``path``; ``texts`` stand for files as they would be. Raises PyreqError."""
        self.path = path
        self.inputs = inputs
        self._texts = dict(texts or {})
        self._documents: dict[Path, Document] = {}
        self._resolved: dict[int, Place] = {}
        self._open: list[Place] = []
        self._depth = 0
        self._environ: MappingOf[str, str] | None = None
        document = self.document(path)
        self.root = Place(document, document.root)
        self.root = self.resolve(self.root)

    def find(self, *keys: str) -> Place | None:
        """What stands under ``keys``, resolved; ``None`` where nothing does."""
        return self.below(self.root, *keys)

    def below(self, place: Place, *keys: str) -> Place | None:
        """What stands under ``keys`` below ``place``, resolved; an Opaque on the way is the answer."""
        here = self.resolve(place)
        for key in keys:
            if isinstance(here.node, Opaque):
                return here
            child = here.child(key)
            if child is None:
                return None
            here = self.resolve(child)
        is_null = isinstance(here.node, Scalar) and here.node.value is None
        return None if is_null else here

    def plain(self, place: Place) -> object:
        """The value as Python has it, everything resolved; what can't be known is its Opaque."""
        return _Plain(self, place).value(place, 0)

    def resolve(self, place: Place) -> Place:
        """Where aliases, and a variable that is the whole value, lead; text with variables is put together.

        The node of the answer is a map, a list, a scalar without variables, or an Opaque. Raises PyreqError
        for variables that lead to themselves and for included files that can't be parsed.
        """
        node = place.node.target if isinstance(place.node, Alias) else place.node
        here = Place(place.document, node)
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or node.style == "computed":
            return here
        if not has_variables(node.value):
            return here
        if id(node) not in self._resolved:
            self._check_circle(here)
            self._open.append(here)
            try:
                self._resolved[id(node)] = self._fill(parse_template(node.value), here)
            finally:
                self._open.pop()
        return self._resolved[id(node)]

    def _check_circle(self, here: Place) -> None:
        if any(open_.node is here.node for open_ in self._open):
            chain = " → ".join(str(open_.where.line) for open_ in [*self._open[-4:], here])
            raise PyreqError(
                f"This variable leads back to itself (lines {chain}).",
                where=here.where,
                hint="Give one of the variables on the way a value of its own.",
            )

    def stage(self) -> str:
        """The stage given, the provider's, or ``dev``."""
        if self.inputs.stage:
            return self.inputs.stage
        provider = self.root.child("provider")
        stage = self.resolve(provider).child("stage") if provider else None
        if stage is None or any(open_.node is stage.node for open_ in self._open):
            return DEFAULT_STAGE
        value = self.resolve(stage).scalar
        return DEFAULT_STAGE if value is None else javascript_text(value)

    def _fill(self, template: Template, place: Place) -> Place:
        if len(template) == 1 and isinstance(template[0], Variable):
            return self._value(template[0], place)
        texts = []
        for part in template:
            if isinstance(part, str):
                texts.append(part)
                continue
            found = self._value(part, place)
            if isinstance(found.node, Opaque):
                return found
            if not isinstance(found.node, Scalar):
                return unknown(place, part, "it is a list or a map inside a text")
            texts.append(javascript_text(found.node.value))
        text = "".join(texts)
        if len(text) > _LONGEST_VALUE:
            raise PyreqError("This value grows too long once its variables are put in.", where=place.where)
        return computed(place, text)

    def _value(self, variable: Variable, place: Place) -> Place:
        if self._depth >= _DEEPEST:
            raise PyreqError(f"Variables lead on more than {_DEEPEST} times here.", where=place.where)
        self._depth += 1
        try:
            return self._first_value(variable, place)
        finally:
            self._depth -= 1

    def _first_value(self, variable: Variable, place: Place) -> Place:
        answer = missing(place, variable, "its value is empty")
        for source in variable.sources:
            match source:
                case Literal(value=value):
                    return computed(place, value)
                case Mistake(text=text):
                    return unknown(place, variable, f"its default {text!r} needs quotes", f"Write '{text}'.")
                case Variable():
                    found = self._value(source, place)
                case Source():
                    found = self._ask(source, variable, place)
            if isinstance(found.node, Opaque) and found.node.is_missing:
                answer = found
            elif not isinstance(found.node, Scalar) or found.node.value is not None:
                return found
        return answer

    def _ask(self, source: Source, variable: Variable, place: Place) -> Place:
        texts = []
        for template in (*source.parameters, source.address or ()):
            filled = self._fill(template, place)
            if isinstance(filled.node, Opaque):
                return filled
            texts.append("" if filled.scalar is None else javascript_text(filled.scalar))
        address, first = texts[-1], texts[0] if source.parameters else ""
        match source.type:
            case "self":
                found = self.find(*address.split(".")) if address else self.root
                if found is None and address == "provider.stage":
                    return computed(place, self.stage())
                return found or missing(place, variable, f"there is no {address} in {self.path.name}")
            case "file":
                return self._from_file(first, address, variable, place)
            case "env":
                reason = f"the environment variable {address} is not set"
                return _given(self._environment().get(address), variable, place, reason)
            case "opt":
                return self._from_options(address, variable, place)
            case "param":
                return self._from_params(address, variable, place)
            case "sls" if address == "stage":
                return computed(place, self.stage())
            case "strToBool":
                return boolean(place, variable, first)
        return unknown(place, variable, f"only a deployment knows {source.type} values")

    def _from_file(self, name: str, address: str, variable: Variable, place: Place) -> Place:
        relative = Path.home() / name[2:] if name.startswith("~/") else Path(name)
        path = Path(os.path.normpath(self.path.parent / relative))
        if path.suffix in _CODE:
            return unknown(place, variable, f"{path.name} is code, which pyreq-tui does not run")
        if path.suffix not in _PARSED:
            return unknown(place, variable, f"{path.name} is neither YAML nor JSON")
        if path not in self._texts and not path.is_file():
            return missing(place, variable, f"{name} does not exist")
        document = self.document(path)
        found = self.below(Place(document, document.root), *(address.split(".") if address else ()))
        return found or missing(
            place, variable, f"there is no {address} in {name}" if address else f"{name} is empty"
        )

    def _from_options(self, name: str, variable: Variable, place: Place) -> Place:
        is_stage = name in {"stage", "s"}
        hint = "Pass --stage." if is_stage else f"Give it a default: ${{opt:{name}, 'value'}}."
        value = self.inputs.stage if is_stage else None
        return _given(value, variable, place, f"the option --{name} is not given", hint)

    def _from_params(self, name: str, variable: Variable, place: Place) -> Place:
        if name in self.inputs.params:
            return computed(place, self.inputs.params[name])
        stage = self.stage()
        for keys in (
            ("stages", stage, "params", name),
            ("params", stage, name),
            ("stages", "default", "params", name),
            ("params", "default", name),
        ):
            found = self.find(*keys)
            if found is not None:
                return found
        return missing(place, variable, f"there is no parameter {name}", f"Pass --param {name}=VALUE.")

    def _environment(self) -> MappingOf[str, str]:
        if self._environ is None:
            self._environ = self.inputs.environ
            use = self.root.child("useDotenv")
            if use is not None and use.scalar is True:
                self._environ = {**read_dotenv(self.path.parent, self.stage()), **self.inputs.environ}
        return self._environ

    def document(self, path: Path) -> Document:
        """One of the files, read once. Raises PyreqError."""
        if path not in self._documents:
            text = self._texts[path] if path in self._texts else read_text(path)
            self._documents[path] = parse_document(path, text)
        return self._documents[path]


def _given(
    value: str | None, variable: Variable, place: Place, reason: str, hint: str | None = None
) -> Place:
    return missing(place, variable, reason, hint) if value is None else computed(place, value)


@dataclass
class _Plain:
    """Turns one place into plain values, counting them."""

    configuration: Configuration
    start: Place
    count: int = 0

    def value(self, place: Place, depth: int) -> object:
        self.count += 1
        if self.count > _MOST_PARTS or depth > _DEEPEST:
            raise PyreqError(
                "This value never ends, or is too large, once its aliases and variables are followed.",
                where=self.start.where,
            )
        here = self.configuration.resolve(place)
        match here.node:
            case Mapping():
                return {name: self.value(child, depth + 1) for name, child in here.entries().items()}
            case Sequence():
                return [self.value(child, depth + 1) for child in here.elements()]
            case Scalar(value=value):
                return value
        return here.node
