"""A station hands out its names one by one, and the same things whatever was loaded before."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest

from tests.test_imports import STATIONS, loaded_after, modules_of


@pytest.mark.parametrize("station", STATIONS)
def test_every_public_name_is_there_once_all_modules_are(station: str) -> None:
    package = importlib.import_module(f"pyreq_tui.{station}")
    for module in modules_of(station):
        importlib.import_module(module)

    for name in package.__all__:
        # `plan` is a module of build and the function in it: the function is what build hands out.
        assert not isinstance(getattr(package, name), ModuleType), name
        assert getattr(package, name) is getattr(package, name)


def test_a_name_that_is_not_there_is_refused_as_by_any_module() -> None:
    package = importlib.import_module("pyreq_tui.build")

    with pytest.raises(AttributeError, match=r"'pyreq_tui\.build' has no attribute 'paln'"):
        _ = package.paln
    with pytest.raises(ImportError, match=r"cannot import name 'paln' from 'pyreq_tui\.build'"):
        exec("from pyreq_tui.build import paln")


def test_only_what_is_asked_for_is_loaded() -> None:
    loaded = loaded_after("from pyreq_tui.build import StepStarted")

    assert {name for name in loaded if name.startswith("pyreq_tui.")} == {
        "pyreq_tui.station",
        "pyreq_tui.build",
        "pyreq_tui.build.events",
    }
