"""``hjkl`` are the arrows wherever nothing else is bound to them."""

from __future__ import annotations

from textual.binding import Binding

MOVES = tuple(
    Binding(key, f"app.simulate_key('{arrow}')", show=False, id=f"move.{arrow}")
    for key, arrow in zip("hjkl", ("left", "down", "up", "right"), strict=True)
)
"""For the app and for dialogs: a field that is typed into takes letters first."""
