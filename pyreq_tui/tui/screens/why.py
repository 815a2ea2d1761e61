"""Why a package is here: every path that leads to it, what it needs, and what leaves with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import MUTED, count, percent, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import ComposeResult

    from pyreq_tui.build import PlannedArtifact, Reason

NAME_WIDTH = 32
"""Names are at least this wide, so that the sizes beside them stand in a column."""


class WhyScreen(Dialog[Literal["omit"] | None]):
    """Closes with ``omit`` where the package is to be left out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "omit", "Omit", tooltip="Leave the package out (noDeploy)", id="why.omit"),
        Binding("y", "copy", "Copy", tooltip="Copy this text", id="why.copy"),
        Binding("j", "scroll(1)", "Down", show=False, id="why.down"),
        Binding("k", "scroll(-1)", "Up", show=False, id="why.up"),
        Binding("w", "close", "Back", show=False, id="why.close"),
    ]
    DEFAULT_CSS = """
    WhyScreen {
        & > .frame { max-width: 84; }
        #why-text { height: auto; max-height: 1fr; }
    }
    """

    def __init__(
        self, reason: Reason, artifact: PlannedArtifact, needs: Sequence[str], asked_in: str
    ) -> None:
        super().__init__()
        self._reason = reason
        self._needs = needs
        self._asked_in = asked_in
        self._total_bytes = artifact.unzipped_bytes
        self._filename = artifact.filename
        self._sizes: Mapping[str, int] = {size.name: size.unzipped_bytes for size in artifact.packages}

    def compose(self) -> ComposeResult:
        reason = self._reason
        with Vertical(classes="frame") as frame:
            frame.border_title = Content.styled(
                f"Why {printable(reason.name)} {printable(reason.version)}".rstrip(), "bold"
            )
            with VerticalScroll(id="why-text"):
                yield Static(Content("\n").join(self.lines()))
            with Horizontal(classes="buttons"):
                yield Button(
                    f"Omit, −{format_size(reason.unzipped_bytes)}  o",
                    id="omit",
                    compact=True,
                    variant="primary",
                )
                yield Button("Copy  y", id="copy", compact=True)
                yield Button("Back  esc", id="close", compact=True)

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one("#why-text").focus()

    def lines(self) -> Iterator[Content]:
        """What it says, line by line."""
        reason = self._reason
        own = reason.own
        share = percent(own.unzipped_bytes / max(1, self._total_bytes))
        yield Content(
            f"{format_size(own.unzipped_bytes)} unzipped, {format_size(own.zipped_bytes)} zipped: "
            f"{share} of {printable(self._filename)}."
        )
        yield Content("")
        yield _heading("Why it is here", count(len(reason.paths), "path"))
        for path in reason.paths:
            yield self._path(path)
        if not reason.paths:
            yield Content("  Nothing that is asked for is known to need it.")
        yield Content("")
        yield _heading("It needs", count(len(self._needs), "package") if self._needs else "nothing")
        for name in self._needs:
            yield _weight(name, self._sizes.get(name, 0))
        yield Content("")
        yield _heading(
            "Leaves with it", count(len(reason.leaves), "package") if reason.leaves else "nothing else"
        )
        for weight in reason.leaves:
            yield _weight(weight.name, weight.unzipped_bytes)
        if reason.leaves:
            yield _weight("with itself, in all", reason.unzipped_bytes)

    def _path(self, path: tuple[str, ...]) -> Content:
        arrow = Content.styled(" → ", MUTED)
        *above, name = [Content(printable(part)) for part in path]
        return Content.assemble(
            "  ",
            arrow.join([*above, name.stylize("bold")]),
            (f"   asked for in {printable(self._asked_in)}" if len(path) == 1 else "", MUTED),
        )

    def action_omit(self) -> None:
        """Close, and leave the package out."""
        self.dismiss("omit")

    def action_copy(self) -> None:
        """Copy what it says."""
        self.app.copy_to_clipboard("\n".join(line.plain for line in self.lines()) + "\n")
        self.notify("Copied.", markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll the text."""
        self.query_one("#why-text").scroll_relative(y=lines, animate=False)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "omit":
                self.action_omit()
            case "copy":
                self.action_copy()
            case _:
                self.action_close()


def _heading(text: str, more: str) -> Content:
    return Content.assemble((text, "bold $primary"), (f"   {more}", MUTED))


def _weight(name: str, size_bytes: int) -> Content:
    size = format_size(size_bytes) if size_bytes else "not shipped"
    return Content.assemble(f"  {printable(name).ljust(NAME_WIDTH)} ", (size.rjust(12), MUTED))
