"""``scan``: what is there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyreq_tui.cli.messages import finding_lines
from pyreq_tui.cli.output import write_json, write_text
from pyreq_tui.service import OPTION_SPECS
from pyreq_tui.sources import find_source

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.cli.arguments import Arguments
    from pyreq_tui.errors import Finding
    from pyreq_tui.service import Service
    from pyreq_tui.sources import Source


def scan(arguments: Arguments, *, as_json: bool) -> None:
    """Print functions, modules with their sources, effective options and problems."""
    service = arguments.load()
    if arguments.functions:
        service.check_functions(arguments.functions)
        named = tuple(each for each in service.functions if each.name in arguments.functions)
        service = replace(service, functions=named)
    sources = {module: find_source(service, module) for module in modules(service)}
    if as_json:
        write_json(as_data(service, sources))
    else:
        write_text(as_text(service, sources))


def modules(service: Service) -> dict[str, list[str]]:
    """The functions of each module: those packaged individually by their own, all others by the root."""
    found: dict[str, list[str]] = {}
    for function in service.functions:
        if function.packaged:
            found.setdefault(function.module if function.individually else ".", []).append(function.name)
    return found


def as_data(service: Service, sources: dict[str, Source | None]) -> dict[str, object]:
    """The JSON that CONTRACT promises for ``scan``."""
    return {
        "service": service.name,
        "config_file": str(service.config_file),
        "provider": service.provider,
        "runtime": service.runtime,
        "architecture": service.architecture,
        "enabled": service.enabled,
        "reason": service.reason,
        "functions": [
            {
                "name": function.name,
                "handler": function.handler,
                "runtime": function.runtime,
                "architecture": function.architecture,
                "module": function.module,
                "individually": function.individually,
                "packaged": function.packaged,
                "reason": function.reason,
            }
            for function in service.functions
        ],
        "modules": [
            {"path": module, "source": _source_data(sources[module]), "functions": functions}
            for module, functions in modules(service).items()
        ],
        "options": {
            spec.key: {"value": service.options.value(spec.key), "origin": service.options.origin(spec.key)}
            for spec in OPTION_SPECS
        },
        "problems": [problem_data(problem) for problem in service.problems],
    }


def _source_data(source: Source | None) -> dict[str, object] | None:
    if source is None:
        return None
    return {
        "kind": source.kind,
        "manifest": _path(source.manifest),
        "lockfile": _path(source.lockfile),
        "fresh": source.is_fresh,
    }


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path)


def problem_data(finding: Finding) -> dict[str, object]:
    """A finding as ``scan`` prints it."""
    return {
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "file": str(finding.where.file) if finding.where else None,
        "line": finding.where.line if finding.where else None,
        "hint": finding.hint,
    }


def as_text(service: Service, sources: dict[str, Source | None]) -> str:
    """The same for people."""
    provided = f"{service.provider} {service.runtime or 'no runtime'} {service.architecture}"
    lines = [f"{service.name}  {service.stage}  {provided}", f"  {service.config_file}"]
    if not service.enabled:
        lines.append(f"  Python support is not active: {service.reason}")
    lines += ["", "functions"]
    width = max((len(function.name) for function in service.functions), default=0)
    for function in service.functions:
        if not function.packaged:
            lines.append(f"  – {function.name:<{width}}  skipped: {function.reason}")
            continue
        own = f"its own zip, module {function.module}" if function.individually else "shared zip"
        lines.append(f"  · {function.name:<{width}}  {function.runtime} {function.architecture}, {own}")
    if not service.functions:
        lines.append("  none")
    lines += ["", "modules"]
    for module, source in sources.items():
        lines.append(f"  {module}  {_source_text(source)}")
    changed = [spec for spec in OPTION_SPECS if service.options.origin(spec.key) != "default"]
    lines += ["", "options (the rest are at their defaults)" if changed else "options: all at their defaults"]
    for spec in changed:
        origin = service.options.origin(spec.key)
        lines.append(
            f"  {spec.key}: {service.options.value(spec.key)}{' (this run)' if origin == 'override' else ''}"
        )
    if service.problems:
        lines += ["", "problems"]
        lines += [f"  {line}" for problem in service.problems for line in finding_lines(problem)]
    return "\n".join(lines)


def _source_text(source: Source | None) -> str:
    if source is None:
        return "no requirements"
    freshness = {True: ", fresh", False: ", stale", None: ", not locked" if source.is_unlocked else ""}
    files = [path.name for path in (source.manifest, source.lockfile) if path]
    return f"{source.kind}: {' + '.join(files)}{freshness[source.is_fresh]}"
