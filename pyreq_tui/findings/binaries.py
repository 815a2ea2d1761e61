"""Do its binaries load? Every library of a built artifact, against the machine its functions run on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.bundle import SERVICE_CODE, VENDOR
from pyreq_tui.errors import Finding, OptionChange, Where
from pyreq_tui.findings.artifact import read_artifact
from pyreq_tui.findings.runtime_libraries import runtime_libraries
from pyreq_tui.findings.shipping import LAYER_PREFIX, all_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.findings.artifact import Shipped
    from pyreq_tui.locks import Target

_FOREIGN = {"Mach-O": ("macOS", (".so", ".dylib")), "PE": ("Windows", (".pyd", ".dll", ".so"))}
"""The system a format belongs to, and the names under which someone would load it; others are dead weight."""

_FOR_OTHERS = frozenset({"wrong-machine", "foreign-binary"})
"""What a package may ship on purpose, for other platforms, beside what loads here."""


def binary_findings(plan: Plan, output: Path, cache: Path) -> Iterator[Finding]:
    """What the artifacts in ``output`` hold that would not load; artifacts not built yet are named."""
    unread = []
    for artifact in plan.artifacts:
        shipped = read_artifact(output / artifact.filename, artifact.bundle.entries, cache)
        if shipped is not None:
            yield from judge(plan, artifact, shipped)
        elif any(".so" in entry.path for entry in all_entries(artifact)):
            unread.append(artifact.filename)
    if unread:
        is_one = len(unread) == 1
        yield Finding(
            "info",
            "binaries-not-read",
            f"The libraries in {', '.join(unread)} were not read: "
            f"{'it is' if is_one else 'they are'} not built, or not as serverless.yml says now.",
            where=Where(output / unread[0]) if (output / unread[0]).exists() else None,
            hint="Run `pyreq-tui build`, then check again.",
        )


def judge(plan: Plan, artifact: PlannedArtifact, shipped: Sequence[Shipped]) -> Iterator[Finding]:
    """What of ``shipped``, the binaries of ``artifact``, would not load on its Target."""
    target = artifact.target
    if target is None:
        return
    at_home = {_origin(each) for each in shipped if each.binary.machine == target.machine}

    def tell(found: Iterable[Shipped], code: str, says: Callable[[Shipped], str]) -> Iterator[Finding]:
        """One finding for each package."""
        by_owner: dict[str, list[Shipped]] = {}
        for each in found:
            by_owner.setdefault(each.owner, []).append(each)
        for owner, files in sorted(by_owner.items()):
            is_spare = code in _FOR_OTHERS and all(_origin(each) in at_home for each in files)
            is_grave = code != "missing-library" and not is_spare
            more = f" (and {len(files) - 1} more files of it)" if len(files) > 1 else ""
            yield Finding(
                "error" if is_grave else "warning",
                code,
                f"{files[0].path} in {artifact.filename} {says(files[0])}{more}.",
                where=Where(plan.service.config_file),
                hint=_hint(code, plan),
                package=owner,
                fix=(OptionChange("strip", False),) if _is_fault_of_strip(code, plan) else (),
            )

    libraries = [each for each in shipped if each.binary.kind == "ELF"]
    strange = [each for each in libraries if each.binary.machine not in (target.machine, "")]
    own = [each for each in libraries if each.binary.machine in (target.machine, "")]
    yield from tell(
        strange, "wrong-machine", lambda each: f"is built for {each.binary.machine}, not for {target}"
    )
    yield from tell(
        (each for each in shipped if _is_foreign(each)),
        "foreign-binary",
        lambda each: f"is a library for {_FOREIGN[each.binary.kind][0]}",
    )
    yield from tell(
        (each for each in own if each.binary.glibc and each.binary.glibc > target.glibc),
        "glibc-too-new",
        lambda each: (
            f"needs glibc {_dotted(each.binary.glibc)}; {target.runtime} has {_dotted(target.glibc)}"
        ),
    )
    yield from tell(
        (each for each in own if each.binary.fault), "damaged-library", lambda each: str(each.binary.fault)
    )
    missing = _missing(plan, artifact, own, target)
    yield from tell(
        missing,
        "missing-library",
        lambda each: f"needs {', '.join(missing[each])}, which neither the package nor {target.runtime} has",
    )


def _origin(each: Shipped) -> tuple[str, str]:
    """What was put there as one: a package, or a folder among the user's own files."""
    return each.owner, each.path.partition("/")[0] if each.owner in (SERVICE_CODE, VENDOR) else ""


def _is_foreign(each: Shipped) -> bool:
    return each.binary.kind in _FOREIGN and each.path.endswith(_FOREIGN[each.binary.kind][1])


def _missing(
    plan: Plan, artifact: PlannedArtifact, shipped: Iterable[Shipped], target: Target
) -> dict[Shipped, list[str]]:
    """Libraries asked for that nobody brings; none are told where layers from elsewhere may bring them."""
    layers = [each for each in plan.artifacts if each.kind == "layer"]
    for function in plan.service.functions:
        built_here = sum(function.name in layer.functions for layer in layers)
        if function.name in artifact.functions and len(function.layers) > built_here:
            return {}
    brought = {
        entry.path.removeprefix(LAYER_PREFIX).rpartition("/")[2]
        for each in (artifact, *layers)
        for entry in all_entries(each)
    }
    brought |= runtime_libraries(target)
    found = {each: [name for name in each.binary.needs if _basename(name) not in brought] for each in shipped}
    return {each: names for each, names in found.items() if names}


def _basename(name: str) -> str:
    return name.rpartition("/")[2]


def _dotted(version: tuple[int, int] | None) -> str:
    return ".".join(map(str, version or ()))


def _is_fault_of_strip(code: str, plan: Plan) -> bool:
    return code == "damaged-library" and plan.service.options.slim and plan.service.options.strip


def _hint(code: str, plan: Plan) -> str:
    if _is_fault_of_strip(code, plan):
        return "Set strip: false, and build again."
    return {
        "wrong-machine": "Name the package in the requirements instead of copying it, or leave it out.",
        "foreign-binary": "Name the package in the requirements instead of copying it, or leave it out.",
        "glibc-too-new": "Take a version of the package with a wheel for an older glibc, or a newer runtime.",
        "damaged-library": "Build again; if it stays, take another version of the package.",
        "missing-library": "Ship the library in the artifact or a layer, or take a wheel that bundles it.",
    }[code]
