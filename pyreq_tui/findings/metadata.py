"""Does a package miss its own metadata? What reads dist-info at import, while slim takes it out."""

from __future__ import annotations

import configparser
import zipfile
from itertools import starmap
from typing import TYPE_CHECKING, NamedTuple

from packaging.utils import canonicalize_name

from pyreq_tui.bundle import DEFAULT_SLIM_PATTERNS
from pyreq_tui.errors import Finding, OptionChange, Where
from pyreq_tui.findings.kept import Kept
from pyreq_tui.findings.metadata_reads import MetadataRead, metadata_reads
from pyreq_tui.findings.shipping import UNREADABLE, shipped_wheels
from pyreq_tui.findings.source_code import MAX_SOURCE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pyreq_tui.build import Plan, PlannedArtifact

FORMAT = 1
"""Of the records kept; raise it when what is read of a file changes."""
_COMMANDS = frozenset({"cli.py", "__main__.py", "conftest.py", "setup.py"})
_TESTS = frozenset({"tests", "test"})
_DIST_INFO = ".dist-info/"


class WheelFacts(NamedTuple):
    """What one wheel reads of metadata, and what it registers."""

    reads: Mapping[str, tuple[MetadataRead, ...]]
    """By member."""
    groups: tuple[str, ...]
    """The groups of entry points in it."""


def metadata_findings(plan: Plan, cache: Path) -> Iterator[Finding]:
    """Packages that would fail or find nothing at import, of those whose wheels are in the store."""
    if not plan.service.options.slim:
        return
    for artifact in plan.artifacts:
        yield from _judge(plan, artifact, Kept(cache, "metadata", FORMAT))


def _judge(plan: Plan, artifact: PlannedArtifact, kept: Kept) -> Iterator[Finding]:
    wheels = shipped_wheels(artifact)
    packages = {wheel.owner: path for path, wheel in wheels.items()}
    with_metadata = {
        path
        for path, wheel in wheels.items()
        if any(_DIST_INFO in file and file.endswith("/METADATA") for file in wheel.files)
    }
    facts = {path: known for path in wheels if (known := _facts(path, kept))}
    removed = {name for name, path in packages.items() if path not in with_metadata}
    registered = {
        group: name
        for name in sorted(removed)
        if (known := facts.get(packages[name]))
        for group in known.groups
    }
    for name, path in sorted(packages.items()):
        for member, read in _misses(facts.get(path), name, removed, registered, wheels[path].files):
            wanted = (
                f"the metadata of {read.name or name}"
                if read.kind == "distribution"
                else f"the entry points {read.name} that {registered[read.name or '']} registers"
            )
            yield Finding(
                "warning",
                "metadata-removed",
                f"When it is imported, {member} of {name} reads {wanted}; "
                f"slim takes that out of {artifact.filename}.",
                where=plan.service.options.where("slim") or Where(plan.service.config_file),
                hint="Keep dist-info: take the default slim patterns but for that one.",
                package=name,
                fix=_keep_metadata(plan),
            )
            break  # one for each package says enough


def _keep_metadata(plan: Plan) -> tuple[OptionChange, ...]:
    """The options that slim all but dist-info."""
    patterns = dict.fromkeys((*DEFAULT_SLIM_PATTERNS, *plan.service.options.slim_patterns))
    kept = [pattern for pattern in patterns if "dist-info" not in pattern]
    return (OptionChange("slimPatternsAppendDefaults", False), OptionChange("slimPatterns", kept))


def _misses(
    facts: WheelFacts | None,
    own: str,
    removed: set[str],
    registered: Mapping[str, str],
    shipped: set[str],
) -> Iterator[tuple[str, MetadataRead]]:
    """Reads that worked before slim, and would not after it."""
    for member, reads in facts.reads.items() if facts else ():
        if member not in shipped:
            continue
        for read in reads:
            if read.kind == "entry points":
                if read.name in registered:
                    yield member, read
            elif not read.is_guarded and canonicalize_name(read.name or own) in removed:
                yield member, read


def _facts(wheel: Path, kept: Kept) -> WheelFacts | None:
    """What is known of a wheel in the store; ``None`` where it is not there or can't be read."""
    content = f"{wheel.parent.name}/{wheel.name}"
    known = _wheel_facts(kept.recall(content))
    if known is None:
        try:
            with zipfile.ZipFile(wheel) as archive:
                known = _read_wheel(archive)
        except UNREADABLE:
            return None
        kept.remember(content, [known.reads, known.groups])
    return known


def _wheel_facts(record: object) -> WheelFacts | None:
    """What JSON made of WheelFacts; ``None`` for anything else."""
    if not isinstance(record, list) or len(record) != 2:
        return None
    reads, groups = record
    try:
        return WheelFacts(
            {str(member): tuple(starmap(MetadataRead, each)) for member, each in reads.items()},
            tuple(map(str, groups)),
        )
    except (TypeError, AttributeError):  # written by something else: the wheel is read again
        return None


def _read_wheel(archive: zipfile.ZipFile) -> WheelFacts:
    reads = {}
    groups: tuple[str, ...] = ()
    for info in archive.infolist():
        if info.file_size > MAX_SOURCE_BYTES:
            continue
        if _is_imported(info.filename) and (found := metadata_reads(archive.read(info))):
            reads[info.filename] = found
        elif info.filename.endswith(".dist-info/entry_points.txt"):
            groups = _groups(archive.read(info))
    return WheelFacts(reads, groups)


def _is_imported(member: str) -> bool:
    """Whether a function may import it: commands and tests it does not."""
    folder, _, name = member.rpartition("/")
    return name.endswith(".py") and name not in _COMMANDS and not _TESTS & set(folder.split("/"))


def _groups(text: bytes) -> tuple[str, ...]:
    """The groups that a wheel registers, but for scripts, which nobody looks up at run time."""
    parser = configparser.ConfigParser(delimiters=("=",), strict=False, interpolation=None)
    try:
        parser.read_string(text.decode("utf-8", "replace"))
    except configparser.Error:
        return ()
    return tuple(group for group in parser.sections() if group not in ("console_scripts", "gui_scripts"))
