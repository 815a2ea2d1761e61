"""What stands beside the options: the handlers' import that unpacks, and the community plugin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError
from pyreq_tui.findings import COMMUNITY_PLUGIN
from pyreq_tui.service import PACKAGE_JSON, UNPACK_MODULE, edit_file, with_unpacking
from pyreq_tui.setup.model import Choice, Step
from pyreq_tui.setup.wording import listed

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.service import Service
    from pyreq_tui.setup.decided import Decided
    from pyreq_tui.setup.estimate import Estimate
    from pyreq_tui.setup.survey import Survey

_YES, _NO = frozenset({"yes"}), frozenset({"no"})


def ask_unpack(decided: Decided, _estimate: Estimate | None) -> Step | None:
    """Whether handlers get the import that unpacks the nested zip: asked where zip is on."""
    service = decided.service
    files = _without_import(service) if decided.has_support and service.options.zip else ()
    if not files:
        return None
    named = listed([file.relative_to(service.root).as_posix() for file in files])
    need = "needs" if len(files) == 1 else "need"
    return Step(
        "unpack",
        "Handlers",
        "With zip: true the requirements lie in a zip inside the zip. "
        f"{named} {need} `import {UNPACK_MODULE}` before everything else that is imported.",
        (
            Choice(
                "yes",
                f"put `import {UNPACK_MODULE}` in",
                "in try/except, so that the code runs without it too",
            ),
            Choice("no", "leave the handlers alone", "they fail on Lambda unless something else unpacks"),
        ),
        recommended=_YES,
        unchanged=_NO,
    )


def take_unpack(decided: Decided, chosen: frozenset[str], _estimate: Estimate | None) -> Decided:
    """The files that get the import."""
    return replace(decided, handler_files=_without_import(decided.service) if chosen == _YES else ())


def ask_plugin(decided: Decided, _estimate: Estimate | None) -> Step | None:
    """Whether the community plugin goes: asked where it is named."""
    survey = decided.survey
    if not survey.has_plugin or (survey.service is None and not survey.has_own_support):
        return None
    in_service = survey.service is not None and COMMUNITY_PLUGIN in survey.service.plugins
    places = [survey.config_file.name] if in_service and survey.code is None else []
    places += [PACKAGE_JSON] if COMMUNITY_PLUGIN in survey.packages else []
    if not places:  # it stands in code alone, which its author edits
        return None
    name = "names" if len(places) == 1 else "name"
    why, reason = _about_plugin(survey)
    return Step(
        "plugin",
        "Community plugin",
        f"{listed(places)} {name} {COMMUNITY_PLUGIN}. {why}",
        (
            Choice("yes", f"take it out of {listed(places)}", "the Framework's guide on Python asks for it"),
            Choice("no", "keep it", reason),
        ),
        recommended=_YES if survey.is_support_sure and decided.has_support else _NO,
        unchanged=_NO,
    )


def _about_plugin(survey: Survey) -> tuple[str, str]:
    """What is known of the Framework that deploys this, and why one would keep the plugin."""
    needed = "needed with version 3 of the Framework and older"
    if survey.is_support_sure:
        return "The Framework does its work now, with the same options.", needed
    if not survey.has_own_support:
        return f"The Framework {survey.framework} has no Python support of its own.", needed
    unknown = (
        "Which version of the Framework deploys this, nothing here tells for sure: version 3 would ship no "
        "packages without the plugin, and not say so."
    )
    return unknown, "right with every version: one that needs no plugin leaves the work to it all the same"


def take_plugin(decided: Decided, chosen: frozenset[str], _estimate: Estimate | None) -> Decided:
    """Whether it goes."""
    return replace(decided, removes_plugin=chosen == _YES)


def _without_import(service: Service) -> tuple[Path, ...]:
    """The handlers' files that could get the import and lack it; what can't be read is left alone."""
    files = {
        file
        for function in service.functions
        if function.packaged and function.handler
        for file in _handler_files(service.root / function.module, function.handler)
    }
    return tuple(file for file in sorted(files) if _lacks_import(service, file))


def _handler_files(folder: Path, handler: str) -> list[Path]:
    """The file that Lambda would import for ``path/to/file.attribute``: slashes and dots alike."""
    base = handler.rpartition(".")[0].removeprefix("./").replace(".", "/").strip("/")
    candidates = (folder / f"{base}.py", folder / base / "__init__.py")
    return [file for file in candidates if base and file.is_file()][:1]


def _lacks_import(service: Service, file: Path) -> bool:
    try:
        return edit_file(service, file, [with_unpacking]).changed
    except PyreqError:
        return False
