"""Carries a Plan out: fetch, build what has no wheel, write, publish."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pyreq_tui.build.caches import keep_versions, mark_used
from pyreq_tui.build.claims import claim
from pyreq_tui.build.comparison import sizes_of
from pyreq_tui.build.events import ArtifactAdvanced, ArtifactWritten, LineLogged
from pyreq_tui.build.model import Artifact, CacheUse, Plan, PlannedArtifact, Result
from pyreq_tui.build.others import others_of
from pyreq_tui.build.plan import plan as plan_again
from pyreq_tui.build.preparation import build_missing, fetch_wheels, strip_missing
from pyreq_tui.build.records import (
    Record,
    compare,
    load_record,
    note_used,
    record_of,
    record_path,
    save_record,
)
from pyreq_tui.build.renewal import renewed
from pyreq_tui.build.steps import Steps
from pyreq_tui.build.workplace import workplace
from pyreq_tui.bundle import write_zip
from pyreq_tui.errors import BuildError, Cancelled, PyreqError
from pyreq_tui.sizes import count, format_size

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build.events import Report
    from pyreq_tui.build.materials import Materials
    from pyreq_tui.bundle import Entry
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service


def run(
    plan: Plan,
    materials: Materials,
    *,
    output: Path | None = None,
    report: Report,
    cancel: Cancel,
    offline: bool = False,
) -> Result:
    """Write every artifact of ``plan`` into ``output`` (default: the service's own `Service.output`).

    Raises PyreqError where the service has an error, BuildError when a tool, the network or the disk fails,
    Cancelled when asked to stop; in each case what stood in ``output`` before still stands there.
    """
    refuse_errors(plan.service)
    output = output or plan.service.output
    steps = Steps(report, cancel, offline)
    with claim(materials.cache, cancel):
        try:
            result = _run(plan, materials, output, steps)
        except BuildError as error:
            again = renewed(plan, materials)
            if again is None:
                raise
            report(LineLogged("write", f"{error.message} It is made anew."))
            result = _run(plan_again(plan.service, again), again, output, steps)
        keep_versions(materials.cache, plan.service.options.static_cache_max_versions)
        return result


def _run(plan: Plan, materials: Materials, output: Path, steps: Steps) -> Result:
    service = plan.service
    if (built := build_missing(service, materials, steps)) is not materials:
        plan, materials = plan_again(service, built), built

    record = record_of(plan, materials)
    reused, cache = _reuse(plan, materials, record, output)
    if reused is not None:
        _mark_used(plan, materials)
        note_used(record_path(service, materials.cache, output))
        for artifact in reused:
            steps.report(
                ArtifactWritten(artifact.planned.name, artifact.path, artifact.sha256, is_unchanged=True)
            )
        return Result(reused, tuple(steps.finished), cache, plan)

    fetch_wheels((artifact.bundle for artifact in plan.artifacts), materials, steps)
    if (stripped := strip_missing(_unstripped(plan), materials, steps)) is not materials:
        plan, materials = plan_again(service, stripped), stripped
        record = record_of(plan, materials)
    _mark_used(plan, materials)
    artifacts = _write(plan, output, steps)
    place = record_path(service, materials.cache, output)
    sha256 = {artifact.planned.filename: artifact.sha256 for artifact in artifacts}
    made = Record(record, sha256, cache.reason, sizes_of(plan))
    save_record(place, others_of(plan).kept(load_record(place), made))
    return Result(artifacts, tuple(steps.finished), cache, plan)


def _mark_used(plan: Plan, materials: Materials) -> None:
    mark_used((entry for artifact in plan.artifacts for entry in artifact.bundle.entries), materials.store)


def refuse_errors(service: Service) -> None:
    """Raise PyreqError for the first thing in serverless.yml that stops a build."""
    for problem in service.problems:
        if problem.severity == "error":
            raise PyreqError(problem.message, where=problem.where, hint=problem.hint)


def _unstripped(plan: Plan) -> dict[str, list[Entry]]:
    waiting: dict[str, list[Entry]] = {}
    for artifact in plan.artifacts:
        if artifact.target and artifact.unstripped:
            waiting.setdefault(artifact.target.architecture, []).extend(artifact.unstripped)
    return waiting


def _reuse(
    plan: Plan, materials: Materials, record: dict[str, object], output: Path
) -> tuple[tuple[Artifact, ...] | None, CacheUse]:
    """The last build's artifacts, where every input is the same and they stand as they were written."""
    options = plan.service.options
    if options.invalidate_caches:
        return None, CacheUse(False, "invalidateCaches is set")
    if not options.use_static_cache:
        return None, CacheUse(False, "useStaticCache is off")
    last = load_record(record_path(plan.service, materials.cache, output))
    if last is None:
        return None, CacheUse(False, "first build")
    change = compare(others_of(plan).aside(last.inputs), record)
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


def _write(plan: Plan, output: Path, steps: Steps) -> tuple[Artifact, ...]:
    """Write all artifacts beside their places, and move them there together once each is whole."""
    total = sum(artifact.zipped_bytes for artifact in plan.artifacts)
    written = steps.counter("write", total)
    try:
        with workplace(output) as folder, steps.step("write", total, in_bytes=True) as detail:

            def write_one(planned: PlannedArtifact) -> str:
                done = 0

                def advance(more: int) -> None:
                    nonlocal done
                    done += more
                    written.advance(more)
                    steps.report(ArtifactAdvanced(planned.filename, done, planned.zipped_bytes))

                return write_zip(
                    planned.bundle, folder / planned.filename, cancel=steps.cancel, on_bytes=advance
                )

            with ThreadPoolExecutor(max_workers=max(2, (os.cpu_count() or 2))) as pool:
                digests = list(pool.map(write_one, plan.artifacts))
            if steps.cancel.is_set():
                raise Cancelled
            artifacts = tuple(
                _publish(planned, folder / planned.filename, output / planned.filename, digest)
                for planned, digest in zip(plan.artifacts, digests, strict=True)
            )
            detail.append(f"{count(len(artifacts), 'artifact')}, {format_size(total)}")
    except OSError as error:
        raise BuildError(
            f"{output} can't be written to: {error.strerror or error}.",
            hint="Free the place, or name another folder with -o.",
        ) from error
    for artifact in artifacts:
        steps.report(
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
        try:
            written.replace(place)
        except OSError as error:
            raise BuildError(
                f"{place} can't be replaced: {error.strerror or error}.",
                hint="Move away what stands there, or name another folder with -o.",
            ) from error
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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
