"""What looks like requirements where nothing speaks for a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.sources import find_source, overlooked
from tests.sources.projects import service, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("files", "options", "said"),
    [
        ({}, {}, None),
        ({"pyproject.toml": "[tool.ruff]\n"}, {}, None),
        ({"pyproject.toml": "= broken"}, {"use_uv": False, "use_poetry": False}, None),
        (
            {"pyproject.toml": "[project]\nname = 'x'\ndependencies = ['six', 'idna']\n"},
            {},
            "asks for 2 packages, but there is no lock: run uv lock",
        ),
        ({"Pipfile": ""}, {"use_pipenv": False}, "There is a Pipfile, but usePipenv is false"),
        ({"uv.lock": "", "poetry.lock": ""}, {"use_uv": False}, "There is a uv.lock, but useUv is false"),
        ({"Pipfile.lock": "{}"}, {}, "not the Pipfile"),
        ({"requirements-prod.txt": "", "dev-requirements.txt": ""}, {}, "dev-requirements.txt: name it with"),
    ],
)
def test_what_is_overlooked(
    files: dict[str, str], options: dict[str, object], said: str | None, tmp_path: Path
) -> None:
    write(tmp_path, files)
    assert find_source(service(tmp_path, **options), ".") is None
    found = overlooked(tmp_path, service(tmp_path, **options).options)
    assert (found is None) is (said is None)
    assert (said or "") in (found or "")
