"""Asks setup's questions in plain lines: for terminals that draw no screens, and for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyreq_tui.cli.messages import say
from pyreq_tui.sizes import format_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyreq_tui.service import Service
    from pyreq_tui.setup import Choice, Estimate, Journey, Step


def ask_all(journey: Journey, estimate: Callable[[Service], Estimate | None]) -> Journey:
    """Every question, one after the other; going back is allowed. Raises click.Abort to leave."""
    while not journey.is_over:
        if journey.awaited is not None:
            journey = journey.estimated(journey.awaited, estimate(journey.awaited))
        elif journey.step is not None:
            journey = _asked(journey, journey.step)
    return journey


def _asked(journey: Journey, step: Step) -> Journey:
    for line in step_lines(step, journey.chosen, f"{journey.at + 1} of {len(journey.course.steps)}"):
        say(line)
    what = "numbers, 0 for none" if step.takes_several else "a number"
    while True:
        typed = click.prompt(
            f"{what}; enter takes what is marked; s skips, b goes back, q leaves",
            default="",
            show_default=False,
            err=True,
        )
        match typed.strip().lower():
            case "":
                return journey.onward()
            case "b":
                return journey.back()
            case "s":
                return journey.skipped()
            case "q":
                raise click.Abort
            case numbers if (chosen := _read(numbers, step)) is not None:
                return journey.answered(chosen).onward()
        say(f"Type {what}, from 1 to {len(step.choices)}.")


def step_lines(step: Step, chosen: frozenset[str], place: str) -> list[str]:
    """A step as text: what was found, then the choices with their numbers."""
    lines = ["", f"{place}  {step.title}", f"  {step.found}"]
    for number, choice in enumerate(step.choices, 1):
        lines.append(f"  {number:>2} {'[x]' if choice.key in chosen else '[ ]'} {_line(choice)}")
    return lines


def _line(choice: Choice) -> str:
    change = ""
    if choice.change_bytes is not None:
        change = f"  {'' if choice.is_exact else 'about '}{format_change(choice.change_bytes)}"
    return f"{choice.title}{change}  ({choice.reason})"


def _read(typed: str, step: Step) -> frozenset[str] | None:
    """The choices with these numbers; ``None`` where it is not that."""
    words = typed.replace(",", " ").split()
    if step.takes_several and words == ["0"]:
        return frozenset()
    numbers = [int(word) for word in words if word.isdecimal() and 1 <= int(word) <= len(step.choices)]
    if len(numbers) != len(words) or (len(numbers) > 1 and not step.takes_several):
        return None
    return frozenset(step.choices[number - 1].key for number in numbers)
