"""What an estimate is compared with: the last build, another stage, another branch."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pyreq_tui.build.comparison import ArtifactChange, Sizes, compare_sizes, only_those_of, sizes_of
from pyreq_tui.build.materials import cache_folder, gather
from pyreq_tui.build.plan import plan
from pyreq_tui.build.records import load_record, record_path
from pyreq_tui.build.revision import folder_at
from pyreq_tui.errors import BuildError, PyreqError
from pyreq_tui.service import load_service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreq_tui.build.events import Report
    from pyreq_tui.build.model import Plan
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service


@dataclass(frozen=True)
class Baseline:
    """What to compare with."""

    kind: Literal["last", "stage", "branch"]
    name: str = ""
    """Of the stage or branch."""

    @property
    def title(self) -> str:
        """``the last build``, ``stage prod``, ``branch main``."""
        return "the last build" if self.kind == "last" else f"{self.kind} {self.name}"

    def __str__(self) -> str:
        return "last" if self.kind == "last" else f"{self.kind}:{self.name}"


def read_baseline(text: str) -> Baseline:
    """``last``, ``stage:NAME`` or ``branch:NAME`` (any revision that git knows). Raises PyreqError."""
    kind, _, name = text.partition(":")
    if kind == "last" and not name:
        return Baseline("last")
    if kind == "stage" and name:
        return Baseline("stage", name)
    if kind == "branch" and name:
        return Baseline("branch", name)
    raise PyreqError(
        f"{text!r} is nothing to compare with.",
        hint="Write last, stage:NAME or branch:NAME (a tag or a commit will do too).",
    )


def compare_with(
    baseline: Baseline,
    now: Plan,
    *,
    report: Report,
    cancel: Cancel,
    offline: bool = False,
    functions: tuple[str, ...] = (),
) -> tuple[ArtifactChange, ...]:
    """What changed from the baseline to the Plan ``now``, which was made for ``functions`` (empty: all).

    Raises as ``baseline_sizes`` does.
    """
    before = baseline_sizes(
        baseline, now.service, report=report, cancel=cancel, offline=offline, functions=functions
    )
    after = sizes_of(now)
    return compare_sizes(only_those_of(before, after) if functions else before, after)


def baseline_sizes(
    baseline: Baseline,
    service: Service,
    *,
    report: Report,
    cancel: Cancel,
    offline: bool = False,
    functions: tuple[str, ...] = (),
) -> Sizes:
    """What the artifacts of ``service`` came to in the last build, or come to at another stage or branch.

    Nothing of the user's is written to. Raises PyreqError where there is nothing to compare with, and
    whatever gathering raises.
    """
    if baseline.kind == "last":
        return _last(service)
    with _other(baseline, service, cancel) as other:
        known = tuple(name for name in functions if any(each.name == name for each in other.functions))
        materials = gather(
            other, report=report, cancel=cancel, offline=offline, cache=cache_folder(service), functions=known
        )
        return sizes_of(plan(other, materials))


def _last(service: Service) -> Sizes:
    record = load_record(record_path(service, cache_folder(service), service.output))
    if record is None or record.sizes is None:
        raise PyreqError(
            f"No build of {service.name} ({service.stage}) into {service.output} is on record.",
            hint="Build it once, or compare with stage:NAME or branch:NAME.",
        )
    return record.sizes


@contextmanager
def _other(baseline: Baseline, service: Service, cancel: Cancel) -> Iterator[Service]:
    """The service as the baseline has it, while its files are there."""
    try:
        if baseline.kind == "stage":
            yield _read(service, service.root, baseline.name)
            return
        with folder_at(service.root, baseline.name, cancel) as folder:
            yield _read(service, folder, service.inputs.stage)
    except PyreqError as error:
        # Its place is in a copy that is gone when this is read.
        where = None if baseline.kind == "branch" else error.where
        message = f"Comparing with {baseline.title}: {error.message}"
        kind = BuildError if isinstance(error, BuildError) else PyreqError
        raise kind(message, hint=error.hint, where=where) from error


def _read(service: Service, folder: Path, stage: str | None) -> Service:
    """What the same file says in ``folder`` for ``stage``, all else given alike; nothing overridden."""
    inputs = service.inputs
    return load_service(
        folder, config=service.config_file.name, stage=stage, params=inputs.params, environ=inputs.environ
    )
