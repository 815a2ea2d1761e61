"""Reads typed values out of a configuration and collects what is worth saying about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyreq_tui.errors import Finding, Severity
from pyreq_tui.service.nodes import Mapping, Opaque, Scalar, Sequence
from pyreq_tui.service.scalars import javascript_text
from pyreq_tui.service.values import shown

if TYPE_CHECKING:
    from pyreq_tui.service.configuration import Configuration
    from pyreq_tui.service.places import Place


@dataclass
class Reading:
    """One pass over a configuration."""

    configuration: Configuration
    problems: list[Finding] = field(default_factory=list)

    def below(self, place: Place | None, *keys: str) -> Place | None:
        """What stands under ``keys`` below ``place``, resolved."""
        return self.configuration.below(place, *keys) if place is not None else None

    def text(
        self, place: Place | None, *keys: str, what: str | None = None, severity: Severity = "error"
    ) -> str | None:
        """A text; ``None`` where there is none, or where it can't be known (which becomes a problem).

        ``what`` names it in messages, where its keys alone don't.
        """
        found = self.below(place, *keys)
        what = what or ".".join(keys)
        if found is None:
            return None
        if isinstance(found.node, Opaque):
            self.report_unknown(found, what, severity)
            return None
        if isinstance(found.node, Scalar):
            return javascript_text(found.node.value)
        self.report_type(found, what, "text")
        return None

    def truth(self, place: Place | None, *keys: str) -> bool:
        """A boolean; false where there is none. The strings ``true`` and ``false`` count."""
        found = self.below(place, *keys)
        if found is None:
            return False
        if isinstance(found.node, Opaque):
            self.report_unknown(found, ".".join(keys), "error")
            return False
        if not isinstance(found.scalar, bool | str) or str(found.scalar).lower() not in {"true", "false"}:
            self.report_type(found, ".".join(keys), "true or false")
            return False
        return str(found.scalar).lower() == "true"

    def texts(self, place: Place | None, *keys: str) -> tuple[str, ...]:
        """A list of texts; one text counts as a list of one."""
        found = self.below(place, *keys)
        if found is None:
            return ()
        if isinstance(found.node, Opaque):
            self.report_unknown(found, ".".join(keys), "error")
            return ()
        if isinstance(found.node, Mapping):
            self.report_type(found, ".".join(keys), "a list")
            return ()
        if isinstance(found.node, Scalar):
            return (javascript_text(found.node.value),)
        texts: list[str] = []
        for element in found.elements():
            item = self.configuration.resolve(element)
            if isinstance(item.node, Opaque):
                self.report_unknown(item, f"an item of {'.'.join(keys)}", "error")
            elif isinstance(item.node, Sequence):
                texts += self.texts(item)
            elif isinstance(item.node, Scalar) and item.node.value is not None:
                texts.append(javascript_text(item.node.value))
            else:
                self.report_type(item, f"An item of {'.'.join(keys)}", "text")
        return tuple(texts)

    def report(self, finding: Finding) -> None:
        """Add a problem, once."""
        if finding not in self.problems:
            self.problems.append(finding)

    def report_unknown(self, place: Place, what: str, severity: Severity) -> None:
        """Say that packaging needs a value that nobody can know here."""
        opaque = place.node
        if isinstance(opaque, Opaque):
            message = f"{what} can't be known here: {opaque.expression}: {opaque.reason}."
            self.report(Finding(severity, "unresolved-variable", message, place.where, opaque.hint))

    def report_type(self, place: Place, what: str, expected: str) -> None:
        """Say that a value is of the wrong type, and ignored."""
        given = shown(place.scalar)
        if isinstance(place.node, Mapping | Sequence):
            given = "a map" if isinstance(place.node, Mapping) else "a list"
        message = f"{what} must be {expected}, not {given}; it is ignored."
        self.report(Finding("error", "wrong-type", message, place.where))
