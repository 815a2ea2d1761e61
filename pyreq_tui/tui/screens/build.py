"""What a build looks like: steps with times, artifacts side by side, a log; then what came of it."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from pyreq_tui.errors import PyreqError
from pyreq_tui.tui.failures import relative, summed_up
from pyreq_tui.tui.finding_rows import tally
from pyreq_tui.tui.outcomes import next_command, of_artifact, of_cancel, of_result
from pyreq_tui.tui.screens.building import Building
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.text import listed, printable, seconds
from pyreq_tui.tui.widgets.artifact_table import ArtifactTable
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.log_pane import LogPane
from pyreq_tui.tui.widgets.steps import Steps
from pyreq_tui.tui.widgets.title_line import TitleLine
from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

SAID_MOST = 5
"""Lines of a tool that stand below the way out; the log has all."""
LOG_NAME = "pyreq-build.log"
"""What a saved log is called; it is put beside the artifacts."""
LOG_LINES = 5
"""What the log keeps with its frame, however many artifacts there are."""


MOST_SBOMS = 3
"""SBOMs that are named; of the others is said how many there are."""


class BuildScreen(Building):
    """Shows a build, and answers the keys."""

    TITLE = "Build"
    CSS_PATH = "build.tcss"
    AUTO_FOCUS = "#log"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "close_search",
            "Close search",
            tooltip="Look for nothing any more",
            id="build.close-search",
        ),
        Binding(
            "escape",
            "stop",
            "Cancel",
            tooltip="Cancel at once; nothing half-written is left",
            id="build.stop",
        ),
        Binding("escape", "back", "Back", tooltip="Back to the workbench", id="build.back"),
        Binding("b", "again", "Build again", tooltip="Build once more", id="build.again"),
        Binding(
            "y", "copy_next", "Copy next", tooltip="Copy the command that comes next", id="build.copy-command"
        ),
        Binding("y", "copy_failure", "Copy error", tooltip="Copy what went wrong", id="build.copy-failure"),
        Binding("d", "findings", "Findings", tooltip="What was found in what was built", id="build.findings"),
        Binding("slash", "search", "Search", key_display="/", tooltip="Search the log", id="build.search"),
        Binding("n", "found(1)", "Next", tooltip="Go to the next place", id="build.next"),
        Binding(
            "N",
            "found(-1)",
            "Before",
            key_display="N",
            show=False,
            tooltip="Go to the place before",
            id="build.before",
        ),
        Binding("c", "copy", "Copy log", tooltip="Copy the whole log", id="build.copy"),
        Binding(
            "s",
            "save",
            "Save log",
            tooltip="Save the log to a file beside the artifacts",
            id="build.save-log",
        ),
        Binding(
            "S",
            "sbom",
            "SBOM",
            key_display="S",
            tooltip="Write what ships as CycloneDX beside each artifact",
            id="build.sbom",
        ),
        Binding("q", "back", "Back", show=False, id="build.quit"),
    ]

    HELP = """
## The build

Steps at the top, with their states and times; under them the artifacts, then the log. **esc** cancels at
once: the artifacts from before stay as they were, and what was fetched whole is kept.
"""

    def compose(self) -> ComposeResult:
        yield TitleLine()
        yield Static("", id="verdict", markup=False)
        yield Steps()
        with Vertical(id="artifacts-pane", classes="pane", name="Artifacts"):
            yield ArtifactTable(id="artifacts")
            yield Static("", id="artifact-detail", markup=False)
        yield LogPane(id="log-pane", classes="pane", name="Log")
        yield KeyLine(("build.next", "build.again"))

    def on_mount(self) -> None:
        """Give the parts their names."""
        self.query_one("#artifacts-pane").border_title = "Artifacts"
        self.query_one(TitleLine).name_service(self.plan.service)
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self._make_room(), immediate=True)

    def _make_room(self) -> None:
        """Let the artifacts scroll where the log would not keep some lines."""
        pane, log = self.query_one("#artifacts-pane"), self.query_one(LogPane)
        others = [each for each in (*self.children, *pane.children) if each.display]
        taken = sum(
            each.outer_size.height + each.styles.margin.height
            for each in others
            if not isinstance(each, ArtifactTable) and each not in {pane, log}
        )
        around = pane.styles.gutter.height + pane.styles.margin.height + LOG_LINES
        self.query_one(ArtifactTable).styles.max_height = max(3, self.size.height - taken - around)

    # Showing.

    def show_progress(self, lines: Sequence[str]) -> None:
        """Steps, artifacts and the log got on."""
        now = monotonic()
        self.query_one(LogPane).add(lines)
        steps = self.query_one(Steps)
        steps.now, steps.steps = now, self.steps
        self.query_one(ArtifactTable).show(self.rows)
        if self.state in {"building", "cancelling"}:
            self._show_state(f"{self.state}… {seconds(now - self.started)}", "$warning")

    def show_end(self) -> None:
        """Say what came of it: a result, a failure with its way out, or what a cancel left."""
        if self.result is not None:
            self._show_state("✓ done", "$success")
            self._say(of_result(self.result, self.plan.service))
            self.add_class("-done")
            self.query_one(ArtifactTable).focus()
            self._show_detail(self.rows[0].planned.filename if self.rows else None)
        elif self.failure is not None:
            self._show_state("✗ failed", "$error")
            self._say(summed_up(self.failure, self.plan.service.root, SAID_MOST))
            self.add_class("-stopped")
        else:
            self._show_state("cancelled", "$warning")
            self._say(of_cancel(self.steps))
            self.add_class("-stopped")

    def show_found(self) -> None:
        """Say how much was found in the artifacts."""
        if self.found:
            found = Content(f"d: {tally(self.found)} in what was built")
            self.query_one("#artifacts-pane").border_subtitle = found
        self.refresh_bindings()

    def _show_state(self, text: str, role: str) -> None:
        self.query_one(TitleLine).state = Content.styled(text, role)

    def _say(self, text: Content) -> None:
        verdict = self.query_one("#verdict", Static)
        verdict.update(text)
        verdict.add_class("-shown")

    @on(ArtifactTable.RowHighlighted)
    def show_artifact(self, event: ArtifactTable.RowHighlighted) -> None:
        """Say the path and the digest of the artifact under the cursor."""
        self._show_detail(event.row_key.value)

    def _show_detail(self, filename: str | None) -> None:
        row = self.query_one(ArtifactTable).row_of(filename)
        if row is not None:
            self.query_one("#artifact-detail", Static).update(of_artifact(row, self.plan.service))

    # What the user asks for.

    def action_close_search(self) -> None:
        """Look for nothing any more; what runs goes on."""
        self.query_one(LogPane).close_search()

    def action_stop(self) -> None:
        """Cancel what runs."""
        self.cancel()

    def action_back(self) -> None:
        """Back to the workbench."""
        self.dismiss(None)

    def action_search(self) -> None:
        """Type what to look for in the log."""
        self.query_one(LogPane).search()

    def action_found(self, step: int) -> None:
        """Go to another place that was found."""
        self.query_one(LogPane).go(step)

    def action_copy(self) -> None:
        """Copy the whole log."""
        self.app.copy_to_clipboard(self.query_one(LogPane).text)
        self.notify("Log copied.", markup=False)

    def action_save(self) -> None:
        """Save the log beside the artifacts, and say where."""
        file = self.plan.service.output / LOG_NAME
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, self.query_one(LogPane).text + "\n")
        except OSError as error:
            hint = "Check the permissions of the folder, and the room on the disk."
            failure = PyreqError(f"{file} can't be written: {error.strerror}.", hint=hint)
            self.app.push_screen(FailureScreen(failure))
        else:
            self.notify(f"Log saved: {printable(str(file))}", markup=False)

    def action_sbom(self) -> None:
        """Write down what ships."""
        if self.result is not None:
            self.write_sboms(self.result)

    @on(Building.SbomsWritten)
    def tell_sboms(self, message: Building.SbomsWritten) -> None:
        """Say where it stands, or why it does not."""
        if message.failure is not None:
            self.app.push_screen(FailureScreen(message.failure, self.plan.service.root))
            return
        names = [relative(path, self.plan.service.root) for path in message.paths]
        self.notify(f"Written: {listed(names, MOST_SBOMS)}.", title="SBOM", markup=False)

    def action_copy_next(self) -> None:
        """Copy the command that comes next."""
        command = next_command(self.plan.service)
        self.app.copy_to_clipboard(command)
        self.notify(f"Copied: {command}", markup=False)

    def action_copy_failure(self) -> None:
        """Copy what went wrong."""
        self.app.copy_to_clipboard(str(self.failure))
        self.notify("Error copied.", markup=False)

    def action_findings(self) -> None:
        """Show what was found in what was built."""
        self.post_message(self.FindingsAsked())

    def action_again(self) -> None:
        """Build once more."""
        self.query_one(LogPane).clear()
        self.query_one("#verdict").remove_class("-shown")
        self.query_one("#artifacts-pane").border_subtitle = None
        self.remove_class("-done", "-stopped")
        self.begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer what the state allows."""
        is_over = self.state in {"cancelled", "failed", "done"}
        match action:
            case "stop":
                return self.state == "building"
            case "back":
                return self.state != "building"
            case "again":
                return is_over
            case "copy_next" | "sbom":
                return self.state == "done"
            case "copy_failure":
                return self.state == "failed"
            case "findings":
                return bool(self.found)
            case "found" | "close_search":
                return self.query_one(LogPane).is_searching
            case "search":
                return not self.query_one(LogPane).is_typing
        return True
