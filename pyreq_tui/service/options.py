"""The options of ``custom.pythonRequirements``, declared once.

Each field of Options is one option; the command line's ``--set``, the controls on screen, the validation
messages and the README's table are all made from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.errors import Where

Origin = Literal["default", "file", "override"]
Group = Literal["Sources", "Size", "Shape", "Installer", "Docker", "Caches"]


@dataclass(frozen=True)
class LayerOptions:
    """The sub-options of ``layer``."""

    name: str | None = None
    description: str | None = None
    compatible_runtimes: tuple[str, ...] = ()
    compatible_architectures: tuple[str, ...] = ()
    license_info: str | None = None
    allowed_accounts: tuple[str, ...] = ()
    retain: bool = False


@dataclass(frozen=True)
class OptionSpec:
    """One option as declared: what a control, a message or a table needs to know about it."""

    key: str
    """As it stands in serverless.yml: ``slimPatterns``."""
    kind: Literal["bool", "text", "list", "choice", "layer"]
    default: object
    choices: tuple[object, ...]
    """For ``choice``: the values it takes, as YAML would give them."""
    help: str
    """One line."""
    group: Group
