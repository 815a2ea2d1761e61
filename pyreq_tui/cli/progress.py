"""Shows the engine's events on stderr: bars on a terminal, plain lines without one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyreq_tui.build import (
    ArtifactWritten,
    Event,
    LineLogged,
    StepAdvanced,
    StepFinished,
    StepStarted,
)
from pyreq_tui.cli.messages import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Report, StepName


@contextmanager
def reporter(*, quiet: bool, verbose: bool, color: bool, on_terminal: bool) -> Iterator[Report]:
    """What takes events while a command works."""
    if quiet:
        yield lambda _event: None
    elif on_terminal:
        with _bars(verbose=verbose, color=color) as report:
            yield report
    else:
        yield lambda event: _say_line(event, verbose=verbose)


def _say_line(event: Event, *, verbose: bool) -> None:
    for line in _lines(event, verbose=verbose):
        say(line)


def _lines(event: Event, *, verbose: bool) -> list[str]:
    match event:
        case StepFinished(step, seconds, detail):
            return [f"{step}: {detail or 'done'} ({seconds:.1f} s)"]
        case LineLogged(_, text) if verbose:
            return [f"  {text}"]
        case ArtifactWritten(_, path, _, is_unchanged):
            return [f"{path}{' (unchanged)' if is_unchanged else ''}"]
        case _:
            return []


@contextmanager
def _bars(*, verbose: bool, color: bool) -> Iterator[Report]:
    # Imported here, for Rich takes longer to import than most commands without a terminal take to run.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskID,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True, no_color=True if not color else None, highlight=False)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as progress:
        tasks: dict[StepName, TaskID] = {}

        def report(event: Event) -> None:
            match event:
                case StepStarted(step, total):
                    tasks[step] = progress.add_task(step, total=total)
                case StepAdvanced(step, done, total) if step in tasks:
                    progress.update(tasks[step], completed=done, total=total)
                case StepFinished(step) if step in tasks:
                    progress.remove_task(tasks.pop(step))
            for line in _lines(event, verbose=verbose):
                console.print(line, markup=False, soft_wrap=True)

        yield report
