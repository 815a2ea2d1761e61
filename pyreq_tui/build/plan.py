"""From what was gathered to what a build would write. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.build.model import Plan, PlannedArtifact
from pyreq_tui.build.problems import problems_of
from pyreq_tui.build.requirements import Unit
from pyreq_tui.bundle import (
    Bundle,
    compose,
    nest,
    omit,
    package_sizes,
    relocate,
    slim,
    strip,
    unstripped,
)
from pyreq_tui.locks import target_for

if TYPE_CHECKING:
    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.outline import ArtifactOutline
    from pyreq_tui.build.requirements import RequirementMaterials
    from pyreq_tui.bundle import Entry
    from pyreq_tui.locks import Target
    from pyreq_tui.service import Options, Service

LAYER_PREFIX = "python/"
"""Where a layer's packages lie, so that Lambda puts them on sys.path (AWS: packaging layers)."""
PROVIDER_PREFIXES = {"scaleway": "package/"}
"""Where packages lie at providers other than AWS (Scaleway: additional dependencies of Python functions)."""
_EMPTY = Bundle(())


def plan(service: Service, materials: Materials) -> Plan:
    """What a build of ``service`` would write. Takes milliseconds, touches nothing."""
    options = service.options
    planned = {
        artifact.filename: _plan_artifact(artifact, service, materials)
        for artifact in materials.outlines
        if artifact.kind != "layer" or options.layer
    }
    layers = sum(artifact.unzipped_bytes for artifact in planned.values() if artifact.kind == "layer")
    artifacts = tuple(
        _with_layer(planned[artifact.filename], layers if artifact.names_layer else 0)
        for artifact in materials.outlines
        if artifact.filename in planned
    )
    orphans = sorted({name for known in materials.requirements.values() for name in _orphans(known, options)})
    return Plan(
        service=service,
        artifacts=artifacts,
        graphs={module: known.graph for (module, _), known in materials.requirements.items() if known.graph},
        orphans=tuple(orphans),
        problems=(*service.problems, *materials.problems, *problems_of(service, materials, orphans)),
        bytes_fetched=materials.bytes_fetched,
        seconds=materials.seconds,
    )


def _plan_artifact(artifact: ArtifactOutline, service: Service, materials: Materials) -> PlannedArtifact:
    options = service.options
    target = target_for(artifact.runtime, artifact.architecture)
    known = None if artifact.module is None else materials.requirements.get(Unit(artifact.module, target))
    if known is not None and _carries_requirements(artifact, options):
        vendored = [materials.vendored[vendor] for vendor in artifact.vendors]
        requirements, waiting = plan_requirements(known, options, vendored, materials)
    else:
        own = [materials.vendored[vendor] for vendor in artifact.vendors if vendor != options.vendor]
        requirements, waiting = _slimmed(compose(*own), target, options, materials)
    prefix = LAYER_PREFIX if artifact.kind == "layer" else PROVIDER_PREFIXES.get(service.provider, "")
    code = materials.code.get(artifact.filename, _EMPTY)
    if options.zip and requirements.entries and artifact.kind != "layer":
        bundle, prefix = compose(nest(requirements), code.entries), ""
    else:
        bundle = compose(relocate(requirements, prefix).entries, code.entries)
    graph = known.graph if known else None
    versions = {pin.name: pin.version or "" for pin in known.lock.pins} if known and known.lock else {}
    return PlannedArtifact(
        name=artifact.name,
        filename=artifact.filename,
        kind=artifact.kind,
        functions=artifact.functions,
        target=target,
        bundle=bundle,
        unstripped=waiting,
        packages=package_sizes(bundle, versions, graph.required_by if graph else lambda _: ()),
        prefix=prefix,
    )


def _carries_requirements(artifact: ArtifactOutline, options: Options) -> bool:
    """With ``layer`` the root's requirements are in the layer, and the service's vendor folder over them.

    What another module needs stays with it, and so does a function's own vendor folder: Lambda looks into the
    function before it looks into layers.
    """
    return artifact.kind == "layer" or not options.layer or artifact.module != "."


def _with_layer(artifact: PlannedArtifact, layer_bytes: int) -> PlannedArtifact:
    if artifact.kind == "layer" or not layer_bytes:
        return artifact
    return replace(artifact, layer_bytes=layer_bytes)


def plan_requirements(
    known: RequirementMaterials, options: Options, vendored: list[tuple[Entry, ...]], materials: Materials
) -> tuple[Bundle, tuple[Entry, ...]]:
    """What ships of a module's requirements, and its libraries that a build would have to strip first.

    Wheel layout, vendor folders over it, noDeploy, slim, strip: in that order.
    """
    bundle = compose(known.laid_out.entries, *vendored) if vendored else known.laid_out
    return _slimmed(omit(bundle, leaving(known, options)), known.target, options, materials)


def _slimmed(
    bundle: Bundle, target: Target, options: Options, materials: Materials
) -> tuple[Bundle, tuple[Entry, ...]]:
    if not options.slim:
        return bundle, ()
    bundle = slim(bundle, options.slim_patterns, append_defaults=options.slim_patterns_append_defaults)
    if not (options.strip and materials.strippers.get(target.architecture)):
        return bundle, ()
    return strip(bundle, materials.libraries), unstripped(bundle, materials.libraries)


def leaving(known: RequirementMaterials, options: Options) -> frozenset[str]:
    """The packages that ``noDeploy`` takes out: those it names, and what only they brought in.

    A requirements file names only what it wants, so the dependencies of an omitted line go with it, as
    they do when pip never sees the line. A lockfile names every package, so there each stays until it
    is named itself, as the Framework's documentation says.
    """
    names = frozenset(canonicalize_name(name) for name in options.no_deploy)
    if not names or known.graph is None:
        return names
    return names | frozenset(known.graph.orphans(names))


def _orphans(known: RequirementMaterials, options: Options) -> frozenset[str]:
    """What still ships though only omitted packages need it: the case of lockfiles, which name everything."""
    names = frozenset(canonicalize_name(name) for name in options.no_deploy)
    if not names or known.graph is None or known.lock is None:
        return frozenset()
    roots = tuple(pin.name for pin in known.lock.pins if not known.graph.required_by(pin.name))
    return frozenset(replace(known.graph, direct=roots).orphans(names)) - leaving(known, options)
