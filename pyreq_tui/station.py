"""How a station hands out its public names: each comes from its module when it is first asked for.

Hardly a run asks for all a station can do, and reading modules takes most of a short run: what scans need
not read what builds. A station's ``__init__`` imports its names below ``TYPE_CHECKING``, where mypy,
import-linter and people find them, and calls ``hand_out``; at run time the same lines say where each stands.
"""

from __future__ import annotations

import ast
import sys
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType


def hand_out(package: str) -> None:
    """Have ``package`` import what its ``__init__`` names below ``TYPE_CHECKING`` once it is asked for."""
    sys.modules[package].__class__ = _Station


class _Station(ModuleType):
    """A package whose public names are imported one by one, as PEP 562 allows."""

    @cached_property
    def _places(self) -> dict[str, tuple[str, str]]:
        """The module of each public name, and what it is called there."""
        text = Path(str(self.__file__)).read_text("utf-8")
        return {
            name.asname or name.name: (line.module, name.name)
            for block in ast.parse(text).body
            if isinstance(block, ast.If)
            for line in block.body
            if isinstance(line, ast.ImportFrom) and line.module
            for name in line.names
        }

    def __getattr__(self, name: str) -> object:
        if name not in self._places:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}", name=name, obj=self)
        module, name_there = self._places[name]
        value = getattr(import_module(module), name_there)
        setattr(self, name, value)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        # Python puts each module it has read into its package: `plan`, which is to stay the function in it.
        if not (isinstance(value, ModuleType) and name in self._places):
            super().__setattr__(name, value)
