"""The text of a serverless.yml for a folder that has none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.service import render_map

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import PurePosixPath


@dataclass(frozen=True)
class NewFunction:
    """One entry under ``functions``."""

    name: str
    handler: str
    module: str | None


@dataclass(frozen=True)
class NewService:
    """What the file is to say."""

    name: str
    """As the folder is called; what the Framework does not take in a name is left out."""
    framework: str
    """The major version of the Framework."""
    plugins: tuple[str, ...]
    runtime: str
    is_individual: bool
    left_out: Sequence[PurePosixPath]
    """Virtual environments, which the Framework would ship."""
    options: Mapping[str, object]
    is_docker_auto: bool
    functions: tuple[NewFunction, ...]


def render_service(new: NewService) -> str:
    """The file: as little as the Framework accepts, and the block that turns its Python support on."""
    package: dict[str, object] = {"individually": True} if new.is_individual else {}
    if new.left_out:
        package["patterns"] = [f"!{folder}/**" for folder in new.left_out]
    own = {"pyreq": {"docker": "auto"}} if new.is_docker_auto else {}
    parts: list[dict[str, object]] = [
        {"service": _service_name(new.name), "frameworkVersion": new.framework},
        {"provider": {"name": "aws", "runtime": new.runtime}},
        {"plugins": list(new.plugins)} if new.plugins else {},
        {"package": package} if package else {},
        {"custom": {"pythonRequirements": dict(new.options), **own}},
        {"functions": {each.name: _function(each) for each in new.functions}} if new.functions else {},
    ]
    return "\n".join(render_map(part) for part in parts if part)


def _function(function: NewFunction) -> dict[str, object]:
    module = {"module": function.module} if function.module else {}
    return {"handler": function.handler, **module}


def _service_name(folder: str) -> str:
    """A name the Framework takes: ``^[a-zA-Z][0-9a-zA-Z-]+$``."""
    name = re.sub(r"[^0-9a-zA-Z]+", "-", folder).strip("-")
    return name if re.match(r"[a-zA-Z].", name) else f"service-{name}".strip("-")
