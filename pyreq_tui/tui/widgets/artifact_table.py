"""The artifacts of a build side by side: how far each is, then what was written, estimate beside result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import DataTable

from pyreq_tui.build import ArtifactAdvanced
from pyreq_tui.sizes import format_size
from pyreq_tui.tui.text import cut, cut_middle, percent, printable

if TYPE_CHECKING:
    from pyreq_tui.build import Artifact, Event, Plan, PlannedArtifact, Result
    from pyreq_tui.bundle import PackageSize

SIZE_WIDTH = 9
STATE_WIDTH = 11
NARROWEST_NAME, WIDEST_NAME = 17, 60
PACKAGE_INDENT = 4
FEW = 3
"""Up to so many artifacts are shown with their packages once they are built."""
BREAKDOWN = 8
"""Packages shown under an artifact; the workbench shows all."""

State = Literal["waiting", "writing", "written", "unchanged"]


@dataclass(frozen=True)
class ArtifactRow:
    """How far one artifact is."""

    planned: PlannedArtifact
    state: State = "waiting"
    done_bytes: int = 0
    artifact: Artifact | None = None

    @property
    def sign(self) -> str:
        """What stands in the last column."""
        if self.state == "writing":
            return f"▸ {percent(self.done_bytes / (self.planned.zipped_bytes or 1))}"
        if self.artifact is not None and self.artifact.planned.is_over_limit:
            return "✗ too large"
        return {"waiting": "· waiting", "written": "✓ uploads", "unchanged": "✓ skips"}[self.state]


def waiting(plan: Plan) -> tuple[ArtifactRow, ...]:
    """Every artifact of ``plan`` before its build."""
    return tuple(ArtifactRow(planned) for planned in plan.artifacts)


def progressed(rows: tuple[ArtifactRow, ...], event: Event) -> tuple[ArtifactRow, ...]:
    """``rows`` after ``event``."""
    if not isinstance(event, ArtifactAdvanced):
        return rows
    return tuple(
        replace(row, state="writing", done_bytes=event.done_bytes)
        if row.planned.filename == event.filename
        else row
        for row in rows
    )


def built(rows: tuple[ArtifactRow, ...], result: Result) -> tuple[ArtifactRow, ...]:
    """``rows`` of a build that is done."""
    written = {artifact.planned.filename: artifact for artifact in result.artifacts}
    return tuple(
        replace(row, state="unchanged" if artifact.is_unchanged else "written", artifact=artifact)
        for row in rows
        if (artifact := written.get(row.planned.filename)) is not None
    )


class ArtifactTable(DataTable[Text]):
    """A row for each artifact; enter opens it on its largest packages."""

    DEFAULT_CSS = """
    ArtifactTable {
        background: transparent;
        & > .datatable--header { background: transparent; color: $text-muted; text-style: none; }
    }
    """

    HELP = """
## The artifacts

Each with its sizes as built, and beside each what was estimated. **uploads** says that the bytes are new,
**skips** that they are those of the last build, so that a deploy leaves them where they are, **too large**
that Lambda refuses them. **enter** opens an artifact on its largest packages.
"""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, cursor_type="row", zebra_stripes=False, cell_padding=1)
        self._rows: tuple[ArtifactRow, ...] = ()
        self._open: frozenset[str] = frozenset()

    def show(self, rows: tuple[ArtifactRow, ...]) -> None:
        """Show ``rows``; where only states changed, only they are drawn."""
        before, self._rows = self._rows, rows
        kept = [row.planned.filename for row in before] == [row.planned.filename for row in rows]
        if not kept or any(row.artifact for row in rows) != any(row.artifact for row in before):
            if len(rows) <= FEW and any(row.artifact for row in rows):
                self._open = frozenset(row.planned.filename for row in rows[:1] if len(rows) == 1)
            self._fill()
            return
        for old, new in zip(before, rows, strict=True):
            if old.sign != new.sign:
                self.update_cell(new.planned.filename, "state", _sign(new))

    def on_resize(self) -> None:
        """Align again."""
        self._fill()

    def row_of(self, key: str | None) -> ArtifactRow | None:
        """The artifact of a row of the table."""
        return next((row for row in self._rows if row.planned.filename == key), None)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Open or close the artifact."""
        event.stop()
        name = event.row_key.value
        row = self.row_of(name)
        if name is not None and row is not None and row.artifact is not None:
            self._open ^= {name}
            self._fill()

    def _fill(self) -> None:
        line = self.cursor_row
        self.clear(columns=True)
        room = self.scrollable_content_region.width - 4 * SIZE_WIDTH - STATE_WIDTH - 6 * 2 * self.cell_padding
        width = max(NARROWEST_NAME, min(room, WIDEST_NAME, self._longest_name))
        self.add_column("  artifact", width=width, key="name")
        for label, key in (("unzipped", "u"), ("estimated", "eu"), ("zipped", "z"), ("estimated", "ez")):
            self.add_column(Text(label.rjust(SIZE_WIDTH)), width=SIZE_WIDTH, key=key)
        self.add_column("state", width=STATE_WIDTH, key="state")
        for row in self._rows:
            self._add_artifact(row, width)
            if row.planned.filename in self._open and row.artifact is not None:
                guessed = {package.name: package for package in row.planned.packages}
                for package in row.artifact.planned.packages[:BREAKDOWN]:
                    self._add_package(package, guessed.get(package.name), width)
        self.move_cursor(row=line)

    @property
    def _longest_name(self) -> int:
        """Cells that the longest name takes with what stands before it: figures are read beside names."""
        artifacts = [cell_len(row.planned.filename) + 2 for row in self._rows]
        packages = [
            cell_len(package.name) + PACKAGE_INDENT
            for row in self._rows
            for package in row.planned.packages[:BREAKDOWN]
        ]
        return max([*artifacts, *packages], default=0) + 2

    def _add_artifact(self, row: ArtifactRow, width: int) -> None:
        artifact, planned = row.artifact, row.planned
        mark = " " if artifact is None else "▾" if planned.filename in self._open else "▸"
        name = f"{mark} {cut_middle(printable(planned.filename), width - 2)}"
        unzipped = artifact.unzipped_bytes if artifact else None
        zipped = artifact.zipped_bytes if artifact else None
        self.add_row(
            Text(name, style="bold"),
            _size(unzipped, "bold"),
            _estimate(unzipped, planned.unzipped_bytes),
            _size(zipped, "bold"),
            _estimate(zipped, planned.zipped_bytes),
            _sign(row),
            key=planned.filename,
        )

    def _add_package(self, package: PackageSize, guessed: PackageSize | None, width: int) -> None:
        self.add_row(
            Text(" " * PACKAGE_INDENT + cut(printable(package.name), width - PACKAGE_INDENT)),
            _size(package.unzipped_bytes),
            _estimate(package.unzipped_bytes, guessed.unzipped_bytes if guessed else 0),
            _size(package.zipped_bytes),
            _estimate(package.zipped_bytes, guessed.zipped_bytes if guessed else 0),
            Text(""),
        )


def _sign(row: ArtifactRow) -> Text:
    return Text(row.sign)


def _size(size_bytes: int | None, style: str = "") -> Text:
    return Text(("" if size_bytes is None else format_size(size_bytes)).rjust(SIZE_WIDTH), style=style)


def _estimate(built_bytes: int | None, estimated_bytes: int) -> Text:
    return Text(
        format_size(estimated_bytes).rjust(SIZE_WIDTH),
        style="dim" if built_bytes in {None, estimated_bytes} else "bold",
    )
