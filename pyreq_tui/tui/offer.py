"""What may be saved: each changed option and the hand-over; and the command that saves the same."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import OptionChange
from pyreq_tui.service import CONFIG_NAMES, HANDOVER_FOLDER, render_flow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.opening import Opening
    from pyreq_tui.service import Service

HANDOVER = "package.artifact"
"""The key that stands for the hand-over among those of options."""


@dataclass(frozen=True, eq=False)
class Offer:
    """Frozen: every choice makes a new one."""

    service: Service
    """As the file has it."""
    changes: Mapping[str, object]
    """Options changed and not saved."""
    chosen: frozenset[str]
    """Keys of what is to be saved; HANDOVER among them turns the hand-over round."""

    @property
    def rows(self) -> Mapping[str, str]:
        """By key, in order: what is offered, as a person reads it."""
        rows = {change.key: _row(change) for change in map(_change, self.changes, self.changes.values())}
        hand_over = f"hand over: serverless deploy takes what is built, in {HANDOVER_FOLDER}/"
        take_back = "take back: the Framework packages by itself again"
        return {**rows, HANDOVER: take_back if self.service.is_handed_over else hand_over}

    @property
    def option_changes(self) -> tuple[OptionChange, ...]:
        """The edits of options that were chosen; what was emptied is taken out of the file."""
        return tuple(_change(key, value) for key, value in self.changes.items() if key in self.chosen)

    @property
    def hands_over(self) -> bool | None:
        """Whether artifacts are to be handed over; ``None`` leaves it as it is."""
        return not self.service.is_handed_over if HANDOVER in self.chosen else None

    def toggled(self, key: str) -> Offer:
        """One more, or one less, is chosen."""
        return replace(self, chosen=self.chosen ^ {key})

    def command(self, opening: Opening) -> str:
        """What saves the same from the command line, ready for a shell."""
        name = self.service.config_file.name
        target = [] if Path.cwd() == self.service.root else [str(self.service.root)]
        target += ["--config", name] if name not in CONFIG_NAMES else []
        target += ["--stage", opening.stage] if opening.stage else []
        for key, value in opening.params.items():
            target += ["--param", f"{key}={value}"]
        commands = []
        if self.option_changes:
            words = [word for change in self.option_changes for word in _words(change)]
            commands.append(["pyreq-tui", "config", *target, *words, "--write"])
        if self.hands_over is not None:
            flag = "--use-artifacts" if self.hands_over else "--no-use-artifacts"
            commands.append(["pyreq-tui", "config", *target, flag, "--write"])
        return " && ".join(map(shlex.join, commands))


def _change(key: str, value: object) -> OptionChange:
    return OptionChange(key, is_unset=True) if value in ("", []) else OptionChange(key, value)


def _row(change: OptionChange) -> str:
    return f"{change.key} taken out" if change.is_unset else f"{change.key}: {render_flow(change.value)}"


def _words(change: OptionChange) -> list[str]:
    if change.is_unset:
        return ["--unset", change.key]
    text = render_flow(change.value)
    if "'" in text:  # which a shell can only have in pieces
        text = render_flow(change.value, style="double")
    return ["--set", f"{change.key}={text}"]
