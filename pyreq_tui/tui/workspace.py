"""The state of the workbench, in one place. Frozen: every step makes a new one, the newest is shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from pyreq_tui.errors import OptionChange

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pyreq_tui.build import Effect, LeftOut, Materials, Plan, PlannedArtifact
    from pyreq_tui.errors import Finding, PyreqError, Severity
    from pyreq_tui.service import Edit, Service
    from pyreq_tui.sources import Source

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The gravest first."""
Phase = Literal["scanning", "gathering", "planning", "ready", "failed"]


@dataclass(frozen=True, eq=False)
class Save:
    """What was written, and of which changes."""

    edits: tuple[Edit, ...]
    changes: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Workspace:
    """What is open, what was changed, and what is known of it so far."""

    phase: Phase = "scanning"
    ticket: int = 0
    """Counts the changes; an answer that carries an older ticket is dropped."""
    saved: Service | None = None
    """As the file has it."""
    service: Service | None = None
    """With the changes."""
    changes: Mapping[str, object] = field(default_factory=dict)
    """Options changed and not saved."""
    past: tuple[Mapping[str, object], ...] = ()
    """The changes as they stood before each step, the latest step last: what undoing goes back to."""
    last_save: Save | None = None
    """What was saved last: undoing takes it back once there are no steps left."""
    materials: Materials | None = None
    sources: tuple[Source, ...] = ()
    plan: Plan | None = None
    """The newest there is; while gathering again it is the one from before."""
    shown: str | None = None
    """The filename of the artifact on show."""
    effects: Mapping[str, Effect] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    """What the Plan tells before deploying it."""
    left_out: tuple[LeftOut, ...] = ()
    """What does not ship in the artifact on show."""
    found: tuple[Finding, ...] = ()
    """What the artifacts tell that were built of `found_in`."""
    found_in: Plan | None = None
    tried: tuple[Finding, ...] = ()
    """What trying the imports of the handlers of `tried_in` told."""
    tried_in: Plan | None = None
    block: str = ""
    """The YAML that would be saved."""
    failure: PyreqError | None = None

    @property
    def artifact(self) -> PlannedArtifact | None:
        """The artifact on show: the one chosen, else the first over the limit, else the largest."""
        if self.plan is None or not self.plan.artifacts:
            return None
        for artifact in self.plan.artifacts:
            if artifact.filename == self.shown:
                return artifact
        return max(
            self.plan.artifacts, key=lambda artifact: (artifact.is_over_limit, artifact.unzipped_bytes)
        )

    @property
    def known(self) -> tuple[Finding, ...]:
        """All findings, the gravest first; those of artifacts and imports as long as they are the Plan's."""
        found = self.found if self.found_in is self.plan else ()
        tried = self.tried if self.tried_in is self.plan else ()
        known = (*self.findings, *found, *tried)
        return tuple(sorted(known, key=lambda finding: SEVERITIES.index(finding.severity)))

    @property
    def can_undo(self) -> bool:
        """Whether there is a step, or a save, to take back."""
        return bool(self.past) or self.last_save is not None

    @property
    def option_changes(self) -> tuple[OptionChange, ...]:
        """The changes as edits of the file; what was emptied is taken out of it."""
        return tuple(
            OptionChange(key, is_unset=True) if value in ("", []) else OptionChange(key, value)
            for key, value in self.changes.items()
        )

    def opened(self, service: Service, changes: Mapping[str, object]) -> Workspace:
        """The file was read. Raises PyreqError for a change the service does not take."""
        kept = _differing(service, changes)
        return replace(
            self,
            phase="gathering",
            ticket=self.ticket + 1,
            saved=service,
            service=service.with_overrides(kept) if kept else service,
            changes=kept,
            failure=None,
        )

    def changed(self, key: str, value: object) -> Workspace:
        """An option was changed; a change back to what the file says is none.

        Raises PyreqError for a value of the wrong type.
        """
        return self.changed_together({key: value})

    def changed_together(self, values: Mapping[str, object]) -> Workspace:
        """Several options were changed in one step, which one undo takes back. Raises as ``changed`` does."""
        if self.saved is None:
            return self
        return self._with_changes(_differing(self.saved, {**self.changes, **values}))

    def undone(self) -> Workspace:
        """The last step was taken back."""
        if self.saved is None or not self.past:
            return self
        *earlier, last = self.past
        return replace(self._with_changes(_differing(self.saved, last)), past=tuple(earlier))

    def discarded(self) -> Workspace:
        """All changes were taken back, in one step that can be undone."""
        return self._with_changes({})

    def written(self, edits: tuple[Edit, ...], keys: Collection[str]) -> Workspace:
        """The changes of ``keys`` are in the file now; of the others there is nothing to undo."""
        save = Save(edits, {key: value for key, value in self.changes.items() if key in keys})
        left = {key: value for key, value in self.changes.items() if key not in keys}
        return replace(self._with_changes(left), past=(), last_save=save)

    def kept(self) -> Workspace:
        """The last save stays: what it wrote is somebody else's by now."""
        return replace(self, last_save=None)

    def unwritten(self) -> Workspace:
        """The last save was taken back: what it held is changed and not saved again."""
        held = self.last_save.changes if self.last_save else {}
        return replace(self, ticket=self.ticket + 1, changes={**held, **self.changes}, last_save=None)

    def _with_changes(self, changes: Mapping[str, object]) -> Workspace:
        if self.saved is None:
            return replace(self, ticket=self.ticket + 1, changes=changes)
        service = self.saved.with_overrides(changes) if changes else self.saved
        past = self.past if changes == self.changes else (*self.past, self.changes)
        return replace(self, ticket=self.ticket + 1, service=service, changes=changes, past=past)

    def gathering(self) -> Workspace:
        """What the Plan needs is on its way."""
        return replace(self, phase="gathering", failure=None, effects={})

    def gathered(self, materials: Materials, sources: tuple[Source, ...]) -> Workspace:
        """What the Plan needs is there."""
        return replace(self, materials=materials, sources=sources)

    def planning(self) -> Workspace:
        """The Plan for the newest changes is being made; the one from before stays on show."""
        return replace(self, phase="planning")

    def planned(self, plan: Plan) -> Workspace:
        """The Plan for the newest changes is there; what was said of the old one no longer holds."""
        return replace(self, phase="ready", plan=plan, effects={}, failure=None)

    def weighed(
        self,
        effects: Mapping[str, Effect],
        findings: tuple[Finding, ...],
        left_out: tuple[LeftOut, ...],
        block: str,
    ) -> Workspace:
        """What each option would change is known, what to know before deploying, and what does not ship."""
        return replace(self, effects=effects, findings=findings, left_out=left_out, block=block)

    def inspected(self, plan: Plan, found: tuple[Finding, ...]) -> Workspace:
        """``plan`` was built, and its artifacts were looked into."""
        return replace(self, found=found, found_in=plan)

    def imported(self, plan: Plan, findings: tuple[Finding, ...]) -> Workspace:
        """The handlers of ``plan`` were imported."""
        return replace(self, tried=findings, tried_in=plan)

    def reloading(self) -> Workspace:
        """Everything is read again; the changes stay."""
        return replace(self, phase="scanning", ticket=self.ticket + 1, materials=None, failure=None)

    def failed(self, failure: PyreqError) -> Workspace:
        """Reading, gathering or planning failed for a reason the user can mend."""
        return replace(self, phase="failed", failure=failure)

    def showing(self, filename: str) -> Workspace:
        """Another artifact was chosen; effects are summed for the one on show."""
        return replace(self, shown=filename, ticket=self.ticket + 1, effects={})


def _differing(service: Service, changes: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in changes.items() if service.options.value(key) != value}
