"""Does each handler import? From the built artifact alone, in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.build import LineLogged, StepAdvanced, StepFinished, StepStarted
from pyreq_tui.errors import Finding
from pyreq_tui.findings.budgets import ImportTime
from pyreq_tui.findings.handlers import handler_file
from pyreq_tui.findings.imports.judge import HandlerImport, judge
from pyreq_tui.findings.imports.run import Wanted, run_import
from pyreq_tui.findings.imports.sandbox import sandbox
from pyreq_tui.findings.imports.surroundings import Surroundings
from pyreq_tui.findings.shipping import shipments
from pyreq_tui.locks import target_for
from pyreq_tui.service import environment_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyreq_tui.build import Materials, Plan, Report, Result
    from pyreq_tui.findings.imports.places import Place
    from pyreq_tui.findings.imports.sandbox import Sandbox
    from pyreq_tui.findings.shipping import Shipment
    from pyreq_tui.locks import Target
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service


@dataclass(frozen=True)
class ImportCheck:
    """All of them."""

    imports: tuple[HandlerImport, ...]
    findings: tuple[Finding, ...]

    @property
    def times(self) -> dict[str, ImportTime]:
        """By function, of those that imported."""
        return {
            done.function: ImportTime(
                done.imported.seconds, next((each.package for each in done.imported.packages), None)
            )
            for done in self.imports
            if done.imported.failure is None
        }


@dataclass(frozen=True)
class Prospect:
    """What trying the imports of some functions would do."""

    functions: tuple[str, ...]
    """Those of one artifact and Target."""
    place: str
    """Where their code would run: ``in a process here, on Python 3.12``."""
    obstacle: str | None
    """Why it can't be run on this machine."""


def prospects(
    plan: Plan, *, cancel: Cancel, names: Sequence[str] = (), offline: bool = False
) -> tuple[Prospect, ...]:
    """What `check_imports` would do for ``plan`` once it is built. Runs nothing of the user's.

    Looks for interpreters: takes a moment. Raises Cancelled.
    """
    surroundings = Surroundings(plan.service, lambda _: None, cancel, offline)
    return tuple(
        Prospect(
            tuple(each.function.name for each in group),
            surroundings.described(target),
            surroundings.obstacle(group[0], target),
        )
        for (_, target), group in _grouped(_wanted(plan, names)).items()
    )


def check_imports(
    result: Result,
    materials: Materials,
    *,
    report: Report,
    cancel: Cancel,
    names: Sequence[str] = (),
    offline: bool = False,
) -> ImportCheck:
    """Import the handlers of ``result``'s functions, of ``names`` only where some are given.

    This runs the user's code: in the service's container where ``dockerizePip`` is on, else in a process
    here. What can't be run is said as a finding. Raises BuildError where an artifact can't be unpacked,
    or the interpreter or the container not be started, and Cancelled.
    """
    plan, service = result.plan, result.plan.service
    paths = {artifact.planned.filename: artifact.path for artifact in result.artifacts}
    layers = [artifact for artifact in plan.artifacts if artifact.kind == "layer"]
    wanted = _wanted(plan, names)
    surroundings = Surroundings(service, report, cancel, offline)
    report(StepStarted("import", len(wanted)))
    imports: list[HandlerImport] = []
    findings: list[Finding] = []
    for (filename, target), group in _grouped(wanted).items():
        reason = surroundings.obstacle(group[0], target)
        if reason is not None:
            findings.append(_skipped(reason, group))
            continue
        of_group = {each.function.name for each in group}
        used = [paths[layer.filename] for layer in layers if of_group & set(layer.functions)]
        with sandbox(paths[filename], used, cancel) as made, surroundings.place(target, made) as place:
            owners = _owners(group[0])
            for shipment in group:
                done = _import(shipment, service, made, place, owners, cancel)
                imports.append(done)
                findings += judge(done, shipment, service, materials)
                report(StepAdvanced("import", len(imports), len(wanted)))
                report(LineLogged("import", f"{done.function} {done.imported.seconds:.2f} s"))
    seconds = sum(done.imported.seconds for done in imports)
    report(StepFinished("import", seconds, f"{len(imports)} of {len(wanted)} handlers"))
    return ImportCheck(tuple(imports), tuple(findings))


def _wanted(plan: Plan, names: Sequence[str]) -> list[Shipment]:
    return [each for each in shipments(plan) if _is_wanted(each, plan.service, names)]


def _is_wanted(shipment: Shipment, service: Service, names: Sequence[str]) -> bool:
    """Not where the handler is malformed or its file not there, which the Plan tells already."""
    function = shipment.function
    if service.provider != "aws" or (names and function.name not in names):
        return False
    attribute = (function.handler or "").rpartition(".")[2]
    return attribute.isidentifier() and handler_file(shipment) is not None


def _target(shipment: Shipment) -> Target:
    return target_for(shipment.function.runtime, shipment.function.architecture)


def _grouped(wanted: Sequence[Shipment]) -> dict[tuple[str, Target], list[Shipment]]:
    """Those that can be tried together: from one artifact, on one Target."""
    groups: dict[tuple[str, Target], list[Shipment]] = {}
    for shipment in wanted:
        groups.setdefault((shipment.artifact.filename, _target(shipment)), []).append(shipment)
    return groups


def _skipped(reason: str, group: Sequence[Shipment]) -> Finding:
    names = [each.function.name for each in group]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return Finding(
        "info",
        "imports-not-run",
        f"The import of {', '.join(names[:3])}{more} was not tried: {reason}.",
        where=group[0].function.where,
    )


def _import(
    shipment: Shipment,
    service: Service,
    made: Sandbox,
    place: Place,
    owners: Mapping[str, str],
    cancel: Cancel,
) -> HandlerImport:
    function = shipment.function
    handler = function.handler or ""
    module, _, attribute = handler.rpartition(".")
    wanted = Wanted(
        module=module.removeprefix("./").strip("/").replace("/", "."),
        attributes=(attribute,),
        function=function.name,
        handler=handler,
        environment=environment_of(service, function),
        target=_target(shipment),
    )
    imported = run_import(wanted, made, place, owners, cancel)
    return HandlerImport(function.name, handler, shipment.artifact.filename, imported)


def _owners(shipment: Shipment) -> dict[str, str]:
    """The package of each top-level module."""
    found: dict[str, str] = {}
    for entry in (*shipment.nested, *shipment.files.values()):
        found.setdefault(entry.path.partition("/")[0].partition(".")[0], entry.owner)
    return found
