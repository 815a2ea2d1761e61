"""Does serverless.yml say what was meant? Keys the Framework passes over, and a plugin that works twice."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from pyreq_tui.errors import FileChange, Finding, ItemChange, KeyChange, ValueChange, Where
from pyreq_tui.service import PACKAGE_JSON, required_packages, without_package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreq_tui.build import Plan
    from pyreq_tui.errors import Change
    from pyreq_tui.service import Service

COMMUNITY_PLUGIN = "serverless-python-requirements"
"""What the built-in support came from; both read the same options."""
_PACKAGE_KEYS = frozenset(
    {
        "individually",
        "patterns",
        "include",
        "exclude",
        "artifact",
        "excludeDevDependencies",
        "disable",
        "path",
    }
)
_BOUND = re.compile(r"([<>=^~]*)\s*v?(\d+)(?:\.[\dx*]+)*")
_SURE = 0.75
"""How much alike two keys must be (difflib's ratio) for one to be a slip of the pen."""


def configuration_findings(plan: Plan) -> Iterator[Finding]:
    """What reads well and does nothing, or does it twice."""
    yield from _individually(plan)
    if COMMUNITY_PLUGIN in plan.service.plugins and plan.service.has_block:
        yield from _community_plugin(plan.service)


def _community_plugin(service: Service) -> Iterator[Finding]:
    """The plugin beside the support that came of it: a mechanical fix only where that support is sure to be.

    A Framework that has both leaves the work to the plugin (``allowCommunityOverride`` in its
    plugin-manager.js), so keeping it is right with every version; an older one without it packages nothing,
    and says nothing.
    """
    version = framework_of(service.root, service.framework_version)
    if not may_be_version_4(version):
        return
    does = f"The plugin {COMMUNITY_PLUGIN} does what the Framework itself does since version 4"
    where = Where(service.config_file)
    if is_version_4(version):
        yield Finding(
            "warning",
            "community-plugin",
            f"{does}.",
            where=where,
            hint="Take it out of plugins and package.json; custom.pythonRequirements stays as it is.",
            fix=(
                ItemChange(service.plugins_path, COMMUNITY_PLUGIN, is_removed=True),
                *_uninstall(service.root / PACKAGE_JSON),
            ),
        )
    else:
        yield Finding(
            "info",
            "community-plugin",
            f"{does}; whether version 4 deploys this, nothing here tells.",
            where=where,
            hint="Where it does, say so (frameworkVersion: '4') and take the plugin out of plugins and "
            "package.json. Version 3 needs it.",
        )


def framework_of(folder: Path, stated: str | None) -> str:
    """The version of the Framework that deploys what is in ``folder``, or a range; empty where nothing tells.

    ``stated`` is its ``frameworkVersion``; after that package.json counts, then what npm installed.
    """
    required = required_packages(folder / PACKAGE_JSON).get("serverless")
    return stated or required or _installed(folder)


def _installed(folder: Path) -> str:
    """The version of the Framework that npm put into the folder; empty where it did not."""
    try:
        data = json.loads((folder / "node_modules" / "serverless" / PACKAGE_JSON).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    return str(data.get("version", "")) if isinstance(data, dict) else ""


def _uninstall(file: Path) -> Iterator[FileChange]:
    """Takes the plugin out of package.json, where it is in it."""
    if COMMUNITY_PLUGIN in required_packages(file):
        rewrite = partial(without_package, name=COMMUNITY_PLUGIN)
        yield FileChange(file, f"take {COMMUNITY_PLUGIN} out", rewrite)


def is_version_4(versions: str) -> bool:
    """Whether a ``frameworkVersion`` lets in nothing older than the built-in support."""
    return any(major >= 4 and "<" not in sign for sign, major in _bounds(versions))


def may_be_version_4(versions: str) -> bool:
    """Whether a ``frameworkVersion`` lets in the release that brought the built-in support; ``""`` does."""
    if is_version_4(versions):
        return True
    bounds = _bounds(versions)
    has_end = any("<" in sign or ">" not in sign for sign, _ in bounds)
    return not has_end or any(sign == "<" and major > 4 for sign, major in bounds)


def _bounds(versions: str) -> list[tuple[str, int]]:
    return [(sign, int(major)) for sign, major in _BOUND.findall(versions)]


def _individually(plan: Plan) -> Iterator[Finding]:
    """``package.individually`` misspelt, or where nobody reads it: the Framework says nothing then."""
    for path, where, value in plan.service.keys:
        *above, key = path
        place = ".".join(above)
        fix: tuple[Change, ...] = ()
        if above and above[-1] == "package":
            is_slip = key not in _PACKAGE_KEYS and bool(
                get_close_matches(key.casefold(), ["individually"], cutoff=_SURE)
            )
            message = f"{place}.{key} has no effect: the key is individually."
            hint = "Write package.individually."
            fix = (KeyChange(path, "individually"),)
        else:
            is_slip = key == "individually"
            message = f"individually has no effect in {place or 'the service'}: it belongs under package."
            hint = "Write it as package: {individually: true}."
            right = (*(() if above == ["provider"] else above), "package", "individually")
            if value is not None:
                fix = (ValueChange(path, is_unset=True), ValueChange(right, value))
        if is_slip:
            yield Finding("warning", "individually-misspelt", message, where=where, hint=hint, fix=fix)
