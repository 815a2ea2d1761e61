"""What a service raises: the block itself, who speaks for its requirements, who installs, Docker, size."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyreq_tui.aws import facts
from pyreq_tui.build import changes_for
from pyreq_tui.errors import PyreqError
from pyreq_tui.service import HANDOVER_FOLDER
from pyreq_tui.setup.model import Choice, Step
from pyreq_tui.setup.wording import listed
from pyreq_tui.sizes import format_size
from pyreq_tui.sources import find_source

if TYPE_CHECKING:
    from pyreq_tui.service import Service
    from pyreq_tui.setup.decided import Decided
    from pyreq_tui.setup.estimate import Estimate
    from pyreq_tui.sources import Source

_TURNS_OFF = {"uv": "useUv", "poetry": "usePoetry", "pipenv": "usePipenv"}
"""By kind of source: the option that has it passed over."""
_ON = frozenset({"on"})
_OFF = frozenset({"off"})


def ask_support(decided: Decided, _estimate: Estimate | None) -> Step | None:
    """Whether Python support is to be on, where it is not."""
    service = decided.survey.service
    if service is None or service.enabled or not decided.survey.is_python:
        return None
    if service.has_block:
        return Step(
            "support",
            "Python support",
            f"It is off: {service.reason}.",
            (
                Choice("off", "leave it off", "somebody turned it off"),
                Choice("on", "enabled: true", "requirements are packaged again"),
            ),
            recommended=_OFF,
            unchanged=_OFF,
        )
    own = "The Framework packages requirements only where custom.pythonRequirements stands, be it as {}."
    old = (
        f"The Framework {decided.survey.framework} has no Python support of its own: with the "
        f"block pyreq-tui builds, and `config --use-artifacts` has it deploy from {HANDOVER_FOLDER}/."
    )
    return Step(
        "support",
        "Python support",
        own if decided.survey.has_own_support else old,
        (
            Choice("on", "custom.pythonRequirements: {}", "requirements ship with the functions"),
            Choice("off", "leave it off", "requirements have to get there another way"),
        ),
        recommended=_ON,
        unchanged=_OFF,
    )


def take_support(decided: Decided, chosen: frozenset[str], _estimate: Estimate | None) -> Decided:
    """Whether there is a block."""
    return replace(decided, has_support="on" in chosen)


def ask_source(decided: Decided, _estimate: Estimate | None) -> Step | None:
    """Which of two manifests speaks: asked where requirements.txt stands beside a lockfile."""
    if not decided.has_support:
        return None
    service = decided.service
    beside = [source for source in _sources(service)[0] if _has_plain_requirements(source, service)]
    if not beside:
        return None
    source = beside[0]
    place = "the service's folder" if source.module == "." else f"{source.module}/"
    option = _TURNS_OFF[source.kind]
    name = service.options.file_name
    lock = (source.lockfile or source.manifest or source.folder).name
    return Step(
        "source",
        "Requirements",
        f"In {place} both {lock} and {name} say what is required. The Framework takes {lock}.",
        (
            Choice("lock", lock, "what is pinned there ships, version by version"),
            Choice("plain", f"{option}: false", f"{name} speaks, and {lock} is passed over"),
        ),
        recommended=frozenset({"lock"}),
        unchanged=frozenset({"lock"}),
    )


def take_source(decided: Decided, chosen: frozenset[str], _estimate: Estimate | None) -> Decided:
    """What is passed over, until the plain requirements speak."""
    while "plain" in chosen:
        service = decided.service
        beside = [source for source in _sources(service)[0] if _has_plain_requirements(source, service)]
        if not beside:
            break
        decided = decided.with_options({_TURNS_OFF[beside[0].kind]: False})
    return decided


def ask_installer(decided: Decided, _estimate: Estimate | None) -> Step | None:
    """Who installs, with what was found to be installed."""
    if not decided.has_support:
        return None
    service = decided.service
    sources, unread = _sources(service)
    options = service.options
    current = options.installer
    is_uv = decided.is_first and any(source.kind == "uv" for source in sources)
    return Step(
        "installer",
        "Installer",
        _said(sources, unread),
        (
            Choice("pip", "installer: pip", "the Framework's default"),
            Choice("uv", "installer: uv", "builds faster; uv must be there wherever the Framework packages"),
        ),
        recommended=frozenset({"uv" if is_uv else current}),
        unchanged=frozenset({current}),
    )


def take_installer(decided: Decided, chosen: frozenset[str], _estimate: Estimate | None) -> Decided:
    """Its installer."""
    return decided.with_options({"installer": next(iter(chosen))})


def ask_docker(decided: Decided, estimate: Estimate | None) -> Step | None:
    """Whether Docker is needed: asked where packages have compiled parts."""
    if estimate is None or not (estimate.compiled or estimate.unbuilt):
        return None
    current = "auto" if decided.is_docker_auto else _docker_key(decided.service.options.dockerize_pip)
    runtime = decided.service.runtime or "the runtime"
    found = []
    if estimate.compiled:
        have = "has" if len(estimate.compiled) == 1 else "have"
        found.append(
            f"{listed(estimate.compiled)} {have} compiled parts, and wheels for {runtime}: "
            "pyreq-tui takes those on every system."
        )
    if estimate.unbuilt:
        have = "has" if len(estimate.unbuilt) == 1 else "have"
        found.append(f"{listed(estimate.unbuilt)} {have} no wheel for {runtime} and must be built.")
    return Step(
        "docker",
        "Native code",
        " ".join(found),
        (
            Choice("false", "dockerizePip: false", "no Docker; what must be built is built here"),
            Choice("auto", "docker: auto", "builds in AWS's image what has no wheel, and only that"),
            Choice("non-linux", "dockerizePip: non-linux", "builds in AWS's image, except on Linux"),
            Choice("true", "dockerizePip: true", "always builds in AWS's image: slower, and like Lambda"),
        ),
        recommended=frozenset({current}),
        unchanged=frozenset({current}),
    )


def take_docker(decided: Decided, chosen: frozenset[str], _estimate: Estimate | None) -> Decided:
    """Its way with Docker."""
    [key] = chosen
    decided = replace(decided, is_docker_auto=key == "auto")
    if key == "auto":
        return decided
    return decided.with_options({"dockerizePip": {"false": False, "true": True}.get(key, key)})


def ask_size(_decided: Decided, estimate: Estimate | None) -> Step | None:
    """What to leave out."""
    if estimate is None or not estimate.fit.remedies:
        return None
    fit = estimate.fit
    return Step(
        "size",
        "Size",
        _verdict(estimate),
        tuple(
            Choice(
                remedy.key,
                f"{remedy.title}{': ' + ', '.join(remedy.packages) if remedy.packages else ''}",
                f"risk: {remedy.risk}",
                remedy.change_bytes or None,
                remedy.is_exact,
            )
            for remedy in fit.remedies
        ),
        recommended=fit.chosen,
        unchanged=frozenset(),
        takes_several=True,
    )


def take_size(decided: Decided, chosen: frozenset[str], estimate: Estimate | None) -> Decided:
    """What is left out."""
    remedies = estimate.fit.remedies if estimate else ()
    picked = [remedy for remedy in remedies if remedy.key in chosen]
    return decided.with_options(changes_for(decided.service.options, picked)) if picked else decided


def _verdict(estimate: Estimate) -> str:
    limit = facts().limits.unzipped_bytes
    outcome = max(estimate.fit.outcomes, key=lambda each: each.before_bytes)
    size = f"{outcome.filename} comes to {format_size(outcome.before_bytes)} unzipped"
    if outcome.before_bytes <= limit:
        return f"{size}, of {format_size(limit)}: it fits. What would make it smaller still, safest first:"
    over = f"{size}, {format_size(outcome.before_bytes - limit)} over Lambda's {format_size(limit)}."
    enough = "What is checked is enough" if estimate.fit.is_enough else "All of it together is not enough"
    return f"{over} {enough}, safest first:"


def _docker_key(value: bool | str) -> str:
    return str(value).lower()


def _sources(service: Service) -> tuple[list[Source], list[str]]:
    """What speaks for each module, the root's first; and why some that may speak can't be read."""
    modules = {function.module if function.individually else "." for function in service.functions}
    found, unread = [], []
    for module in sorted(modules or {"."}):
        try:
            source = find_source(service, module)
        except PyreqError as error:
            unread.append(error.message)
        else:
            found += [source] if source is not None else []
    return found, list(dict.fromkeys(unread))


def _has_plain_requirements(source: Source, service: Service) -> bool:
    return source.kind in _TURNS_OFF and (source.folder / service.options.file_name).is_file()


def _said(sources: list[Source], unread: list[str]) -> str:
    if unread:
        return " ".join([*unread, "What it requires is passed over here; mend it before you build."])
    if not sources:
        return (
            "Nothing says what is required: there is no requirements.txt, Pipfile, Poetry or uv project here."
        )
    named = [
        (source.lockfile or source.manifest or source.folder).name
        if source.module == "."
        else f"{source.module}/{(source.lockfile or source.manifest or source.folder).name}"
        for source in sources
    ]
    says = "says" if len(named) == 1 else "say"
    return f"{listed(named)} {says} what is required."
