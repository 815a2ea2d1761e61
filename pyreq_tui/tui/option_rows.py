"""What stands in each row of the options pane. Pure, so that it can be tested without a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pyreq_tui.aws import facts
from pyreq_tui.redact import redact
from pyreq_tui.service import render_flow
from pyreq_tui.tui.text import count, listed, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyreq_tui.build import Effect, PlannedArtifact
    from pyreq_tui.service import Options, OptionSpec, Service
    from pyreq_tui.tui.workspace import Workspace

Mark = Literal["on", "off", "value"]

GROUPS = ("Size", "Shape", "Installer", "Docker", "Sources", "Caches")
"""The groups, remedies first."""

UNWEIGHED: Mapping[str, str] = {
    "Shape": "known after a new estimate",
    "Sources": "may change which packages ship: known after a new estimate",
    "Installer": "changes how packages are built, hardly what ships",
    "Docker": "changes where packages are built, hardly what ships",
    "Caches": "changes how long a build takes, not what ships",
}
"""What is said of options by group, where there is no figure."""
_NEEDS: Mapping[str, tuple[str, str]] = {
    "strip": ("slim", "needs slim"),
    "slimPatterns": ("slim", "needs slim"),
    "slimPatternsAppendDefaults": ("slim", "needs slim"),
    "cleanupZipHelper": ("zip", "needs zip"),
    "staticCacheMaxVersions": ("useStaticCache", "needs useStaticCache"),
    "dockerPrivateKey": ("dockerSsh", "needs dockerSsh"),
    "requirePoetryLockFile": ("usePoetry", "needs usePoetry"),
    "poetryWithGroups": ("usePoetry", "needs usePoetry"),
    "poetryWithoutGroups": ("usePoetry", "needs usePoetry"),
    "poetryOnlyGroups": ("usePoetry", "needs usePoetry"),
    "uvWithGroups": ("useUv", "needs useUv"),
    "uvWithoutGroups": ("useUv", "needs useUv"),
    "uvOnlyGroups": ("useUv", "needs useUv"),
    "uvOptionalDependencies": ("useUv", "needs useUv"),
}
"""Options that mean nothing unless another one is set, and how the screen says so."""


@dataclass(frozen=True)
class OptionRow:
    """One line of the pane: an option, or one package under ``noDeploy``."""

    id: str
    key: str
    label: str
    mark: Mark
    value: str
    """What stands beside the label where there is no figure; empty for switches."""
    change_bytes: int | None
    """What activating the row would add to the unzipped size."""
    zipped_change_bytes: int | None
    reason: str
    """Why it can't be changed now, or has no figure."""
    effect: str
    """In words, where there is no figure."""
    is_enabled: bool
    is_changed: bool
    """Changed and not saved."""
    next_value: object
    """What activating it sets; ``None`` where it has to be typed."""
    help: str
    origin: str
    """Where its value comes from: ``the default``, ``serverless.yml:14``, ``changed, not saved``."""
    package: str | None = None
    """For a row under ``noDeploy``."""


def option_rows(workspace: Workspace, specs: Sequence[OptionSpec]) -> tuple[tuple[str, list[OptionRow]], ...]:
    """The rows by group, in the order of GROUPS."""
    service = workspace.service
    if service is None:
        return ()
    grouped: dict[str, list[OptionRow]] = {group: [] for group in GROUPS}
    for spec in specs:
        row = _row(spec, service, workspace)
        grouped.setdefault(spec.group, []).append(row)
        if spec.key == "noDeploy":
            grouped[spec.group].extend(_package_rows(row, service.options, workspace))
    return tuple((group, rows) for group, rows in grouped.items() if rows)


def _row(spec: OptionSpec, service: Service, workspace: Workspace) -> OptionRow:
    options = service.options
    value = options.value(spec.key)
    effect = workspace.effects.get(spec.key)
    reason = _missing(spec, service)
    return OptionRow(
        id=spec.key,
        key=spec.key,
        label=spec.key,
        mark=_mark(spec, value),
        value=_value_text(spec, value),
        change_bytes=effect.unzipped_change_bytes if effect and not reason else None,
        zipped_change_bytes=effect.zipped_change_bytes if effect and not reason else None,
        reason=reason or (effect.note if effect else ""),
        effect=_docker_effect(spec, service, workspace) or UNWEIGHED.get(spec.group, ""),
        is_enabled=not reason,
        is_changed=spec.key in workspace.changes,
        next_value=next_value(spec, value),
        help=spec.help,
        origin=_origin(spec.key, options, workspace),
    )


def _origin(key: str, options: Options, workspace: Workspace) -> str:
    if key in workspace.changes:
        return "changed, not saved"
    if options.origin(key) == "default":
        return "the default"
    where = options.where(key)
    if where is None:
        return "set for this run"
    return printable(f"{where.file.name}:{where.line}" if where.line else where.file.name)


def next_value(spec: OptionSpec, value: object) -> object:
    """The value after ``value`` when a person flips the option; ``None`` where it has to be typed."""
    if spec.kind in {"bool", "layer"}:
        return not value
    if spec.kind == "choice" and spec.choices:
        choices = list(spec.choices)
        return choices[(choices.index(value) + 1) % len(choices)] if value in choices else choices[0]
    return None


def toggled_no_deploy(options: Options, package: str) -> list[str]:
    """``noDeploy`` with ``package`` added, or without it where it is there, under whatever spelling."""
    from packaging.utils import canonicalize_name  # here, for it loads much, and the first paint needs none

    names = [str(name) for name in options.no_deploy]
    wanted = canonicalize_name(package)
    kept = [name for name in names if canonicalize_name(name) != wanted]
    return kept if len(kept) < len(names) else [*names, package]


def _missing(spec: OptionSpec, service: Service) -> str:
    needed, why = _NEEDS.get(spec.key, ("", ""))
    if needed and not service.options.value(needed):
        return why
    is_idle = _is_told_to_docker(spec) and not service.options.dockerize_pip and service.docker != "auto"
    return "needs Docker" if is_idle else ""


def _is_told_to_docker(spec: OptionSpec) -> bool:
    """Whether it is one of the options that say how Docker is used, not whether."""
    return spec.group == "Docker" and spec.key != "dockerizePip"


def _docker_effect(spec: OptionSpec, service: Service, workspace: Workspace) -> str:
    """Where Docker is used now and then: whether it would be here, now."""
    if spec.group != "Docker":
        return ""
    if service.docker == "auto":
        if spec.key == "dockerizePip":
            return "for the Framework alone: here docker: auto decides"
        problems = workspace.plan.problems if workspace.plan else ()
        built = [found.package for found in problems if found.code == "docker-needed" and found.package]
        return f"counts where docker: auto builds: {listed(built, 2) if built else 'nothing here'}"
    if service.options.dockerize_pip == "non-linux":
        from pyreq_tui.build import docker_use  # here, for it brings along what Docker is told

        return (
            f"counts where Docker is used: {'not here' if docker_use(service) == 'nothing' else 'here too'}"
        )
    return ""


def _mark(spec: OptionSpec, value: object) -> Mark:
    if spec.kind in {"bool", "layer"} or value is False:
        return "on" if value else "off"
    return "value"


def _value_text(spec: OptionSpec, value: object) -> str:
    if isinstance(value, bool):
        return "" if spec.kind in {"bool", "layer"} else str(value).lower()
    if value is None or value == "":
        return "–"
    if isinstance(value, (list, tuple)):
        return printable(str(value[0])) if len(value) == 1 else str(len(value)) if value else "–"
    if isinstance(value, dict) or spec.kind == "layer":
        return ""
    return printable(str(value))


def _package_rows(parent: OptionRow, options: Options, workspace: Workspace) -> Iterator[OptionRow]:
    """The packages that are omitted, then those that the runtime brings, so that omitting is an offer."""
    from packaging.utils import canonicalize_name

    artifact = workspace.artifact
    omitted: dict[str, str] = {canonicalize_name(str(name)): str(name) for name in options.no_deploy}
    saved = workspace.saved.options.no_deploy if workspace.saved else ()
    was_omitted = {canonicalize_name(str(name)) for name in saved}
    offered = {} if artifact is None else {package.name: package for package in artifact.packages}
    names = [
        *omitted,
        *sorted(name for name in facts().runtime_packages & offered.keys() if name not in omitted),
    ]
    for name in names:
        is_on = name in omitted
        effect = workspace.effects.get(f"noDeploy {omitted.get(name, name)}")
        change, zipped = _package_change(name, effect, artifact, is_nested=bool(options.value("zip")))
        yield OptionRow(
            id=f"noDeploy {name}",
            key="noDeploy",
            label=printable(omitted.get(name, name)),
            mark="on" if is_on else "off",
            value="",
            change_bytes=change,
            zipped_change_bytes=zipped,
            reason="",
            effect="",
            is_enabled=True,
            is_changed=is_on != (name in was_omitted),
            next_value=toggled_no_deploy(options, name),
            help=(
                "Left out of the package."
                if is_on
                else "The runtime brings it, in a version that AWS changes; leaving it out saves this."
            ),
            origin=parent.origin,
            package=name,
        )


def _package_change(
    name: str, effect: Effect | None, artifact: PlannedArtifact | None, *, is_nested: bool
) -> tuple[int | None, int | None]:
    if effect is not None:
        return effect.unzipped_change_bytes, effect.zipped_change_bytes
    if artifact is None or is_nested:
        return None, None
    for package in artifact.packages:
        if package.name == name:
            return -package.unzipped_bytes, -package.zipped_bytes
    return None, None


def remedies(rows: Sequence[OptionRow], excess_bytes: int) -> tuple[str, ...]:
    """What would each make it fit: ``with slim``, ``without botocore``; nothing where it fits."""
    return tuple(
        f"with {row.label}" if row.package is None else f"without {row.label}"
        for row in rows
        if row.is_enabled and row.change_bytes is not None and -row.change_bytes >= excess_bytes > 0
    )


def flow_block(options: Options, specs: Sequence[OptionSpec]) -> str:
    """What the file would set, as YAML on one line without secrets: ``{ slim: true, noDeploy: [boto3] }``."""
    values = [
        f"{spec.key}: {render_flow(_without_secrets(options.value(spec.key)))}"
        for spec in specs
        if options.origin(spec.key) != "default"
    ]
    return f"{{ {', '.join(values)} }}" if values else "{}"


def _without_secrets(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_secrets(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(item) for item in value]
    return redact(value) if isinstance(value, str) else value


def summary(changes: int) -> str:
    """``2 changes, not saved``."""
    return f"{count(changes, 'change')}, not saved" if changes else "nothing changed"
