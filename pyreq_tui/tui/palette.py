"""The commands of the palette: everything the keys do here and now, and why some of it can't be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.app import App
    from textual.binding import ActiveBinding
    from textual.dom import DOMNode
    from textual.screen import Screen


@runtime_checkable
class Explains(Protocol):
    """A node that can say why an action is not possible now."""

    def why_not(self, action: str) -> str:
        """Completes "not now: …"; empty where there is nothing to say."""


@dataclass(frozen=True)
class Command:
    """One line of the palette."""

    title: str
    help: str
    node: DOMNode
    action: str
    is_possible: bool


def commands(app: App[None], screen: Screen[object]) -> Iterator[Command]:
    """What the keys do on ``screen``, as the focus stands; what is possible first."""
    found = list(_commands(app, screen.active_bindings.values()))
    yield from (command for command in found if command.is_possible)
    yield from (command for command in found if not command.is_possible)


def _commands(app: App[None], active_bindings: Iterable[ActiveBinding]) -> Iterator[Command]:
    seen = set()
    for active in active_bindings:
        binding = active.binding
        if binding.id is None or not binding.tooltip or binding.action in seen:
            continue  # moving about, and what has nothing to say for itself
        seen.add(binding.action)
        key = app.get_key_display(binding)
        if active.enabled:
            yield Command(
                binding.description, f"{binding.tooltip} ({key})", active.node, binding.action, True
            )
        else:
            node = active.node
            reason = node.why_not(binding.action) if isinstance(node, Explains) else ""
            reason = reason or "not possible here and now"
            yield Command(binding.description, f"not now: {reason} ({key})", node, binding.action, False)
