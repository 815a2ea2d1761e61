"""What a build wrote, estimate beside result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import DataTable

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.text import cut, printable

if TYPE_CHECKING:
    from pyreq_tui.build import Artifact, Plan, PlannedArtifact, Result
    from pyreq_tui.bundle import PackageSize

SIZE_WIDTH = 9
NAME_WIDTH = 20
BREAKDOWN = 8
"""Packages shown under each artifact; the workbench shows all."""


class ResultTable(DataTable[Text]):
    """A row for each artifact, its largest packages under it."""

    DEFAULT_CSS = """
    ResultTable {
        background: transparent;
        & > .datatable--header { background: transparent; color: $text-muted; text-style: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, cursor_type="row", zebra_stripes=False, cell_padding=1)

    def show(self, result: Result, plan: Plan, *, is_wide: bool) -> None:
        """Show ``result`` beside ``plan``, which was its estimate."""
        self.clear(columns=True)
        self.add_column("artifact", width=36 if is_wide else NAME_WIDTH)
        for label in ("unzipped", "estimated", "zipped", "estimated"):
            self.add_column(Text(label.rjust(SIZE_WIDTH)), width=SIZE_WIDTH)
        self.add_column("deploy", width=7)
        estimates = {artifact.filename: artifact for artifact in plan.artifacts}
        for artifact in result.artifacts:
            estimate = estimates.get(artifact.planned.filename, artifact.planned)
            self._add_artifact(artifact, estimate)
            guessed = {package.name: package for package in estimate.packages}
            for package in artifact.planned.packages[:BREAKDOWN]:
                self._add_package(package, guessed.get(package.name))

    def _add_artifact(self, artifact: Artifact, estimate: PlannedArtifact) -> None:
        self.add_row(
            Text(cut(printable(artifact.path.name), self._name_width), style="bold"),
            _size(artifact.unzipped_bytes, "bold"),
            _estimate(artifact.unzipped_bytes, estimate.unzipped_bytes),
            _size(artifact.zipped_bytes, "bold"),
            _estimate(artifact.zipped_bytes, estimate.zipped_bytes),
            Text("skips" if artifact.is_unchanged else "uploads"),
            key=artifact.sha256 if artifact.sha256 not in self.rows else None,
        )

    def _add_package(self, package: PackageSize, guessed: PackageSize | None) -> None:
        self.add_row(
            Text(f"  {cut(printable(package.name), self._name_width - 2)}"),
            _size(package.unzipped_bytes),
            _estimate(package.unzipped_bytes, guessed.unzipped_bytes if guessed else 0),
            _size(package.zipped_bytes),
            _estimate(package.zipped_bytes, guessed.zipped_bytes if guessed else 0),
            Text(""),
        )

    @property
    def _name_width(self) -> int:
        return self.ordered_columns[0].width


def _size(size_bytes: int, style: str = "") -> Text:
    return Text(format_size(size_bytes).rjust(SIZE_WIDTH), style=style)


def _estimate(built_bytes: int, estimated_bytes: int) -> Text:
    return Text(
        format_size(estimated_bytes).rjust(SIZE_WIDTH),
        style="dim" if built_bytes == estimated_bytes else "bold",
    )
