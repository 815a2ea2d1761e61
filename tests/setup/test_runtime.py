"""Which runtime is proposed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.setup.runtime import current_runtimes, propose_runtime
from tests.setup.folders import make_folder

if TYPE_CHECKING:
    from pathlib import Path

NEWEST = current_runtimes()[0]


@pytest.mark.parametrize(
    ("files", "runtime", "reason"),
    [
        ({}, NEWEST, "the newest that Lambda has"),
        ({".python-version": "3.12.1\n"}, "python3.12", ".python-version names it"),
        ({".python-version": "pypy3.10\n"}, NEWEST, "the newest"),
        ({".python-version": "3.8\n"}, NEWEST, "names python3.8, which AWS does not take any more"),
        (
            {"pyproject.toml": '[project]\nrequires-python = ">=3.10,<3.13"\n'},
            "python3.12",
            "requires-python",
        ),
        ({"pyproject.toml": '[project]\nrequires-python = "<3.9"\n'}, NEWEST, "the newest"),
        ({"pyproject.toml": '[project]\nrequires-python = "soon"\n'}, NEWEST, "the newest"),
        ({".python-version": "\n", "pyproject.toml": "[tool.x]\n"}, NEWEST, "the newest"),
    ],
)
def test_the_runtime(tmp_path: Path, files: dict[str, str], runtime: str, reason: str) -> None:
    proposed = propose_runtime(make_folder(tmp_path, files))
    assert proposed.runtime == runtime
    assert reason in proposed.reason


def test_deprecated_runtimes_are_not_offered() -> None:
    assert "python3.9" not in current_runtimes()
    assert list(current_runtimes()) == sorted(current_runtimes(), key=lambda name: -int(name[9:]))
