"""What a folder holds that setup has to know: looked at once, nothing changed, nothing run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.findings import COMMUNITY_PLUGIN, framework_of, is_version_4, may_be_version_4
from pyreq_tui.service import (
    CODE_NAMES,
    CONFIG_NAMES,
    PACKAGE_JSON,
    Inputs,
    Service,
    code_file,
    load_service,
    required_packages,
)
from pyreq_tui.setup.handlers import PythonFiles, find_handlers
from pyreq_tui.setup.runtime import Proposal, propose_runtime

if TYPE_CHECKING:
    from collections.abc import Mapping


PRINTED_NAME = "serverless.resolved.yml"
"""What a service that is described in code is printed to."""
MOST_FOLDERS = 1_000
"""Folders of one depth looked into for services: a home folder has more, and none of its own."""


@dataclass(frozen=True)
class Survey:
    """What was found in a folder, and who asks."""

    folder: Path
    """Absolute."""
    config_file: Path
    """Where serverless.yml is, or would be."""
    service: Service | None
    """``None`` where there is no serverless.yml yet."""
    python: PythonFiles
    runtime: Proposal
    packages: Mapping[str, str]
    """What package.json requires, with versions as written."""
    framework: str
    """The version of the Framework, or a range, that serverless.yml or package.json names, or that npm
    installed; empty where nothing tells."""
    inputs: Inputs
    code: Path | None = None
    """What the service was printed from, where it is described in code: that is edited by its author."""

    @property
    def is_python(self) -> bool:
        """Whether there is something for Python support to do; a service that is to be written has."""
        if self.service is None or (self.service.runtime or "").startswith("python"):
            return True
        return any(function.packaged for function in self.service.functions)

    @property
    def has_plugin(self) -> bool:
        """Whether serverless.yml or package.json names the community plugin."""
        named = self.service.plugins if self.service else ()
        return COMMUNITY_PLUGIN in named or COMMUNITY_PLUGIN in self.packages

    @property
    def plugins_to_name(self) -> tuple[str, ...]:
        """The community plugin, where package.json requires it."""
        return (COMMUNITY_PLUGIN,) if COMMUNITY_PLUGIN in self.packages else ()

    @property
    def has_own_support(self) -> bool:
        """Whether the Framework's version may have Python support of its own; where nothing tells, it may."""
        return may_be_version_4(self.framework)

    @property
    def is_support_sure(self) -> bool:
        """Whether it is sure to have it: a file that is to be written says so itself."""
        return self.has_own_support if self.service is None else is_version_4(self.framework)


def survey(
    path: Path,
    *,
    config: str | None = None,
    stage: str | None = None,
    params: Mapping[str, str] | None = None,
) -> Survey:
    """Look at the service in ``path``, or at a folder that is to become one.

    Raises PyreqError for what can't be read, and for a serverless.ts, which is code.
    """
    path = Path(os.path.normpath(path.expanduser().absolute()))
    code = code_file(path) if config is None else None
    if code is not None:
        raise PyreqError(
            f"{code.name} is code, which pyreq-tui does not edit.",
            where=Where(code),
            hint="`custom: { pythonRequirements: {} }` in it turns Python support on. For more, print it "
            f"(serverless print --format yaml > {PRINTED_NAME}), and name that file with --config.",
        )
    is_new = config is None and path.is_dir() and not has_config(path)
    service = None if is_new else load_service(path, config=config, stage=stage, params=params)
    folder = service.root if service else path
    packages = required_packages(folder / PACKAGE_JSON)
    return Survey(
        folder=folder,
        config_file=service.config_file if service else folder / CONFIG_NAMES[0],
        service=service,
        python=find_handlers(folder),
        runtime=propose_runtime(folder),
        packages=packages,
        framework=framework_of(folder, service.framework_version if service else None),
        inputs=service.inputs if service else Inputs(stage, dict(params or {}), dict(os.environ)),
        code=code_file(folder) if service else None,
    )


def has_config(folder: Path) -> bool:
    """Whether a folder holds what describes a service."""
    return any((folder / name).is_file() for name in (*CONFIG_NAMES, *CODE_NAMES))


def services_below(folder: Path, depth: int = 3, most: int = 8) -> tuple[Path, ...]:
    """Folders below ``folder`` that hold a service, nearest first, then by name."""
    found: list[Path] = []
    level = [folder]
    for _ in range(depth):
        level = [inner for outer in level for inner in _folders(outer)][:MOST_FOLDERS]
        found += [inner for inner in level if has_config(inner)]
    return tuple(found[:most])


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(
            inner
            for inner in folder.iterdir()
            if inner.is_dir()
            and not inner.is_symlink()
            and inner.name[0] != "."
            and inner.name != "node_modules"
        )
    except OSError:
        return []
