"""What the screens ask of the stations, in one place, so that a test can answer in their stead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.build import (
        ArtifactChange,
        Baseline,
        CacheListing,
        Effect,
        Fit,
        LastBuild,
        LeftOut,
        Materials,
        Plan,
        Reason,
        Removed,
        Report,
        Result,
    )
    from pyreq_tui.errors import Finding, OptionChange
    from pyreq_tui.findings import Fixes, HandlerImport, Prospect
    from pyreq_tui.opening import Opening
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Edit, Service
    from pyreq_tui.setup import Estimate, Survey
    from pyreq_tui.sources import Source


@dataclass(frozen=True)
class Kept:
    """What is kept that can be made again."""

    folder: Path
    listings: tuple[CacheListing, ...]
    last_build: LastBuild | None
    """When and why the service was last built anew."""


@dataclass(frozen=True)
class Tried:
    """What came of trying the imports of handlers."""

    imports: tuple[HandlerImport, ...]
    findings: tuple[Finding, ...]
    """What they tell, and the budgets of import time."""
    found_on_disk: tuple[Finding, ...]
    """What the artifacts tell besides, which were built for it where they were not."""


class Engine(Protocol):
    """The stations as the screens see them. Each may raise PyreqError; ``gather`` and ``run`` Cancelled."""

    def load(self, opening: Opening) -> Service:
        """The service as its file has it, without changes."""

    def survey(self, opening: Opening) -> Survey:
        """What setup has to know of the folder."""

    def weigh(self, service: Service, materials: Materials) -> Estimate:
        """What setup has to know of sizes."""

    def gather(self, service: Service, opening: Opening, *, report: Report, cancel: Cancel) -> Materials:
        """Everything a Plan is composed of. Takes seconds."""

    def sources(self, materials: Materials) -> tuple[Source, ...]:
        """What speaks for each module."""

    def answers(self, materials: Materials, service: Service) -> bool:
        """Whether ``plan`` can be made without gathering again."""

    def is_outdated(self, materials: Materials) -> bool:
        """Whether files changed since the materials were gathered. Takes a walk over the folder."""

    def plan(self, service: Service, materials: Materials) -> Plan:
        """What a build would write. Takes milliseconds."""

    def effects(
        self, service: Service, materials: Materials, artifact: str | None, cancel: Cancel
    ) -> Mapping[str, Effect]:
        """What flipping each option would change. May raise Cancelled."""

    def reasons(self, plan: Plan, materials: Materials, package: str) -> tuple[Reason, ...]:
        """Why each module has a package."""

    def fit(self, service: Service, materials: Materials) -> Fit:
        """What brings every artifact under the limit."""

    def left_out(self, plan: Plan, materials: Materials, filename: str) -> tuple[LeftOut, ...]:
        """What does not ship in an artifact, and which option sees to that."""

    def compare(
        self, baseline: Baseline, plan: Plan, opening: Opening, *, report: Report, cancel: Cancel
    ) -> tuple[ArtifactChange, ...]:
        """What grew against the last build, another stage or another branch. Takes seconds."""

    def findings(self, plan: Plan) -> tuple[Finding, ...]:
        """What to know before deploying."""

    def run(
        self, plan: Plan, materials: Materials, *, report: Report, cancel: Cancel, offline: bool
    ) -> Result:
        """Write the artifacts; ``offline`` asks no index."""

    def write_sboms(self, result: Result, materials: Materials) -> tuple[Path, ...]:
        """Write what ships as CycloneDX beside each artifact; where that stands. Takes a second."""

    def findings_on_disk(self, plan: Plan, materials: Materials) -> tuple[Finding, ...]:
        """What the artifacts that were built tell besides. Takes a second the first time."""

    def prospects(self, plan: Plan, opening: Opening, cancel: Cancel) -> tuple[Prospect, ...]:
        """What trying the imports of handlers would do. Takes a moment."""

    def try_imports(
        self, plan: Plan, materials: Materials, opening: Opening, *, report: Report, cancel: Cancel
    ) -> Tried:
        """Import the handlers from what is built, after building what is not: this runs the user's code."""

    def kept(self, service: Service | None) -> Kept:
        """What is kept in the service's caches."""

    def prune(self, service: Service | None, days: int, cancel: Cancel) -> tuple[Removed, ...]:
        """Remove what no build used for ``days``."""

    def verify(self, service: Service | None, cancel: Cancel) -> tuple[Path, ...]:
        """Remove what is damaged; where it stood."""

    def fix(self, service: Service, findings: Sequence[Finding]) -> Fixes:
        """What mending ``findings`` would do to the files. Raises PyreqError."""

    def edits(
        self, service: Service, changes: Sequence[OptionChange], hands_over: bool | None
    ) -> tuple[Edit, ...]:
        """What saving would do to the files; ``hands_over`` says whether the Framework deploys what is built.

        ``None`` leaves that as it is.
        """

    def block(self, service: Service, changes: Sequence[OptionChange]) -> str:
        """The YAML of ``custom.pythonRequirements`` as it would be saved."""


class Stations:
    """The Engine that is: every call goes to its station."""

    def load(self, opening: Opening) -> Service:
        from pyreq_tui.service import load_service

        return load_service(
            opening.path, config=opening.config, stage=opening.stage, params=opening.params, overrides={}
        )

    def survey(self, opening: Opening) -> Survey:
        from pyreq_tui.setup import survey

        return survey(opening.path, config=opening.config, stage=opening.stage, params=opening.params)

    def weigh(self, service: Service, materials: Materials) -> Estimate:
        from pyreq_tui.setup import weigh

        return weigh(service, materials)

    def gather(self, service: Service, opening: Opening, *, report: Report, cancel: Cancel) -> Materials:
        from pyreq_tui.build import gather

        return gather(
            service, report=report, cancel=cancel, offline=opening.offline, functions=opening.functions
        )

    def sources(self, materials: Materials) -> tuple[Source, ...]:
        found = {
            known.source.module: known.source for known in materials.requirements.values() if known.source
        }
        return tuple(found.values())

    def answers(self, materials: Materials, service: Service) -> bool:
        return materials.answers(service)

    def is_outdated(self, materials: Materials) -> bool:
        return materials.is_outdated()

    def plan(self, service: Service, materials: Materials) -> Plan:
        from pyreq_tui.build import plan

        return plan(service, materials)

    def effects(
        self, service: Service, materials: Materials, artifact: str | None, cancel: Cancel
    ) -> Mapping[str, Effect]:
        from pyreq_tui.build import effects

        return effects(service, materials, artifact, cancel=cancel)

    def reasons(self, plan: Plan, materials: Materials, package: str) -> tuple[Reason, ...]:
        from pyreq_tui.build import reasons

        return reasons(plan, materials, package)

    def fit(self, service: Service, materials: Materials) -> Fit:
        from pyreq_tui.build import fit, plan

        return fit(service, lambda changed: plan(changed, materials))

    def left_out(self, plan: Plan, materials: Materials, filename: str) -> tuple[LeftOut, ...]:
        from pyreq_tui.build import left_out

        return left_out(plan, materials, filename)

    def compare(
        self, baseline: Baseline, plan: Plan, opening: Opening, *, report: Report, cancel: Cancel
    ) -> tuple[ArtifactChange, ...]:
        from pyreq_tui.build import compare_with

        return compare_with(
            baseline,
            plan,
            report=report,
            cancel=cancel,
            offline=opening.offline,
            functions=opening.functions,
        )

    def findings(self, plan: Plan) -> tuple[Finding, ...]:
        from pyreq_tui.findings import findings_of

        return findings_of(plan)

    def run(
        self, plan: Plan, materials: Materials, *, report: Report, cancel: Cancel, offline: bool
    ) -> Result:
        from pyreq_tui.build import run

        return run(plan, materials, report=report, cancel=cancel, offline=offline)

    def write_sboms(self, result: Result, materials: Materials) -> tuple[Path, ...]:
        from pyreq_tui.findings import write_sboms

        return tuple(write_sboms(result, materials).values())

    def findings_on_disk(self, plan: Plan, materials: Materials) -> tuple[Finding, ...]:
        from pyreq_tui.findings import findings_on_disk

        return findings_on_disk(plan, plan.service.output, materials.cache)

    def prospects(self, plan: Plan, opening: Opening, cancel: Cancel) -> tuple[Prospect, ...]:
        from pyreq_tui.findings import prospects

        return prospects(plan, cancel=cancel, names=opening.functions, offline=opening.offline)

    def try_imports(
        self, plan: Plan, materials: Materials, opening: Opening, *, report: Report, cancel: Cancel
    ) -> Tried:
        from pyreq_tui.build import claim, run
        from pyreq_tui.findings import budget_findings, check_imports, findings_on_disk, import_uses

        offline = opening.offline
        with claim(materials.cache, cancel):
            result = run(plan, materials, report=report, cancel=cancel, offline=offline)
            names = opening.functions
            done = check_imports(
                result, materials, report=report, cancel=cancel, names=names, offline=offline
            )
            found = findings_on_disk(result.plan, plan.service.output, materials.cache)
        over = budget_findings(import_uses(done.times, plan.service.budgets))
        return Tried(done.imports, (*done.findings, *over), found)

    def kept(self, service: Service | None) -> Kept:
        from pyreq_tui.build import cache_folder, last_build, list_caches

        folder = cache_folder(service)
        return Kept(folder, list_caches(folder), last_build(service, folder) if service else None)

    def prune(self, service: Service | None, days: int, cancel: Cancel) -> tuple[Removed, ...]:
        from pyreq_tui.build import cache_folder, prune_caches

        most = service.options.static_cache_max_versions if service else 0
        return prune_caches(cache_folder(service), days=days, max_versions=most, cancel=cancel)

    def verify(self, service: Service | None, cancel: Cancel) -> tuple[Path, ...]:
        from pyreq_tui.build import cache_folder, verify_caches

        return verify_caches(cache_folder(service), cancel=cancel)

    def fix(self, service: Service, findings: Sequence[Finding]) -> Fixes:
        from pyreq_tui.findings import fix

        return fix(service, findings)

    def edits(
        self, service: Service, changes: Sequence[OptionChange], hands_over: bool | None
    ) -> tuple[Edit, ...]:
        from pyreq_tui.service import edit_options, hand_over, spec_of, take_back

        if hands_over is None:
            edit = edit_options(service, changes)
            return (edit,) if edit.changed else ()
        values = {
            change.key: spec_of(change.key).default if change.is_unset else change.value for change in changes
        }
        return (hand_over if hands_over else take_back)(service.with_overrides(values), changes)

    def block(self, service: Service, changes: Sequence[OptionChange]) -> str:
        from pyreq_tui.service import render_block

        return render_block(service, changes)
