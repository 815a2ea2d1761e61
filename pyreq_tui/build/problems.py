"""What composing a Plan brings to light, worth saying though it stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from pyreq_tui.build.docker import docker_findings
from pyreq_tui.bundle import KeptLibrary, is_library, library_key
from pyreq_tui.errors import Finding, OptionChange, Where
from pyreq_tui.service import LAYER_REFERENCE, layer_platform
from pyreq_tui.sources import LOCK_COMMANDS, overlooked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.requirements import RequirementMaterials
    from pyreq_tui.service import Service


def problems_of(service: Service, materials: Materials, orphans: list[str]) -> list[Finding]:
    """What a Plan of ``service`` should be shown with, from what was asked for to what could not be known."""
    return [
        *_runtime_problems(service, materials),
        *(
            problem
            for known in materials.requirements.values()
            for problem in _requirement_problems(service, known)
        ),
        *_option_problems(service, materials, orphans),
    ]


def _runtime_problems(service: Service, materials: Materials) -> Iterator[Finding]:
    """Runtimes that are not known, and one artifact for several of them."""
    for note in sorted({unit.target.note for unit in materials.requirements if unit.target.note}):
        yield Finding("warning", "runtime-assumed", note, where=Where(service.config_file))
    shared = [function for function in service.functions if function.packaged and not function.individually]
    kinds = {(function.runtime, function.architecture): function.name for function in shared}
    if len(kinds) < 2:
        return
    named = ", ".join(f"{name} is {runtime} {arch}" for (runtime, arch), name in kinds.items())
    artifact = next((outline for outline in materials.outlines if outline.kind == "service"), None)
    if artifact is None:
        return
    yield Finding(
        "warning",
        "mixed-runtimes",
        f"One artifact is built for {artifact.runtime} {artifact.architecture}, but {named}.",
        where=shared[0].where,
        hint="Set package.individually: true in the functions that differ: each then gets its own wheels.",
    )


def _requirement_problems(service: Service, known: RequirementMaterials) -> Iterator[Finding]:
    """What one module's requirements came to."""
    yield from known.problems
    folder = "the service's folder" if known.module == "." else f"{known.module}/"
    if known.source is None or known.lock is None:
        is_named = service.options.origin("fileName") != "default"  # so somebody meant a file to be there
        yield Finding(
            "warning" if is_named or known.module != "." else "info",
            "no-requirements",
            f"No requirements were found in {folder}: only its code ships.",
            where=service.options.where("fileName") or Where(service.config_file),
            hint=overlooked(service.root / known.module, service.options)
            or f"Put a {service.options.file_name} there, or a lockfile.",
        )
        return
    lock, where = known.lock, Where(known.source.lockfile or known.source.manifest or service.config_file)
    if known.source.is_fresh is False:
        yield Finding(
            "warning",
            "stale-lock",
            f"{where.file.name} in {folder} is older than what it locks: it does not answer the manifest.",
            where=where,
            hint=f"Run {LOCK_COMMANDS[known.source.kind]}, then build.",
        )
    omitted = {canonicalize_name(name) for name in service.options.no_deploy}
    reasons = [(len(lock.dropped), "dropped by their markers"), (len(lock.pins), "omitted by noDeploy")]
    counts = [f"{count} {why}" for count, why in reasons if count]
    if counts and omitted.issuperset(pin.name for pin in lock.pins):
        yield Finding(
            "warning",
            "zero-requirements",
            f"Nothing that {folder} requires ships on {lock.target.runtime}: {', '.join(counts)}.",
            where=where,
        )
    if known.settings.compiles and known.compiler is None:
        yield Finding(
            "warning",
            "bytecode-unavailable",
            f"--compile asks for bytecode, and this machine has no Python for {lock.target.runtime}.",
            where=service.options.where("pipCmdExtraArgs") or where,
            hint="Install that Python, or name one that is there with pythonBin.",
        )
    yield from _unsupported_python(service, known, where)
    for name, newer in lock.held_back:
        yield Finding(
            "info",
            "held-back",
            f"{name} {newer} has no wheel that loads on {lock.target}: an older release ships.",
            where=where,
            package=name,
        )
    for argument, why in known.settings.needless:
        yield Finding(
            "info",
            "pip-arguments-needless",
            f"{argument} makes no difference: {why}.",
            where=service.options.where("pipCmdExtraArgs") or where,
        )


def _unsupported_python(service: Service, known: RequirementMaterials, where: Where) -> Iterator[Finding]:
    """Wheels that say of themselves that they are not for the runtime's Python.

    uv heeds the lower bound of Requires-Python only; pip takes no release that any part of it rules out.
    """
    omitted = {canonicalize_name(name) for name in service.options.no_deploy}
    for name, contents in known.contents.items():
        asked = contents.requires_python
        if asked is None or name in omitted:
            continue
        try:
            is_supported = SpecifierSet(asked).contains(known.target.python_full_version, prereleases=True)
        except InvalidSpecifier:
            continue  # old releases hold anything; pip passes over it too
        if not is_supported:
            yield Finding(
                "warning",
                "python-not-supported",
                f"{contents.filename.split('-')[0]} {contents.filename.split('-')[1]} is for "
                f"Python {asked}, not for {known.target.runtime}: pip would refuse it.",
                where=where,
                package=name,
                hint="Allow a release that is for this Python, or change the runtime.",
            )


def _option_problems(service: Service, materials: Materials, orphans: list[str]) -> list[Finding]:
    """What the options come to with these packages."""
    options = service.options
    problems = []
    if orphans:
        problems.append(
            Finding(
                "warning",
                "no-deploy-orphans",
                f"Only omitted packages need {', '.join(orphans)}, and they still ship.",
                where=options.where("noDeploy") or Where(service.config_file),
                hint="Add them to noDeploy too.",
                fix=(OptionChange("noDeploy", [*options.no_deploy, *orphans]),),
            )
        )
    known_names = {
        pin.name for known in materials.requirements.values() if known.lock for pin in known.lock.pins
    }
    unknown = [name for name in options.no_deploy if canonicalize_name(name) not in known_names]
    if unknown:
        problems.append(
            Finding(
                "info",
                "no-deploy-absent",
                f"noDeploy names {', '.join(unknown)}, which would not ship anyway.",
                where=options.where("noDeploy") or Where(service.config_file),
            )
        )
    if options.layer:
        problems += _layer_problems(service, materials)
    if options.slim and options.strip:
        problems += _stripping_problems(service, materials)
    unbuilt = sorted({pin.name for known in materials.requirements.values() for pin in known.unbuilt})
    problems += docker_findings(
        service, [known.lock for known in materials.requirements.values() if known.lock]
    )
    if unbuilt:
        problems.append(
            Finding(
                "info",
                "not-built-yet",
                f"{', '.join(unbuilt)}: no wheel to look into, so the size is a guess until the first build.",
            )
        )
    return problems


def _layer_problems(service: Service, materials: Materials) -> Iterator[Finding]:
    """A layer that can't be built, that nobody uses, or that does not hold all there is."""
    where = service.options.where("layer") or Where(service.config_file)
    if layer_platform(service)[0] is None:
        message = "The layer is not built: neither the provider nor the layer names a runtime of Python."
        hint = "Name one: layer: {compatibleRuntimes: [python3.13]}"
        yield Finding("warning", "layer-without-runtime", message, where, hint)
    served = [each for each in service.functions if each.packaged and each.module == "."]
    without = [each.name for each in served if LAYER_REFERENCE not in each.layers]
    if without:
        yield Finding(
            "warning" if len(without) == len(served) else "info",
            "layer-not-named",
            f"{', '.join(without[:5])}{' and more' if len(without) > 5 else ''} would run without the "
            "requirements: they are in the layer, which only functions that name it get.",
            where=where,
            hint="`pyreq-tui config --use-layer` adds the references.",
        )
    modules = sorted({str(each.module) for each in materials.outlines if each.module not in (None, ".")})
    if modules:
        yield Finding(
            "warning",
            "layer-leaves-modules",
            "The layer holds the requirements of the service's root only; "
            f"those of {', '.join(modules)} stay in their functions.",
            where=where,
            hint="The Framework itself would leave them out: deploy the artifacts that pyreq-tui builds.",
        )


def _stripping_problems(service: Service, materials: Materials) -> list[Finding]:
    where = service.options.where("slim") or Where(service.config_file)
    problems = []
    missing = sorted(name for name, stripper in materials.strippers.items() if stripper is None)
    if missing:
        problems.append(
            Finding(
                "info",
                "strip-unavailable",
                f"This machine has no strip for {' and '.join(missing)}: libraries ship as they are.",
                where=where,
                hint="Install binutils (or llvm), or set strip: false to say that this is meant.",
            )
        )
    broken_keys = {
        key
        for key, library in materials.libraries.items()
        if isinstance(library, KeptLibrary) and library.is_broken_by_strip
    }
    if broken_keys:
        broken = sorted(
            {
                entry.owner
                for known in materials.requirements.values()
                for entry in known.laid_out.entries
                if is_library(entry) and library_key(entry) in broken_keys
            }
        )
        problems.append(
            Finding(
                "info",
                "strip-undone",
                f"strip would break a library of {', '.join(broken)}: it ships as it was.",
                where=where,
            )
        )
    return problems
