"""The gauges: how full the limits are, and who fills them. The first thing to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from pyreq_tui.aws import facts
from pyreq_tui.tui.text import FAINT, MUTED, bar, cut, megabytes, percent, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.build import PlannedArtifact

NEARLY_FULL = 0.9
"""From this share on a gauge warns."""
LABEL_WIDTH = 9
SHORTEST_BAR = 10
BAR_SHARE = 4
"""A quarter of the line is the bar's before words may take it."""


@dataclass(frozen=True)
class Gauge:
    """One line: an amount against its limit, with the words that judge it, longest first."""

    label: str
    size_bytes: int
    limit_bytes: int
    mark: str
    role: str
    """The theme's name of its colour: ``success``, ``warning`` or ``error``."""
    verdicts: tuple[str, ...]
    """The same judgement in fewer and fewer words, for narrower and narrower screens."""
    is_exact: bool

    @property
    def figure(self) -> str:
        """``254.6 of 250 MB``, with ``≈`` where only a build will tell."""
        guess = "" if self.is_exact else "≈ "
        return f"{guess}{megabytes(self.size_bytes)} of {self.limit_bytes // 2**20} MB"


def excess_bytes(artifact: PlannedArtifact) -> int:
    """By how much it is too large for Lambda; 0 where it fits."""
    size = artifact.unzipped_bytes + artifact.layer_bytes
    return max(0, size - facts().limits.unzipped_bytes)


def unzipped_gauge(artifact: PlannedArtifact, remedies: Sequence[str] = ()) -> Gauge:
    """Against what Lambda refuses to exceed: the function's code with its layers."""
    limit = facts().limits.unzipped_bytes
    size = artifact.unzipped_bytes + artifact.layer_bytes
    with_layer = " with its layer" if artifact.layer_bytes else ""
    culprit = _culprit(artifact)
    if size > limit:
        over = f"{megabytes(size - limit)} MB over{with_layer}"
        return Gauge(
            "unzipped",
            size,
            limit,
            "✗",
            "error",
            _shorter(f"{over} — {culprit}" if culprit else over, over, remedies),
            artifact.is_exact,
        )
    room = f"{megabytes(limit - size)} MB left{with_layer}"
    is_near = size > limit * NEARLY_FULL
    return Gauge(
        "unzipped",
        size,
        limit,
        "⚠" if is_near else "✓",
        "warning" if is_near else "success",
        _shorter(f"{room} — {culprit}" if culprit else room, room),
        artifact.is_exact,
    )


def zipped_gauge(artifact: PlannedArtifact) -> Gauge:
    """Against what can be uploaded directly. ``sls deploy`` goes through S3, so more is a warning only."""
    limit = facts().limits.direct_upload_zipped_bytes
    size = artifact.zipped_bytes
    if size > limit:
        return Gauge(
            "zipped",
            size,
            limit,
            "⚠",
            "warning",
            ("too large to upload directly: deploys through S3", "deploys through S3 only", "S3 only"),
            artifact.is_exact,
        )
    verdicts = ("can be uploaded directly", "direct upload", "")
    return Gauge("zipped", size, limit, "✓", "success", verdicts, artifact.is_exact)


def _culprit(artifact: PlannedArtifact) -> str:
    if not artifact.packages or not artifact.unzipped_bytes:
        return ""
    largest = artifact.packages[0]
    total = sum(package.unzipped_bytes for package in artifact.packages)
    return f"{cut(printable(largest.name), 24)} is {percent(largest.unzipped_bytes / max(total, 1))}"


def _shorter(full: str, short: str, remedies: Sequence[str] = ()) -> tuple[str, ...]:
    offers = [
        f"{full}; fits {' or '.join(remedies[:number])}" for number in (2, 1) if len(remedies) >= number
    ]
    return (*offers, full, short)


class Gauges(Widget):
    """Both gauges, their bars aligned."""

    DEFAULT_CSS = """
    Gauges {
        height: 2;
        padding: 0 1;
        &.-computing { opacity: 75%; }
    }
    """

    shown: reactive[tuple[Gauge, ...]] = reactive(())
    waiting: reactive[str] = reactive("estimating…")
    is_computing: reactive[bool] = reactive(False, toggle_class="-computing")
    """Whether a newer figure is on its way."""

    def render(self) -> Content:
        width = self.content_size.width
        if not self.shown:
            return Content("\n").join(
                Content.assemble(
                    (label.ljust(LABEL_WIDTH), MUTED),
                    ("▕" + "·" * max(0, width - LABEL_WIDTH - len(self.waiting) - 4) + "▏ ", FAINT),
                    (self.waiting if label == "unzipped" else " " * len(self.waiting), MUTED),
                )
                for label in ("unzipped", "zipped")
            )
        sentences = [
            self._sentence(gauge, width - LABEL_WIDTH - max(SHORTEST_BAR, width // BAR_SHARE) - 3)
            for gauge in self.shown
        ]
        bar_width = width - LABEL_WIDTH - 3 - max(len(sentence) for sentence in sentences)
        bar_width = max(SHORTEST_BAR, min(bar_width, width // 2))
        return Content("\n").join(
            self._line(gauge, sentence, bar_width)
            for gauge, sentence in zip(self.shown, sentences, strict=True)
        )

    def _sentence(self, gauge: Gauge, room: int) -> str:
        figure = gauge.figure.rjust(max(len(other.figure) for other in self.shown))
        for verdict in gauge.verdicts:
            sentence = f"{figure} {gauge.mark} {verdict}"
            if len(sentence) <= room:
                return sentence
        return f"{figure} {gauge.mark}"

    def _line(self, gauge: Gauge, sentence: str, width: int) -> Content:
        full = max(gauge.size_bytes, gauge.limit_bytes)
        within = min(gauge.size_bytes, gauge.limit_bytes)
        filled = bar(within / full, width)
        beyond = ""
        if gauge.size_bytes > gauge.limit_bytes:
            beyond = "▓" * max(1, round(width * (gauge.size_bytes - gauge.limit_bytes) / full))
            filled = "█" * (width - len(beyond))
        empty = width - len(filled) - len(beyond)
        head, _, verdict = sentence.partition(f" {gauge.mark}")
        return Content.assemble(
            (gauge.label.ljust(LABEL_WIDTH), MUTED),
            ("▕", FAINT),
            (filled, "$primary" if gauge.role == "success" else f"${gauge.role}"),
            (beyond, f"${gauge.role} bold"),
            (" " * empty, ""),
            ("▏ ", FAINT),
            (head, "bold"),
            (f" {gauge.mark}{verdict}", f"${gauge.role}"),
        )
