"""What does not ship though it could, and which option sees to that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pyreq_tui.build.plan import leaving, plan_requirements
from pyreq_tui.build.requirements import Unit
from pyreq_tui.build.user_files import chosen_files
from pyreq_tui.bundle import (
    SERVICE_CODE,
    Bundle,
    Entry,
    UnknownBytes,
    compose,
    excluded_by,
    omit,
    slim,
    strip,
)
from pyreq_tui.locks import target_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.model import Plan
    from pyreq_tui.build.outline import ArtifactOutline
    from pyreq_tui.build.requirements import RequirementMaterials
    from pyreq_tui.service import Options, Service

Cause = Literal["noDeploy", "slim", "slimPatterns", "strip", "layer", "package.patterns", "always"]
"""What leaves something out: an option, the service's patterns, or the Framework whatever they say."""
_SOURCE = UnknownBytes("does not ship")


@dataclass(frozen=True, eq=False)
class LeftOut:
    """What one option, or one pattern of it, leaves out of an artifact."""

    cause: Cause
    pattern: str
    """For patterns: which one."""
    bundle: Bundle
    """The files; for ``strip`` those that ship smaller, each with the bytes it lost."""

    @cached_property
    def title(self) -> str:
        """``slimPatterns **/tests``."""
        return f"{self.cause} {self.pattern}".rstrip()


def left_out(plan: Plan, materials: Materials, filename: str) -> tuple[LeftOut, ...]:
    """What does not ship in the artifact of that filename, in the order in which options are applied.

    What two options leave out counts for the one that is applied first. With ``layer`` the requirements count
    as left out of the functions: they ship, but elsewhere.
    """
    outline = next(each for each in materials.outlines if each.filename == filename)
    target = target_for(outline.runtime, outline.architecture)
    known = materials.requirements.get(Unit(outline.module, target)) if outline.module else None
    found = [*_by_option(known, outline, plan.service.options, materials)] if known else []
    if outline.kind != "layer":
        found += _by_patterns(outline, plan.service, materials)
    return tuple(each for each in found if each.bundle.entries)


def _by_option(
    known: RequirementMaterials, outline: ArtifactOutline, options: Options, materials: Materials
) -> Iterator[LeftOut]:
    vendored = [materials.vendored[vendor] for vendor in outline.vendors]
    if options.layer and outline.kind != "layer" and outline.module == ".":
        shipped, _ = plan_requirements(known, options, vendored, materials)
        yield LeftOut("layer", "", shipped)
        return
    before = compose(known.laid_out.entries, *vendored) if vendored else known.laid_out
    after = omit(before, leaving(known, options))
    yield LeftOut("noDeploy", "", _missing(before, after))
    if not options.slim:
        return
    before, after = after, slim(after, (), append_defaults=options.slim_patterns_append_defaults)
    yield LeftOut("slim", "", _missing(before, after))
    for pattern in options.slim_patterns:
        before, after = after, slim(after, (pattern,), append_defaults=False)
        yield LeftOut("slimPatterns", pattern, _missing(before, after))
    if options.strip and materials.strippers.get(known.target.architecture):
        yield LeftOut("strip", "", _lost(after, strip(after, materials.libraries)))


def _by_patterns(outline: ArtifactOutline, service: Service, materials: Materials) -> Iterator[LeftOut]:
    """The user's own files; of a module those in its folder, for the others are other functions' business."""
    chosen = {file.path for file in chosen_files(service, outline, materials.files)}
    inside = "" if outline.module in (None, ".") else f"{outline.module}/"
    files = [file for file in materials.files if file.path.startswith(inside) and file.path not in chosen]
    for pattern, excluded in excluded_by(files, outline.patterns).items():
        entries = tuple(Entry(file.path, file.size_bytes, 0, SERVICE_CODE, _SOURCE) for file in excluded)
        yield LeftOut("package.patterns" if pattern else "always", pattern, Bundle(entries))


def _missing(before: Bundle, after: Bundle) -> Bundle:
    if before is after:
        return Bundle(())
    kept = {entry[0] for entry in after.entries}
    return Bundle(tuple([entry for entry in before.entries if entry[0] not in kept]))


def _lost(before: Bundle, after: Bundle) -> Bundle:
    """The bytes that each file lost."""
    shipped = {entry[0]: entry for entry in after.entries}
    return Bundle(
        tuple(
            _difference(entry, shipped[entry.path])
            for entry in before.entries
            if entry.size_bytes > shipped[entry.path].size_bytes
        )
    )


def _difference(before: Entry, after: Entry) -> Entry:
    return before._replace(
        size_bytes=before.size_bytes - after.size_bytes,
        compressed_bytes=max(0, before.compressed_bytes - after.compressed_bytes),
    )
