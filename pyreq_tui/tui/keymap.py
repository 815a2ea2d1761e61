"""Keys by name: every binding has an id, by which a user's settings give it other keys."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.dom import DOMNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def known_ids() -> frozenset[str]:
    """The id of every binding of the screens and their widgets."""
    return frozenset(binding.id for node in _nodes() for binding in _own(node) if binding.id)


def problems(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """What can't be followed in ``keymap``, each a sentence."""
    if not keymap:
        return ()
    known = known_ids()
    unknown = [
        f"keymap: there is nothing called {name}.{_nearest(name, known)}"
        for name in keymap
        if name not in known
    ]
    return (*unknown, *(text for node in _nodes() for text in _clashes(keymap, _own(node))))


def _clashes(keymap: Mapping[str, str], bindings: list[Binding]) -> Iterator[str]:
    """Keys that two bindings of one place would have: the one that was given the key takes it."""
    for binding in bindings:
        for key in _keys(keymap.get(binding.id or "", "")):
            for other in bindings:
                if other.action != binding.action and key in _keys(keymap.get(other.id or "", other.key)):
                    yield f"keymap: {key} is given to {binding.id}, and {other.id} has it too."


def _keys(text: str) -> set[str]:
    return {key.strip() for key in text.split(",")} - {""}


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _nodes() -> Iterator[type[DOMNode]]:
    """The classes of all screens and widgets of ours; those not opened yet are imported for it."""
    import pyreq_tui.tui

    for module in walk_packages(pyreq_tui.tui.__path__, "pyreq_tui.tui."):
        import_module(module.name)
    return _ours(DOMNode)


def _ours(node: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for kind in node.__subclasses__():
        if kind.__module__.startswith("pyreq_tui."):
            yield kind
        yield from _ours(kind)


def _own(node: type[DOMNode]) -> list[Binding]:
    return [binding for binding in node.__dict__.get("BINDINGS", []) if isinstance(binding, Binding)]
