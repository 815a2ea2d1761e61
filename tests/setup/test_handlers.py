"""Which functions look like handlers, and what they are called."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.setup.handlers import find_handlers, name_functions
from tests.setup.folders import HANDLER, make_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def run(event, context): ...", ["run"]),
        ("def run(_event, _ctx): ...\ndef also(evt, _): ...", ["run", "also"]),
        ("@decorated\ndef run(event, context): ...", ["run"]),
        ("from mangum import Mangum\nhandler = Mangum(app)", ["handler"]),
        ("async def run(event, context): ...", []),
        ("def run(event): ...\ndef go(event, context, more): ...\ndef sort(left, right): ...", []),
        ("def _run(event, context): ...", []),
        ("def run(event, context, *, needed): ...", []),
        ("class A:\n    def run(self, event, context): ...", []),
        ("def run(event, context)\n", []),
        ("raise SystemExit('this file was run')\ndef run(event, context): ...", ["run"]),
    ],
)
def test_what_lambda_could_call(tmp_path: Path, source: str, found: list[str]) -> None:
    make_folder(tmp_path, {"app.py": source})
    assert [handler.attribute for handler in find_handlers(tmp_path).handlers] == found


def test_folders_of_others_are_passed_over(tmp_path: Path) -> None:
    passed_over = (
        ".git/a.py",
        "node_modules/a.py",
        "tests/a.py",
        ".venv/lib/a.py",
        "env/lib/a.py",
        "test_a.py",
    )
    make_folder(tmp_path, dict.fromkeys((*passed_over, "src/a.py"), HANDLER))
    make_folder(tmp_path, {".venv/pyvenv.cfg": "", "env/pyvenv.cfg": ""})
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "circle").symlink_to(tmp_path)

    found = find_handlers(tmp_path)

    assert [handler.path for handler in found.handlers] == ["src/a.run"]
    assert [str(folder) for folder in found.environments] == [".venv", "env"]


def test_functions_are_named_by_what_says_most(tmp_path: Path) -> None:
    names = ("api.py", "report/handler.py", "report/app.py", "über haupt.py", "handler.py")
    make_folder(tmp_path, dict.fromkeys(names, HANDLER))
    make_folder(tmp_path, {"orders.py": "def create(event, context): ...\ndef delete(event, context): ..."})

    named = name_functions(find_handlers(tmp_path).handlers)

    assert {name: handler.path for name, handler in named.items()} == {
        "api": "api.run",
        "run": "handler.run",
        "create": "orders.create",
        "delete": "orders.delete",
        "report": "report/app.run",
        "report-2": "report/handler.run",
        "ber-haupt": "über haupt.run",
    }
