"""Every option that the real pip and the real uv take has its place in the tables."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.locks.pip_options import PIP_OPTIONS
from pyreq_tui.locks.settings import LISTS, VALUES, Settings, settle
from pyreq_tui.locks.uv_options import UV_OPTIONS
from pyreq_tui.processes import uv_executable

if TYPE_CHECKING:
    from pyreq_tui.locks.arguments import Table

PYENV = Path.home() / ".pyenv" / "versions"
OPTIONS_OF_PIP = """
import json
from pip._internal.commands import create_command
parser = create_command("install").parser
groups = [parser, *parser.option_groups]
print(json.dumps([[[*o._short_opts, *o._long_opts], o.takes_value()] for g in groups for o in g.option_list]))
"""
UV_LINE = re.compile(
    r"^ +(?:-(?P<short>\w), )?(?:    )?--(?P<long>[\w-]+)(?:\.\.\.)?(?P<value> <\w+>)?", re.MULTILINE
)


@pytest.mark.parametrize(
    "python",
    [
        sys.executable,
        *(
            pytest.param(str(PYENV / name / "bin/python"), marks=pytest.mark.slow)
            for name in ("3.9.18", "3.13.0")
        ),
    ],
)
def test_every_option_of_pip_install_has_its_place(python: str) -> None:
    asked = subprocess.run([python, "-c", OPTIONS_OF_PIP], capture_output=True, text=True)
    if asked.returncode:
        pytest.skip(f"{python} has no pip")
    options = json.loads(asked.stdout)
    assert len(options) > 50
    for names, takes_value in options:
        kept = {name for name in names if name in PIP_OPTIONS}
        assert kept == set(names)
        assert {PIP_OPTIONS[name].takes_value for name in names} == {takes_value}, names
        assert len({PIP_OPTIONS[name].name for name in names}) == 1, names


def test_every_option_of_uv_pip_install_has_its_place() -> None:
    asked = subprocess.run([uv_executable(), "pip", "install", "--help"], capture_output=True, text=True)
    options = list(UV_LINE.finditer(asked.stdout))
    assert len(options) > 50
    for option in options:
        known = UV_OPTIONS[f"--{option['long']}"]
        assert known.takes_value == bool(option["value"]), option[0]
        if option["short"]:
            assert UV_OPTIONS[f"-{option['short']}"] is known


@pytest.mark.parametrize(("table", "installer"), [(PIP_OPTIONS, "pip"), (UV_OPTIONS, "uv")])
def test_every_option_does_something_or_says_why_not(table: Table, installer: str) -> None:
    for option in {option.name: option for option in table.values()}.values():
        arguments = [option.name, "value"] if option.takes_value else [option.name]
        if option.part in ("needless", "refused"):
            assert option.note, option.name
        if option.part == "refused":
            continue
        before = Settings(compiles=option.name == "--no-compile", require_hashes="no-require" in option.name)
        after = settle(before, arguments, installer=installer)
        assert after != before, option.name
        if option.part == "resolver":
            assert (after.installer_only, after.pip_build, after.needless) == ((), (), ()), option.name
        if option.part == "installer":
            assert after.installer_only == tuple(arguments)
    assert {*VALUES, *LISTS} <= set(PIP_OPTIONS)
