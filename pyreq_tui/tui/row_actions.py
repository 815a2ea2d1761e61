"""What leaving out a row of the size tree would do, before it is done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from pyreq_tui.bundle import (
    DEFAULT_SLIM_PATTERNS,
    SERVICE_CODE,
    VENDOR,
    ZIP_HELPER,
    Amount,
    amount_of,
    exclusion_of,
)
from pyreq_tui.sizes import format_change
from pyreq_tui.tui.text import MUTED, count, listed, printable

if TYPE_CHECKING:
    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.bundle import Entry, Exclusion
    from pyreq_tui.service import Options
    from pyreq_tui.tui.widgets.size_rows import SizeRow
    from pyreq_tui.tui.workspace import Workspace
    from pyreq_tui.wheels import Graph

LAYER_PREFIX = "python/"
"""What stands before every path in a layer."""


@dataclass(frozen=True)
class Omission:
    """What ``noDeploy`` with one more package takes out of an artifact."""

    others: tuple[str, ...]
    """What leaves with the package."""
    amount: Amount


def graph_of(plan: Plan, artifact: PlannedArtifact) -> Graph | None:
    """Who needs whom in an artifact."""
    module = "."
    if artifact.kind == "function":
        modules = {function.name: function.module for function in plan.service.functions}
        module = modules.get(artifact.name, ".")
    return plan.graphs.get(module)


def omission_of(package: str, plan: Plan, artifact: PlannedArtifact) -> Omission:
    """What leaves when ``package`` is omitted."""
    graph = graph_of(plan, artifact)
    leaving = set(graph.without([package])) if graph else {package}
    gone = [size for size in artifact.packages if size.name in leaving]
    amount = Amount(
        sum(size.unzipped_bytes for size in gone),
        sum(size.zipped_bytes for size in gone),
        sum(size.files for size in gone),
    )
    return Omission(tuple(size.name for size in gone if size.name != package), amount)


def why_kept_whole(row: SizeRow, artifact: PlannedArtifact, entries: tuple[Entry, ...]) -> str:
    """Why a row can't be excluded; empty where it can."""
    if row.node is None:
        return "This row stands for several: open it, and exclude what is in it."
    if row.node.owner == SERVICE_CODE:
        return "slimPatterns leave your own code alone; package.patterns selects it."
    if row.node.owner == ZIP_HELPER:
        return "This is what zip: true adds."
    if not row.node.path or (artifact.kind == "layer" and f"{row.node.path}/" == LAYER_PREFIX):
        return "x excludes files and folders; o leaves the whole package out."
    if hidden := hidden_files(row, artifact, entries):
        return f"The filter hides {count(hidden, 'file')} of it: open it, or esc to see all."
    return ""


def hidden_files(row: SizeRow, artifact: PlannedArtifact, entries: tuple[Entry, ...]) -> int:
    """How many files of a row a filter hides: excluding it would take them too, unseen."""
    if row.node is None or row.node.is_file:
        return 0
    return amount_of(entries, exclusion_for(row, artifact, only_this=True)).files - row.files


def exclusion_for(row: SizeRow, artifact: PlannedArtifact, *, only_this: bool = False) -> Exclusion:
    """The slim pattern for a row that can be excluded."""
    prefix = LAYER_PREFIX if artifact.kind == "layer" else ""
    return exclusion_of(row.node.path if row.node else "", prefix=prefix, only_this=only_this)


def changes_excluding(options: Options, exclusion: Exclusion) -> dict[str, object]:
    """The options that exclude it: one pattern more, unless slim has it by default, and slim on."""
    changes: dict[str, object] = {} if options.slim else {"slim": True}
    is_default = options.slim_patterns_append_defaults and exclusion.pattern in DEFAULT_SLIM_PATTERNS
    if not is_default and exclusion.pattern not in options.slim_patterns:
        changes["slimPatterns"] = [*options.slim_patterns, exclusion.pattern]
    return changes


def putting_back(row: SizeRow, options: Options) -> tuple[dict[str, object], str]:
    """The options that have ship what a row leaves out, and what they do; or why there are none."""
    if len(row.key) < 2:
        return {}, "Open it, and put back one of what is in it."
    cause, _, pattern = row.key[1].partition(" ")
    match cause:
        case "noDeploy":
            return _putting_back_package(row, options)
        case "slimPatterns":
            rest = [each for each in options.slim_patterns if each != pattern]
            return {"slimPatterns": rest}, f"slimPatterns without {printable(pattern)}."
        case "slim":
            return {"slimPatternsAppendDefaults": False}, "slim without its default patterns."
        case "strip" | "layer":
            return {cause: False}, f"{cause} is off."
        case "package.patterns":
            return {}, f"package.patterns has {printable(pattern)}: that is changed in serverless.yml."
        case _:
            return {}, "The Framework never ships these, unless package.patterns asks for them."


def _putting_back_package(row: SizeRow, options: Options) -> tuple[dict[str, object], str]:
    from packaging.utils import canonicalize_name  # here, for it loads much, and the first paint needs none

    named: dict[str, str] = {canonicalize_name(name): name for name in options.no_deploy}
    package = row.key[2] if len(row.key) > 2 else ""
    if package in named:
        rest = [name for name in options.no_deploy if name != named[package]]
        return {"noDeploy": rest}, f"noDeploy without {printable(named[package])}."
    if package:
        return (
            {},
            f"{printable(package)} left with what needs it: put back {listed(tuple(named.values()), 2)}.",
        )
    return {"noDeploy": []}, "noDeploy names nothing."


def _of_left_out(row: SizeRow, options: Options) -> tuple[Content, ...]:
    what = count(row.files, "file")
    if len(row.key) < 2:
        return (Content.styled(f"{what} that could ship and don't, under what sees to that", MUTED),)
    changes, said = putting_back(row, options)
    first = Content.styled(f"{printable(row.name)} · {what}", MUTED)
    if not changes:
        return (first, Content.styled(said, MUTED))
    return (first, Content.assemble(("x", "bold $primary"), f" puts it back: {said}"))


def detail(row: SizeRow | None, workspace: Workspace, entries: tuple[Entry, ...]) -> tuple[Content, ...]:
    """Up to three lines about the marked row: what it is, what its key saves, and what goes with that."""
    plan, artifact = workspace.plan, workspace.artifact
    if row is None or plan is None or artifact is None:
        return ()
    if row.is_left_out:
        return _of_left_out(row, plan.service.options)
    if row.is_package and row.package not in (SERVICE_CODE, VENDOR, ZIP_HELPER):
        return _of_package(row.package, plan, artifact)
    return _of_path(row, workspace, artifact, entries)


def _of_package(package: str, plan: Plan, artifact: PlannedArtifact) -> tuple[Content, ...]:
    graph = graph_of(plan, artifact)
    is_asked_for = graph is not None and package in graph.direct
    shipped = {size.name for size in artifact.packages}
    parents = [name for name in (graph.required_by(package) if graph else ()) if name in shipped]
    needed = f"needed by {listed(parents, 2)}" if parents else ""
    asked = "asked for" if is_asked_for else ""
    omission = omission_of(package, plan, artifact)
    others = f" with {listed(omission.others, 1)}" if omission.others else ""
    return (
        Content.styled(" and ".join(filter(None, (asked, needed))) or "nothing says why it is here", MUTED),
        _offer("o", "omits it", change_of(omission.amount, plan.service.options), others),
    )


def _of_path(
    row: SizeRow, workspace: Workspace, artifact: PlannedArtifact, entries: tuple[Entry, ...]
) -> tuple[Content, ...]:
    path = printable(row.node.path) if row.node else ""
    first = Content.styled(f"{path or printable(row.name)} · {count(row.files, 'file')}", MUTED)
    reason = why_kept_whole(row, artifact, entries)
    if reason or workspace.service is None:
        return (first, Content.styled("" if row.is_package or row.node is None else reason, MUTED))
    options = workspace.service.options
    exclusion = exclusion_for(row, artifact)
    changes = changes_excluding(options, exclusion)
    amount = amount_of(entries, exclusion)
    where = f" in {count(amount.files, 'file')}" if exclusion.kind else ""
    saving = change_of(amount, options)
    if "slimPatterns" not in changes:
        return (first, _offer("x", "turns slim on, which excludes these", saving, where))
    second = _offer("x", f"excludes {printable(exclusion.pattern)}", saving, where)
    if options.slim:
        return (first, second)
    slim = workspace.effects.get("slim")
    change = slim.unzipped_change_bytes if slim else None
    return (
        first,
        second,
        Content.styled(
            f"  turns slim on{f': up to {format_change(change)} more' if change is not None else ''}", MUTED
        ),
    )


def _offer(key: str, does: str, change_bytes: int, more: str) -> Content:
    return Content.assemble(
        (key, "bold $primary"), f" {does}: ", (format_change(change_bytes), "$success"), (more, MUTED)
    )


def change_of(amount: Amount, options: Options) -> int:
    """What counts against the limit: with ``zip`` the requirements ship compressed."""
    return -(amount.zipped_bytes if options.zip else amount.unzipped_bytes)
