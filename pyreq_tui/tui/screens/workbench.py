"""The workbench: what its keys do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from pyreq_tui.service import spec_of
from pyreq_tui.tui.screens.showing import Showing
from pyreq_tui.tui.settings import DEFAULTS
from pyreq_tui.tui.text import printable
from pyreq_tui.tui.widgets.function_list import FunctionList
from pyreq_tui.tui.widgets.no_service import NoService
from pyreq_tui.tui.widgets.options_pane import OptionsPane
from pyreq_tui.tui.widgets.trouble import Trouble

if TYPE_CHECKING:
    from pyreq_tui.opening import Opening
    from pyreq_tui.tui.engine import Engine
    from pyreq_tui.tui.screens.value_dialog import Answer
    from pyreq_tui.tui.settings import Settings
    from pyreq_tui.tui.workspace import Workspace


class Workbench(Showing):
    """The keys of the page, and what they do."""

    TITLE = "Workbench"
    AUTO_FOCUS = "#sizes"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "build", "Build", tooltip="Build the artifacts", id="workbench.build"),
        Binding("f", "fit", "Fit", tooltip="Find what makes everything fit", id="workbench.fit"),
        Binding("s,ctrl+s", "save", "Save", tooltip="See the diff and save", id="workbench.save"),
        Binding(
            "d", "findings", "Findings", tooltip="What to know before deploying", id="workbench.findings"
        ),
        Binding("y", "copy", "Copy", tooltip="Copy the YAML that would be saved", id="workbench.copy"),
        Binding("u", "undo", "Undo", tooltip="Take the last change back", id="workbench.undo"),
        Binding(
            "U",
            "discard",
            "Undo all",
            show=False,
            key_display="U",
            tooltip="Take all changes back",
            id="workbench.discard",
        ),
        Binding(
            "a",
            "hand_over",
            "Hand over",
            show=False,
            tooltip="Have the Framework deploy what is built here, or no more",
            id="workbench.hand-over",
        ),
        Binding(
            "S", "setup", "Setup", show=False, key_display="S", tooltip="Guided setup", id="workbench.setup"
        ),
        Binding("r", "reload", "Reload", show=False, tooltip="Read everything again", id="workbench.reload"),
        Binding(
            "1", "pane(0)", "Functions", show=False, tooltip="Functions and sources", id="workbench.functions"
        ),
        Binding("2", "pane(1)", "What ships", show=False, tooltip="What ships", id="workbench.sizes"),
        Binding("3", "pane(2)", "Options", show=False, tooltip="Options", id="workbench.options"),
        Binding("q", "leave", "Quit", tooltip="Leave; asks where changes are not saved", id="workbench.quit"),
    ]

    HELP = """
## The workbench

The gauges say how far the artifact on show is from Lambda's limits. Every change counts at once and is kept
until it is saved: **s** shows the diff first, **u** takes the last change back. **f** finds what makes
everything fit, **b** builds, **d** tells what to know before deploying.
"""

    def __init__(self, opening: Opening, engine: Engine, settings: Settings = DEFAULTS) -> None:
        super().__init__(opening, engine, settings)
        self._is_build_waiting = False
        """Whether a build was asked for while the estimate was under way."""
        self._is_fresh = False
        """Whether the estimate is made for the build that waits."""

    def watch_workspace(self, old: Workspace, new: Workspace) -> None:
        """Show what is new, and build where that waited for the estimate."""
        super().watch_workspace(old, new)
        if self.is_mounted and new.phase in {"ready", "failed"} and self._is_build_waiting:
            self._is_build_waiting = False
            if new.phase == "ready" and self.is_current:
                self.call_later(self.action_build)
            else:
                self._is_fresh = False

    @on(FunctionList.ArtifactChosen)
    def choose_artifact(self, message: FunctionList.ArtifactChosen) -> None:
        """Show the artifact of another function."""
        self.show_artifact(message.filename)

    @on(OptionsPane.Pressed)
    def press_option(self, message: OptionsPane.Pressed) -> None:
        """Flip an option, go to its next choice, or ask for its value."""
        row = message.row
        if self.workspace.service is None:
            return
        if not row.is_enabled:
            self.notify(f"{row.label}: {row.reason}.", severity="warning", markup=False)
        elif row.next_value is not None and not message.to_type:
            self.change(row.key, row.next_value)
        else:
            from pyreq_tui.tui.screens.asking import dialog_for

            dialog = dialog_for(spec_of(row.key), self.workspace.service, self.workspace, self.engine)
            self.app.push_screen(dialog, lambda value: self._take_typed(row.key, value))

    def _take_typed(self, key: str, value: Answer | None) -> None:
        if value is not None:
            self.change(key, value)

    def action_build(self) -> None:
        """Build what is on show, as soon as it is known what that is."""
        workspace = self.workspace
        service = workspace.service
        if service is not None and not service.enabled:
            said = f"Python support is off: {service.reason}. S sets it up."
            self.notify(printable(said), severity="warning", markup=False)
        elif workspace.plan is not None and workspace.materials is not None and workspace.phase == "ready":
            from pyreq_tui.tui.screens.build import BuildScreen

            plan, materials = workspace.plan, workspace.materials
            offline = self.opening.offline
            self.app.push_screen(
                BuildScreen(self.engine, plan, materials, is_fresh=self._is_fresh, offline=offline)
            )
            self._is_fresh = False
        else:
            self._is_build_waiting = True
            self.notify("The build begins once the estimate is there.", markup=False)

    def build_anew(self) -> None:
        """Read everything again, and build that."""
        self._is_build_waiting = self._is_fresh = True
        self.notify("Files changed since the estimate: it is made anew, then built.", markup=False)
        self.reread()

    @on(Trouble.CopyAsked)
    def action_copy(self) -> None:
        """Copy the YAML that would be saved, or what went wrong where that is on show."""
        failure = self.workspace.failure
        if self.workspace.phase == "failed" and failure is not None:
            self.app.copy_to_clipboard(str(failure))
            self.notify("Error copied.", markup=False)
            return
        self.app.copy_to_clipboard(self.workspace.block)
        self.notify("YAML copied.", markup=False)

    @on(NoService.SetupAsked)
    def action_setup(self) -> None:
        """Ask step by step; read everything again once something was saved."""
        from pyreq_tui.tui.screens.setup import SetupScreen

        self.app.push_screen(SetupScreen(self.opening, self.engine), self.take_setup)

    def take_setup(self, is_saved: bool | None) -> None:
        """Setup was left."""
        if is_saved:
            self.reread()

    @on(NoService.ServiceChosen)
    def open_below(self, message: NoService.ServiceChosen) -> None:
        """Open a service of a folder below."""
        self.opening = replace(self.opening, path=message.folder)
        self.reread()

    @on(Trouble.RetryAsked)
    def action_reload(self) -> None:
        """Read everything again."""
        self.reread()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Grey what can't be done now."""
        if action in {"discard", "save"} and not self.workspace.changes:
            return None
        if action == "undo" and not self.workspace.can_undo:
            return None
        if action == "hand_over" and self.workspace.saved is None:
            return None
        if action in {"build", "findings"} and self.workspace.phase == "failed":
            return None
        if action == "fit" and self.workspace.phase not in {"planning", "ready"}:
            return None
        return True

    def why_not(self, action: str) -> str:
        """Completes "not now: …" for what is greyed."""
        if action in {"save", "discard"}:
            return "no option was changed"
        if action == "undo":
            return "nothing was changed yet"
        return "the estimate is not there yet" if self.workspace.phase != "failed" else "there is no estimate"
