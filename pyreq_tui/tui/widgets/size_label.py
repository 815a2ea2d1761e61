"""How a row of the size tree is drawn: name, sizes, bar and share, in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.text import bar, cut, cut_middle, percent, printable
from pyreq_tui.tui.widgets.columns import PERCENT_WIDTH, SIZE_WIDTH
from pyreq_tui.tui.widgets.size_rows import LEFT_OUT

if TYPE_CHECKING:
    from pyreq_tui.tui.widgets.columns import Columns
    from pyreq_tui.tui.widgets.size_rows import SizeRow, SortKey

LARGE_SHARE = 0.1
"""From this share on a package's name stands out."""


@dataclass(frozen=True)
class LabelStyles:
    """What a label is drawn with."""

    row: Style
    """The row's own: the cursor's, or none."""
    muted: Style
    emphasis: Style
    """Of the bar."""
    is_culprit: bool
    """Whether the share has the bar's colour too."""


@dataclass(frozen=True)
class Shares:
    """What the bar and the percentage show, in what is sorted by."""

    own: float
    largest: float
    """Of all packages: it fills the bar."""


def draw(
    row: SizeRow, shares: Shares, icon: str, indent: int, columns: Columns, key: SortKey, styles: LabelStyles
) -> Text:
    """One line, as wide as the columns less its ``indent``, and a space at the end."""
    is_top, style, muted = len(row.key) == 1, styles.row, styles.muted
    room = columns.name - indent - len(icon)
    name = (cut if is_top else cut_middle)(printable(row.name), room)
    version = cut(printable(row.version), room - cell_len(name) - 1) if row.version else ""
    label = Text(no_wrap=True, end="")
    label.append(icon, style + muted + Style(meta={"toggle": True}))
    is_bold = is_top and shares.own >= LARGE_SHARE
    label.append(
        name, style + muted if row.is_rest or row.key == (LEFT_OUT,) else style + Style(bold=is_bold)
    )
    label.append(f" {version}" if version else "", style + muted)
    label.append(" " * max(0, room - cell_len(name) - (len(version) + 1 if version else 0)), style)
    label.append(
        format_size(row.unzipped_bytes).rjust(SIZE_WIDTH), style + muted if row.is_left_out else style
    )
    second = f"{row.files:,}" if key == "files" else format_size(row.zipped_bytes) if row.is_read else "–"
    label.append(second.rjust(SIZE_WIDTH), style + muted)
    if row.is_left_out:  # it has no share of what ships
        label.append(" " * (columns.bar + PERCENT_WIDTH + 1), style)
        return label
    if columns.bar:
        label.append(" ", style)
        drawn = bar(shares.own / shares.largest, columns.bar - 2)
        label.append(drawn.ljust(columns.bar - 1), style + styles.emphasis)
    share_style = styles.emphasis if styles.is_culprit else muted
    label.append(percent(shares.own).rjust(PERCENT_WIDTH), style + share_style)
    label.append(" ", style)  # parts the figures from the scrollbar
    return label
