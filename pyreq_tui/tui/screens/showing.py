"""What the workbench shows of a Workspace: functions, what ships, options, gauges, the YAML to be saved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, Tab, Tabs

from pyreq_tui.service import OPTION_SPECS
from pyreq_tui.sizes import format_size
from pyreq_tui.tui.finding_rows import signed_tally
from pyreq_tui.tui.option_rows import flow_block, option_rows, remedies
from pyreq_tui.tui.screens.saving import Saving
from pyreq_tui.tui.settings import DEFAULTS
from pyreq_tui.tui.text import MUTED, printable
from pyreq_tui.tui.widgets.function_list import FunctionList
from pyreq_tui.tui.widgets.gauges import Gauges, excess_bytes, unzipped_gauge, zipped_gauge
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.no_service import NoService
from pyreq_tui.tui.widgets.options_pane import OptionsPane
from pyreq_tui.tui.widgets.size_pane import SizePane
from pyreq_tui.tui.widgets.size_tree import SizeTree
from pyreq_tui.tui.widgets.source_list import SourceList
from pyreq_tui.tui.widgets.title_line import TitleLine
from pyreq_tui.tui.widgets.trouble import Trouble
from pyreq_tui.tui.widgets.yaml_line import YamlLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.opening import Opening
    from pyreq_tui.tui.engine import Engine
    from pyreq_tui.tui.settings import Settings
    from pyreq_tui.tui.workspace import Workspace

GIVING_WAY = (
    "tree.flip",
    "workbench.copy",
    "tree.map",
    "tree.sort",
    "workbench.findings",
    "workbench.undo",
    "workbench.save",
)
"""The keys that a narrow terminal shows last, those that do nothing now first; help has them all."""
PANES = ("functions-pane", "sizes-pane", "options-pane")


class Showing(Saving):
    """Draws the Workspace, and draws again what of it is new."""

    def __init__(self, opening: Opening, engine: Engine, settings: Settings = DEFAULTS) -> None:
        super().__init__(opening, engine)
        self._settings = settings
        self.is_set_up_first = False
        """Whether setup stands over it from the start: then it need not be offered."""
        self._is_put_off = False
        """Whether options are weighed once it is shown what ships."""

    def compose(self) -> ComposeResult:
        yield TitleLine()
        yield Gauges()
        yield Tabs(
            Tab("1 Functions", id="tab-0"),
            Tab("2 What ships", id="tab-1"),
            Tab("3 Options", id="tab-2"),
            active="tab-1",
        )
        yield Trouble()
        yield NoService()
        with Horizontal(id="panes"):
            with Vertical(id="functions-pane", classes="pane", name="Functions"):
                yield FunctionList(id="functions")
                yield Static("Sources", id="sources-title")
                yield SourceList(id="sources")
            yield SizePane(id="sizes-pane", classes="pane -active", name="What ships")
            yield OptionsPane(id="options-pane", classes="pane", name="Options")
        yield YamlLine()
        yield KeyLine(GIVING_WAY)

    def on_mount(self) -> None:
        """Give the panes their names and begin to read."""
        self.query_one("#functions-pane").border_title = "Functions"
        self.query_one("#options-pane").border_title = "Options"
        self.query_one("#sizes-pane").border_title = "What ships"
        self.query_one(Tabs).can_focus = False
        self.query_one(SizeTree).order = self._settings.order
        if self._settings.pane != DEFAULTS.pane:
            self.action_pane(PANES.index(f"{self._settings.pane}-pane"))
        self.set_interval(0.1, self._show_activity)
        self.call_after_refresh(self.scan, self.workspace.ticket)

    def left_as(self, settings: Settings) -> Settings:
        """The settings with the order and the pane in which the workbench is left."""
        if not self.is_mounted:
            return settings
        order = self.query_one(SizeTree).order
        around = self.focused.ancestors_with_self if self.focused else []
        pane = next((node.id for node in around if node.id in PANES), f"{settings.pane}-pane")
        return replace(
            settings, sort=order.key, is_flipped=order.is_reversed, pane=str(pane).removesuffix("-pane")
        )

    def _show_activity(self) -> None:
        """What takes longer than a blink is said to be under way."""
        if self.workspace.phase in {"scanning", "gathering", "planning"}:
            title = self.query_one(TitleLine)
            title.state, title.short_state = self._state(), self._state(is_short=True)
            self.query_one(Gauges).is_computing = self.workspace.phase == "planning"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way, and all of it is on show."""
        # There is no pane before the first look at the screen, nor while the app is left.
        return super().is_settled and not any(pane.is_preparing for pane in self.query(SizePane))

    def begin_to_weigh(self) -> None:
        """What ships comes first."""
        self._is_put_off = self.query_one(SizePane).is_preparing
        if not self._is_put_off:
            super().begin_to_weigh()

    @on(SizePane.Shown)
    def weigh_what_ships(self) -> None:
        """What was put off is due."""
        if self._is_put_off:
            self._is_put_off = False
            self.call_after_refresh(self.begin_to_weigh)

    def watch_workspace(self, old: Workspace, new: Workspace) -> None:
        """Show what is new."""
        if not self.is_mounted:
            return
        if _offers(old) != _offers(new):
            self.refresh_bindings()
        title = self.query_one(TitleLine)
        title.name_service(new.service)
        self._show_trouble(new)
        is_off = old.saved is None and new.saved is not None and not new.saved.has_block
        if is_off and not self.is_set_up_first:
            self.notify("Python support is off. S sets it up, step by step.", markup=False, timeout=10)
        if new.phase != "planning":
            title.state, title.short_state = self._state(), self._state(is_short=True)
            self.query_one(Gauges).is_computing = False
        self._show_options(new)
        if new.service is not None:
            self.query_one(FunctionList).show(
                new.service, new.plan, new.artifact.filename if new.artifact else None
            )
        if new.service is not None and new.materials is not None and new.materials is not old.materials:
            self.query_one(SourceList).show(new.sources, new.service.root)
        if new.artifact is not None and (new.artifact is not old.artifact):
            self.query_one(SizePane).show(new.artifact)
        elif new.artifact is not None and new.effects is not old.effects:
            self.explain_row()
        elif new.plan is not None and not new.plan.artifacts:
            self.query_one(Gauges).waiting = "nothing to package"
            self.query_one(SizePane).say_empty(
                "Nothing to package.\n\nNo function here is packaged by pyreq-tui."
            )
        if new.left_out is not old.left_out:
            self.query_one(SizePane).show_left_out(new.left_out)

    def _show_options(self, workspace: Workspace) -> None:
        groups = option_rows(workspace, OPTION_SPECS)
        self.query_one(OptionsPane).show(groups)
        line = self.query_one(YamlLine)
        line.changes = len(workspace.changes)
        service = workspace.service
        if service is not None:
            is_written = service.has_block or workspace.changes
            line.block = flow_block(service.options, OPTION_SPECS) if is_written else ""
        artifact = workspace.artifact
        if artifact is not None:
            rows = [row for _, rows in groups for row in rows]
            fixes = remedies(rows, excess_bytes(artifact))
            self.query_one(Gauges).shown = (unzipped_gauge(artifact, fixes), zipped_gauge(artifact))

    def _show_trouble(self, workspace: Workspace) -> None:
        is_failed = workspace.phase == "failed" and workspace.failure is not None
        is_empty = is_failed and self._has_no_service
        if is_empty and not self.has_class("-empty"):
            self.query_one(NoService).show(self.opening.path.absolute())
        self.set_class(is_empty, "-empty")
        self.set_class(is_failed, "-failed")
        self.set_class(workspace.phase == "gathering" and workspace.plan is not None, "-outdated")
        if is_failed and workspace.failure is not None:
            root = workspace.service.root if workspace.service else self.opening.path.resolve()
            self.query_one(Trouble).show(workspace.failure, root)

    def _state(self, *, is_short: bool = False) -> Content:
        """How far the estimate is, what is to know of it, and what it cost; in short the verdicts alone."""
        workspace = self.workspace
        if self.has_class("-empty"):
            return Content.styled("nothing set up yet", MUTED)
        if workspace.phase == "failed":
            return Content.styled("✗ not estimated", "$error")
        if workspace.phase == "planning":
            return Content.styled("computing…", "$warning")
        if workspace.phase != "ready" or workspace.plan is None:
            return Content.styled(f"estimating… {printable(self.activity)}", "$warning")
        artifact = workspace.artifact
        is_exact = artifact is None or artifact.is_exact
        found = signed_tally(workspace.known, is_short=is_short)
        fetched = "" if is_short else f" · {format_size(workspace.plan.bytes_fetched)} fetched"
        return Content.assemble(
            found,
            "   " if found.plain else "",
            ("estimate " if is_exact and not is_short else "", MUTED),
            ("exact", "$success") if is_exact else ("≈ guess until built", "$warning"),
            (fetched, MUTED),
        )

    @on(Tabs.TabActivated)
    def show_pane(self, event: Tabs.TabActivated) -> None:
        """Show the pane of a tab."""
        self._activate(int((event.tab.id or "tab-1")[-1]))

    def action_pane(self, index: int) -> None:
        """Go to a pane."""
        self._activate(index)
        self.query_one(Tabs).active = f"tab-{index}"
        (self.query_one("#functions"), self.query_one(SizePane).rows, self.query_one("#options"))[
            index
        ].focus()

    def _activate(self, index: int) -> None:
        for number, pane in enumerate(PANES):
            self.query_one(f"#{pane}").set_class(number == index, "-active")

    @property
    def _has_no_service(self) -> bool:
        """Whether the folder that was to be opened holds no service at all."""
        from pyreq_tui.setup import has_config

        path = self.opening.path
        return self.opening.config is None and path.is_dir() and not has_config(path)


def _offers(workspace: Workspace) -> tuple[bool, bool, bool, bool]:
    """What decides which keys can be pressed."""
    is_known = workspace.phase in {"planning", "ready"}
    return is_known, workspace.phase == "failed", bool(workspace.changes), workspace.can_undo
