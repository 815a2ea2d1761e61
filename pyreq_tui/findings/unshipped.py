"""Does everything ship that a handler imports? Found by reading, before anything is downloaded."""

from __future__ import annotations

import sys
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from packaging.utils import canonicalize_name

from pyreq_tui.aws import facts
from pyreq_tui.bundle import SERVICE_CODE, DeflatedBytes
from pyreq_tui.errors import Finding, OptionChange, Where
from pyreq_tui.findings.bringing import let_in, own_file, package_of
from pyreq_tui.findings.handlers import handler_file
from pyreq_tui.findings.reached import reached_from
from pyreq_tui.findings.shipping import shipments, source_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan
    from pyreq_tui.bundle import Entry
    from pyreq_tui.errors import Change
    from pyreq_tui.findings.reached import Reached
    from pyreq_tui.findings.shipping import Shipment
    from pyreq_tui.findings.source_code import Import
    from pyreq_tui.service import Service

_OTHER_STANDARD = frozenset(
    "aifc annotationlib asynchat asyncore audioop binhex cgi cgitb chunk compression crypt distutils imghdr "  # noqa: SIM905 - in one line each these were a page
    "imp lib2to3 mailcap msilib nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib tomllib uu "
    "xdrlib zoneinfo".split()
)
"""Modules of Python's library that some version from 3.6 on has and another has not (PEP 594 and others)."""
_BROUGHT = frozenset({"awslambdaric", "lambda_runtime_client", "runtime_client", "unzip_requirements"})
"""Modules of the runtime itself, and the helper of ``zip: true``, which handlers try for."""


class Unmet(NamedTuple):
    """An import that fails."""

    module: str
    """The topmost of what is imported."""
    importer: Entry
    where: Where


def unshipped_findings(plan: Plan) -> Iterator[Finding]:
    """Modules that importing a handler surely comes to, and that neither the artifact nor the runtime has.

    One finding for each module and artifact. Silent where it can't be told: other people's layers, packages
    that are not built yet, code that changes where imports are looked for, other providers' runtimes.
    """
    if plan.service.provider != "aws":
        return
    told: set[tuple[str, str]] = set()
    there: dict[tuple[str, ...], frozenset[str]] = {}
    for shipment in shipments(plan):
        handler = handler_file(shipment)
        sources = [each for each in plan.artifacts if shipment.function.name in each.functions]
        is_known = not shipment.has_foreign_layers and all(each.bundle.is_exact for each in sources)
        if handler is None or handler.owner != SERVICE_CODE or not is_known:
            continue
        key = tuple(each.filename for each in sources)
        there[key] = there.get(key) or _modules(shipment)
        for unmet in _unmet(reached_from(handler, shipment, surely=True), there[key]):
            if (shipment.artifact.filename, unmet.module) not in told:
                told.add((shipment.artifact.filename, unmet.module))
                yield _finding(unmet, shipment, plan.service)


def _modules(shipment: Shipment) -> frozenset[str]:
    """The topmost modules that the function can import; those of the nested zip are another's concern."""
    paths = [*shipment.files, *(entry.path for entry in shipment.nested)]
    brought = {path.partition("/")[0].partition(".")[0] for path in paths}
    return sys.stdlib_module_names | _OTHER_STANDARD | _BROUGHT | facts().runtime_modules | brought


def _unmet(reached: list[Reached], there: frozenset[str]) -> Iterator[Unmet]:
    if any(code.moves_path for _, code in reached):
        return
    for entry, code in reached:
        for imported in code.sure_imports:
            top = _top(imported)
            if top and top not in there and isinstance(entry.source, DeflatedBytes):
                yield Unmet(top, entry, Where(entry.source.path, imported.line))


def _top(imported: Import) -> str:
    return "" if imported.level else imported.module.partition(".")[0]


def _finding(unmet: Unmet, shipment: Shipment, service: Service) -> Finding:
    module, function, artifact = unmet.module, shipment.function, shipment.artifact
    package: str | None = package_of(module)
    own = own_file(module, shipment, service)
    wanted = canonicalize_name(package_of(module))
    omitted = [name for name in service.options.no_deploy if canonicalize_name(name) == wanted]
    fix: tuple[Change, ...] = ()
    beside = PurePosixPath(unmet.importer.path).parent
    if source_file(str(beside / module), shipment.files):
        package = None
        hint = f"It lies beside, but imports count from the root: import {'.'.join(beside.parts)}.{module}."
    elif own is not None:
        package = None
        hint, change = let_in(own, shipment, service)
        fix = (change,)
    elif omitted:
        kept = [name for name in service.options.no_deploy if name not in omitted]
        hint = f"Take {omitted[0]} out of noDeploy: the runtime does not have it."
        fix = (OptionChange("noDeploy", kept, is_unset=not kept),)
    else:
        hint = f"Add {package} to the requirements, or what else brings {module}."
    return Finding(
        "error",
        "import-not-shipped",
        f"{function.name} imports {module}, which neither {artifact.filename} nor the runtime has.",
        where=unmet.where,
        hint=hint,
        package=package,
        fix=fix,
    )
