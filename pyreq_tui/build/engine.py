"""Carries a Plan out: fetch, build what has no wheel, write, publish."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.build.events import (
    ArtifactWritten,
    LineLogged,
    Report,
    StepAdvanced,
    StepFinished,
    StepName,
    StepStarted,
)
from pyreq_tui.build.materials import Materials, with_built
from pyreq_tui.build.model import Artifact, CacheUse, Plan, PlannedArtifact, Result
from pyreq_tui.build.plan import plan as plan_again
from pyreq_tui.build.records import compare, load_record, record_of, save_record
from pyreq_tui.build.stripping import strip_libraries
from pyreq_tui.bundle import library_key, write_zip
from pyreq_tui.errors import BuildError, Cancelled, PyreqError
from pyreq_tui.sizes import format_size
from pyreq_tui.wheels import build_wheel, fetch, inspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.bundle import Entry
    from pyreq_tui.processes import Cancel


@dataclass
class _Steps:
    """Times each step, and tells the front end when it starts and ends."""

    report: Report
    finished: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(
        self, name: StepName, total: int | None = None, *, in_bytes: bool = False
    ) -> Iterator[list[str]]:
        """One step; what is put into the list it yields becomes the detail of its StepFinished."""
        started = time.monotonic()
        self.report(StepStarted(name, total, "bytes" if in_bytes else "items"))
        detail: list[str] = []
        yield detail
        seconds = time.monotonic() - started
        self.finished.append((name, seconds))
        self.report(StepFinished(name, seconds, ", ".join(detail)))


def run(
    plan: Plan,
    materials: Materials,
    *,
    output: Path | None = None,
    report: Report,
    cancel: Cancel,
    offline: bool = False,
) -> Result:
    """Write every artifact of ``plan`` into ``output`` (``.serverless`` beside serverless.yml).

    Raises PyreqError where the service has an error, BuildError when a tool, the network or the disk fails,
    Cancelled when asked to stop; in each case what stood in ``output`` before still stands there.
    """
    for problem in plan.service.problems:
        if problem.severity == "error":
            raise PyreqError(problem.message, where=problem.where, hint=problem.hint)
    steps = _Steps(report)
    output = output or plan.service.root / ".serverless"
    plan, materials = _build_missing(plan, materials, steps, report=report, cancel=cancel, offline=offline)

    record = record_of(plan, materials)
    reused, cache = _reuse(plan, materials, record, output)
    if reused is not None:
        for artifact in reused:
            report(ArtifactWritten(artifact.planned.name, artifact.path, artifact.sha256, is_unchanged=True))
        return Result(reused, tuple(steps.finished), cache, plan)

    _fetch(plan, materials, steps, report=report, cancel=cancel, offline=offline)
    plan, materials = _strip_missing(plan, materials, steps, report=report, cancel=cancel)
    record = record_of(plan, materials)
    artifacts = _write(plan, output, steps, report=report, cancel=cancel)
    save_record(materials, output, record, artifacts)
    return Result(artifacts, tuple(steps.finished), cache, plan)


def _build_missing(
    plan: Plan, materials: Materials, steps: _Steps, *, report: Report, cancel: Cancel, offline: bool
) -> tuple[Plan, Materials]:
    """Build what has no wheel, look into what came out, and plan again with what is now known."""
    options = plan.service.options
    missing = {unit: known.unbuilt for unit, known in materials.requirements.items() if known.unbuilt}
    if not missing:
        return plan, materials
    built = {}
    with steps.step("build wheels", sum(map(len, missing.values()))) as detail:
        done = 0
        for unit, pins in missing.items():
            wheels = {}
            for pin in pins:
                detail.append(pin.name)
                report(LineLogged("build wheels", f"Building {pin.name} {pin.version or ''}".rstrip()))
                wheel = build_wheel(
                    pin,
                    unit[1],
                    materials.store,
                    python_bin=options.python_bin,
                    offline=offline,
                    cancel=cancel,
                    on_line=lambda line: report(LineLogged("build wheels", line)),
                )
                inspection = inspect(
                    [wheel],
                    materials.store,
                    offline=offline,
                    cancel=cancel,
                    on_advance=lambda *_: None,
                    on_line=lambda line: report(LineLogged("build wheels", line)),
                )
                wheels[pin.name] = (wheel, inspection.contents[wheel])
                done += 1
                report(StepAdvanced("build wheels", done))
            built[unit] = wheels
    materials = with_built(materials, built)
    return plan_again(plan.service, materials), materials


def _reuse(
    plan: Plan, materials: Materials, record: dict[str, object], output: Path
) -> tuple[tuple[Artifact, ...] | None, CacheUse]:
    """The last build's artifacts, where every input is the same and they stand as they were written."""
    options = plan.service.options
    if options.invalidate_caches:
        return None, CacheUse(False, "invalidateCaches is set")
    if not options.use_static_cache:
        return None, CacheUse(False, "useStaticCache is off")
    last = load_record(materials, output)
    if last is None:
        return None, CacheUse(False, "first build")
    change = compare(last.inputs, record)
    if change is not None:
        return None, CacheUse(False, change)
    artifacts = []
    for planned in plan.artifacts:
        path = output / planned.filename
        expected = last.sha256.get(planned.filename)
        if not path.is_file() or expected is None or _sha256(path) != expected:
            return None, CacheUse(False, f"{planned.filename} is gone or was changed")
        artifacts.append(_artifact(planned, path, expected, is_unchanged=True))
    return tuple(artifacts), CacheUse(True, "nothing changed")


def _fetch(
    plan: Plan, materials: Materials, steps: _Steps, *, report: Report, cancel: Cancel, offline: bool
) -> None:
    """Have every wheel that ships in the store; what noDeploy leaves out is not downloaded."""
    shipping = {package.name for artifact in plan.artifacts for package in artifact.packages}
    wheels = {
        wheel
        for known in materials.requirements.values()
        for name, wheel in known.wheels.items()
        if name in shipping and not materials.store.has(wheel)
    }
    total = sum(wheel.size_bytes or 0 for wheel in wheels)
    with steps.step("fetch", total, in_bytes=True) as detail:
        fetched = fetch(
            sorted(wheels, key=lambda wheel: -(wheel.size_bytes or 0)),
            materials.store,
            offline=offline,
            cancel=cancel,
            on_bytes=lambda done, whole: report(StepAdvanced("fetch", done, whole)),
            on_line=lambda line: report(LineLogged("fetch", line)),
        )
        detail.append(f"{len(wheels)} wheels, {format_size(fetched)}" if wheels else "all wheels are here")


def _strip_missing(
    plan: Plan, materials: Materials, steps: _Steps, *, report: Report, cancel: Cancel
) -> tuple[Plan, Materials]:
    """Strip the libraries of which it is not known what that makes of them, and plan again with what is."""
    waiting: dict[str, dict[str, Entry]] = {}
    for artifact in plan.artifacts:
        if artifact.target and artifact.unstripped:
            of_architecture = waiting.setdefault(artifact.target.architecture, {})
            of_architecture |= {library_key(entry): entry for entry in artifact.unstripped}
    if not waiting:
        return plan, materials
    libraries = dict(materials.libraries)
    total = sum(map(len, waiting.values()))
    with steps.step("strip", total) as detail:
        detail.append(f"{total} libraries")
        counter = _Counter(report, "strip", total)
        for architecture, entries in waiting.items():
            if stripper := materials.strippers[architecture]:
                libraries |= strip_libraries(
                    tuple(entries.values()), stripper, materials.cache, cancel=cancel, on_done=counter.advance
                )
    materials = replace(materials, libraries=libraries)
    return plan_again(plan.service, materials), materials


def _write(
    plan: Plan, output: Path, steps: _Steps, *, report: Report, cancel: Cancel
) -> tuple[Artifact, ...]:
    """Write all artifacts beside their places, and move them there together once each is whole."""
    total = sum(artifact.zipped_bytes for artifact in plan.artifacts)
    written = _Counter(report, "write", total)
    try:
        output.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".pyreq-", dir=output))
    except OSError as error:
        raise BuildError(
            f"{output} can't be written to: {error.strerror or error}.",
            hint="Free the place, or name another folder with -o.",
        ) from error
    try:
        with steps.step("write", total, in_bytes=True) as detail:

            def write_one(planned: PlannedArtifact) -> str:
                return write_zip(
                    planned.bundle, folder / planned.filename, cancel=cancel, on_bytes=written.advance
                )

            with ThreadPoolExecutor(max_workers=max(2, (os.cpu_count() or 2))) as pool:
                digests = list(pool.map(write_one, plan.artifacts))
            if cancel.is_set():
                raise Cancelled
            artifacts = tuple(
                _publish(planned, folder / planned.filename, output / planned.filename, digest)
                for planned, digest in zip(plan.artifacts, digests, strict=True)
            )
            detail.append(f"{len(artifacts)} artifacts, {format_size(total)}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for artifact in artifacts:
        report(
            ArtifactWritten(
                artifact.planned.name, artifact.path, artifact.sha256, is_unchanged=artifact.is_unchanged
            )
        )
    return artifacts


def _publish(planned: PlannedArtifact, written: Path, place: Path, digest: str) -> Artifact:
    is_unchanged = (
        place.is_file() and place.stat().st_size == written.stat().st_size and _sha256(place) == digest
    )
    if not is_unchanged:
        written.replace(place)
    return _artifact(planned, place, digest, is_unchanged=is_unchanged)


def _artifact(planned: PlannedArtifact, path: Path, digest: str, *, is_unchanged: bool) -> Artifact:
    return Artifact(
        planned=planned,
        path=path,
        sha256=digest,
        unzipped_bytes=planned.unzipped_bytes,
        zipped_bytes=path.stat().st_size,
        is_unchanged=is_unchanged,
    )


@dataclass
class _Counter:
    """Adds up what several writers report."""

    report: Report
    step: StepName
    total: int
    done: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, more: int) -> None:
        """``more`` bytes have been written."""
        with self.lock:
            self.done += more
        self.report(StepAdvanced(self.step, self.done, self.total))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
