"""Does serverless.yml say what was meant? Keys the Framework passes over, and a plugin that works twice."""

from __future__ import annotations

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
    has_plugin = COMMUNITY_PLUGIN in plan.service.plugins and plan.service.has_block
    if has_plugin and may_be_version_4(plan.service.framework_version or ""):
        yield Finding(
            "warning",
            "community-plugin",
            f"The plugin {COMMUNITY_PLUGIN} stands beside the Python support the Framework itself brings "
            "since version 4: both would package the requirements.",
            where=Where(plan.service.config_file),
            hint="Take it out of plugins and package.json; custom.pythonRequirements stays as it is. "
            "On an older Framework, say so: frameworkVersion: '3'.",
            fix=(
                ItemChange(plan.service.plugins_path, COMMUNITY_PLUGIN, is_removed=True),
                *_uninstall(plan.service.root / PACKAGE_JSON),
            ),
        )


def _uninstall(file: Path) -> Iterator[FileChange]:
    """Takes the plugin out of package.json, where it is in it."""
    if COMMUNITY_PLUGIN in required_packages(file):
        rewrite = partial(without_package, name=COMMUNITY_PLUGIN)
        yield FileChange(file, f"take {COMMUNITY_PLUGIN} out", rewrite)


def may_be_version_4(versions: str) -> bool:
    """Whether a ``frameworkVersion`` lets in the release that brought the built-in support; ``""`` does."""
    bounds = [(sign, int(major)) for sign, major in _BOUND.findall(versions)]
    if any(major >= 4 and "<" not in sign for sign, major in bounds):
        return True
    has_end = any("<" in sign or ">" not in sign for sign, _ in bounds)
    return not has_end or any(sign == "<" and major > 4 for sign, major in bounds)


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
