"""The steps of a build: state, progress and time of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from pyreq_tui.build import StepAdvanced, StepFinished, StepStarted
from pyreq_tui.sizes import format_size
from pyreq_tui.tui.text import FAINT, MUTED, bar, cut, megabytes, printable, seconds

if TYPE_CHECKING:
    from pyreq_tui.build import Event

State = Literal["waiting", "running", "done", "stopped", "spared"]
NAME_WIDTH = 13
BAR_WIDTH = 20
SHORTEST_BAR = 6
_SIGNS = {
    "waiting": ("·", FAINT),
    "running": ("▸", "$primary bold"),
    "done": ("✓", "$success"),
    "stopped": ("✗", "$error"),
    "spared": ("–", FAINT),
}


@dataclass(frozen=True)
class Step:
    """How far one step is."""

    name: str
    state: State = "waiting"
    done: int = 0
    total: int | None = None
    is_bytes: bool = False
    seconds: float = 0.0
    detail: str = ""
    started: float = 0.0
    """On the clock of the screen."""


EXPECTED = tuple(Step(name) for name in ("build wheels", "fetch", "write"))
"""What a build does, in order, shown before it begins."""


def advanced(steps: tuple[Step, ...], event: Event, now: float) -> tuple[Step, ...]:
    """``steps`` after ``event``; a step nobody expected joins where it begins."""
    if not isinstance(event, (StepStarted, StepAdvanced, StepFinished)):
        return steps
    if all(step.name != event.step for step in steps):
        begun = [step for step in steps if step.state != "waiting"]
        steps = (*begun, Step(event.step), *steps[len(begun) :])
    return tuple(_after(step, event, now) if step.name == event.step else step for step in steps)


def _after(step: Step, event: StepStarted | StepAdvanced | StepFinished, now: float) -> Step:
    match event:
        case StepStarted():
            return replace(
                step, state="running", total=event.total, is_bytes=event.unit == "bytes", started=now
            )
        case StepAdvanced():
            return replace(step, done=event.done, total=event.total or step.total)
        case StepFinished():
            return replace(step, state="done", seconds=event.seconds, detail=event.detail)


def stopped(steps: tuple[Step, ...], now: float) -> tuple[Step, ...]:
    """``steps`` after a failure or a cancel: what ran did not end."""
    return tuple(
        replace(step, state="stopped", seconds=now - step.started) if step.state == "running" else step
        for step in steps
    )


def finished(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """``steps`` of a build that is done: what never began was not needed."""
    return tuple(replace(step, state="spared") if step.state == "waiting" else step for step in steps)


class Steps(Widget):
    """One line for each step."""

    DEFAULT_CSS = """
    Steps { height: auto; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    steps: reactive[tuple[Step, ...]] = reactive(EXPECTED, layout=True)
    now: reactive[float] = reactive(0.0)
    """The clock of the screen, so that a running step's time moves."""

    def render(self) -> Content:
        return Content("\n").join(self._line(step) for step in self.steps)

    def _line(self, step: Step) -> Content:
        sign, role = _SIGNS[step.state]
        return Content.assemble(
            (f"{sign} ", role),
            (printable(step.name).ljust(NAME_WIDTH), MUTED if step.state in {"waiting", "spared"} else ""),
            (self._time(step).rjust(10) + "  ", MUTED),
            self._progress(step),
        )

    def _time(self, step: Step) -> str:
        if step.state == "running":
            return seconds(max(0.0, self.now - step.started))
        return seconds(step.seconds) if step.state in {"done", "stopped"} else ""

    def _progress(self, step: Step) -> Content:
        if step.state == "done":
            return Content(cut(printable(step.detail), max(8, self.content_size.width - NAME_WIDTH - 14)))
        if step.state == "spared":
            return Content.styled("not needed", MUTED)
        if step.state == "stopped":
            return Content.styled("stopped", "$error")
        if step.state != "running" or not step.total:
            return Content("")
        words = f" {_amount(step)}{self._pace(step)}"
        width = max(SHORTEST_BAR, min(BAR_WIDTH, self.content_size.width - NAME_WIDTH - 16 - len(words)))
        drawn = bar(step.done / step.total, width).ljust(width)
        return Content.assemble(("▕", FAINT), (drawn, "$primary"), ("▏", FAINT), words)

    def _pace(self, step: Step) -> str:
        """`` · 12.3 MB/s · 2.0 s left``, once there is something to tell it by."""
        elapsed = self.now - step.started
        if elapsed < 1 or not step.done or not step.total:
            return ""
        rate = f" · {format_size(round(step.done / elapsed))}/s" if step.is_bytes else ""
        return f"{rate} · {seconds(elapsed * (step.total - step.done) / step.done)} left"


def fraction_done(steps: tuple[Step, ...]) -> float:
    """How far a build is: steps that ended, and the part that is done of those that run."""
    parts = [
        step.done / step.total
        if step.state == "running" and step.total
        else float(step.state not in {"waiting", "running"})
        for step in steps
    ]
    return sum(parts) / len(parts) if parts else 0.0


def _amount(step: Step) -> str:
    total = step.total or 0
    if not step.is_bytes:
        return f"{step.done:,} of {total:,}"
    whole = format_size(total)
    done = megabytes(step.done) if whole.endswith(" MB") else format_size(step.done)
    return f"{done} of {whole}"
