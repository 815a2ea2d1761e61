"""What a person asks of the rows of the size tree, and how each change is taken back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.binding import Binding, BindingType

from pyreq_tui.errors import PyreqError
from pyreq_tui.tui.option_rows import toggled_no_deploy
from pyreq_tui.tui.row_actions import (
    changes_excluding,
    detail,
    exclusion_for,
    graph_of,
    omission_of,
    putting_back,
    why_kept_whole,
)
from pyreq_tui.tui.screens.estimating import Estimating
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.text import listed, printable
from pyreq_tui.tui.widgets.row_keys import RowKeys
from pyreq_tui.tui.widgets.size_pane import SizePane

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.build import Plan
    from pyreq_tui.tui.screens.importing import Outcome


class Exploring(Estimating):
    """Answers the size tree: why, omit, exclude; and fit and undo, which follow from them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "c",
            "compare",
            "Compare",
            show=False,
            tooltip="What grew since the last build, or against a stage or branch",
            id="workbench.compare",
        ),
        Binding(
            "m",
            "modules",
            "Functions and modules",
            show=False,
            tooltip="Which function ships which module, and what speaks for it",
            id="workbench.modules",
        ),
        Binding(
            "i",
            "imports",
            "Try imports",
            show=False,
            tooltip="Import each handler from what is built: this runs your code, and says so first",
            id="workbench.imports",
        ),
    ]

    @on(RowKeys.Marked)
    @on(RowKeys.Refilled)
    @on(SizePane.Shown)
    def explain_row(self) -> None:
        """Say what the marked row is, and what leaving it out would save."""
        pane = self.query_one(SizePane)
        pane.explain(detail(pane.marked, self.workspace, pane.entries))

    @on(RowKeys.OmitAsked)
    def toggle_omission(self, message: RowKeys.OmitAsked) -> None:
        """Leave a package out."""
        self._omit(message.package)

    def _omit(self, package: str) -> None:
        service, plan, artifact = self.workspace.service, self.workspace.plan, self.workspace.artifact
        if service is None or plan is None or artifact is None:
            return
        if package.startswith("("):
            self.notify(
                "Only packages can be left out; package.patterns selects your own files.", markup=False
            )
            return
        others = omission_of(package, plan, artifact).others
        with_others = f", and with it {listed(others, 3)}" if others else ""
        self.change_together(
            {"noDeploy": toggled_no_deploy(service.options, package)},
            saying=f"noDeploy: {printable(package)}{with_others}. u undoes it.",
        )

    @on(RowKeys.ExcludeAsked)
    def exclude(self, message: RowKeys.ExcludeAsked) -> None:
        """Leave out a file, a folder, or everything of its kind; slim is turned on where it is off."""
        service, artifact = self.workspace.service, self.workspace.artifact
        if service is None or artifact is None:
            return
        entries = self.query_one(SizePane).entries
        if reason := why_kept_whole(message.row, artifact, entries):
            self.notify(reason, severity="warning", markup=False)
            return
        exclusion = exclusion_for(message.row, artifact, only_this=message.only_this)
        changes = changes_excluding(service.options, exclusion)
        if changes:
            what = f"slimPatterns: {printable(exclusion.pattern)}." if "slimPatterns" in changes else ""
            slim = (
                "slim is on now: dist-info, bytecode and debug symbols go too." if "slim" in changes else ""
            )
            self.change_together(changes, saying=" ".join(filter(None, (what, slim, "u undoes it."))))

    @on(RowKeys.PutBackAsked)
    def put_back(self, message: RowKeys.PutBackAsked) -> None:
        """Have ship what an option leaves out."""
        service = self.workspace.service
        if service is None:
            return
        changes, said = putting_back(message.row, service.options)
        if changes:
            self.change_together(changes, saying=f"{said} u undoes it.")
        else:
            self.notify(said, markup=False)

    @on(RowKeys.WhyAsked)
    def say_why(self, message: RowKeys.WhyAsked) -> None:
        """Show every path to a package, and what leaves with it."""
        workspace = self.workspace
        plan, materials, artifact = workspace.plan, workspace.materials, workspace.artifact
        if plan is None or materials is None or artifact is None:
            return
        if message.package.startswith("("):
            self.notify("Nothing needs these files but you: they are no package.", markup=False)
            return
        try:
            reasons = self.engine.reasons(plan, materials, message.package)
        except PyreqError as failure:
            self.app.push_screen(FailureScreen(failure))
            return
        here = [reason for reason in reasons if artifact.filename in reason.artifacts] or list(reasons)
        reason = here[0]
        graph = graph_of(plan, artifact)
        sources = {source.module: source for source in workspace.sources}
        source = sources.get(reason.module)
        file = (source.lockfile or source.manifest) if source else None
        from pyreq_tui.tui.screens.why import WhyScreen

        screen = WhyScreen(
            reason,
            artifact,
            graph.needs(reason.name) if graph else (),
            self._shown_path(file) if file else "the requirements",
        )
        self.app.push_screen(screen, lambda answer: self._omit(reason.name) if answer == "omit" else None)

    def _shown_path(self, file: Path) -> str:
        """As the service's own files name it: ``report/requirements.txt``."""
        service = self.workspace.service
        is_inside = service is not None and file.is_relative_to(service.root)
        return file.relative_to(service.root).as_posix() if service and is_inside else file.name

    def action_compare(self) -> None:
        """Show what grew."""
        if self.workspace.plan is None:
            self.notify("The estimate is not there yet.", severity="warning", markup=False)
            return
        from pyreq_tui.tui.screens.comparison import ComparisonScreen

        self.app.push_screen(ComparisonScreen(self.engine, self.workspace.plan, self.opening))

    def action_modules(self) -> None:
        """Show how functions, modules, sources and lockfiles hang together."""
        workspace = self.workspace
        if workspace.service is None:
            return
        from pyreq_tui.tui.screens.modules import ModulesScreen

        screen = ModulesScreen(workspace.service, workspace.plan, workspace.sources)
        self.app.push_screen(screen, lambda filename: self.show_artifact(filename) if filename else None)

    def action_imports(self) -> None:
        """Try the imports of the handlers, once the user has read what that does."""
        workspace = self.workspace
        plan, materials = workspace.plan, workspace.materials
        if plan is None or materials is None or workspace.phase != "ready":
            self.notify("The estimate is not there yet.", severity="warning", markup=False)
            return
        from pyreq_tui.tui.screens.importing import ImportsScreen

        screen = ImportsScreen(self.engine, plan, materials, self.opening)
        self.app.push_screen(screen, partial(self._take_tried, plan))

    def _take_tried(self, plan: Plan, outcome: Outcome | Literal["outdated"] | None) -> None:
        if outcome == "outdated":
            self.notify(
                "Files changed since the estimate, which is made anew. Then i tries the imports.",
                markup=False,
            )
            self.reread()
        elif outcome is not None:
            known = self.workspace.inspected(plan, outcome.tried.found_on_disk)
            self.workspace = known.imported(plan, outcome.tried.findings)
            if outcome.shows_findings and self.is_current:
                self.action_findings()

    def action_findings(self) -> None:
        """Show what to know before deploying."""
        from pyreq_tui.tui.screens.findings import FindingsScreen

        self.app.push_screen(FindingsScreen(self, self.action_imports))

    def action_fit(self) -> None:
        """Find what makes everything fit."""
        from pyreq_tui.tui.screens.fitting import FitScreen

        workspace = self.workspace
        service, materials, plan = workspace.service, workspace.materials, workspace.plan
        if service is None or materials is None or plan is None or workspace.phase != "ready":
            self.notify("The estimate is not there yet.", severity="warning", markup=False)
            return
        self.app.push_screen(FitScreen(self.engine, service, materials, plan), self._take_fit)

    def _take_fit(self, changes: Mapping[str, object] | None) -> None:
        if changes and self.change_together(changes):
            self.notify(f"Changed, not saved: {', '.join(changes)}. s saves, u undoes.", markup=False)

    def action_undo(self) -> None:
        """Take the last step back."""
        before = self.workspace.changes
        self.undo()
        after = self.workspace.changes
        undone = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        if undone:
            self.notify(f"Undone: {', '.join(undone)}.", markup=False)

    def action_discard(self) -> None:
        """Take all changes back."""
        if self.workspace.changes:
            self.discard()
            self.notify("All changes taken back. u brings them again.", markup=False)
