"""A service of 200 functions over 60 modules: nothing is looked at more often than there is of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import outline
from pyreq_tui.build.user_files import read_code
from pyreq_tui.bundle import code, node_modules
from pyreq_tui.service import configuration, load_service
from pyreq_tui.sources import detect, find_source

if TYPE_CHECKING:
    from pathlib import Path

MODULES, FUNCTIONS = 60, 200


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Every module's functions stand in a file of their own."""
    files = [f"  - ${{file(module{number}/functions.yml)}}\n" for number in range(MODULES)]
    head = "service: many\nprovider: {name: aws, runtime: python3.12}\npackage: {individually: true}\n"
    (tmp_path / "serverless.yml").write_text(head + "functions:\n" + "".join(files))
    for module in range(MODULES):
        folder = tmp_path / f"module{module}"
        folder.mkdir()
        (folder / "pyproject.toml").write_text("[tool.black]\n")
        (folder / "requirements.txt").write_text("requests\n")
        names = range(module, FUNCTIONS, MODULES)
        entries = (f"f{name}:\n  handler: handler.main\n  module: module{module}\n" for name in names)
        (folder / "package.json").write_text("{}")
        (folder / "functions.yml").write_text("".join(entries))
    return tmp_path


def counting(monkeypatch: pytest.MonkeyPatch, module: object, name: str, calls: Counter[str]) -> None:
    """Have ``module.name`` count how often it is asked for each path."""
    real = getattr(module, name)

    def counted(path: Path, *rest: object) -> object:
        calls[str(path)] += 1
        return real(path, *rest)

    monkeypatch.setattr(module, name, counted)


def test_each_file_and_each_folder_is_read_once(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Counter[str] = Counter()
    walked: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    manifests: Counter[str] = Counter()
    counting(monkeypatch, configuration, "read_text", read)
    counting(monkeypatch, code, "_scan", walked)
    counting(monkeypatch, detect, "is_poetry", judged)
    counting(monkeypatch, node_modules, "_read", manifests)

    service = load_service(root, environ={})
    sources = [find_source(service, module) for module in {each.module for each in service.functions}]
    outlines = outline.outline(service)
    bundles = read_code(service, outlines, tmp_path_factory.mktemp("cache"))[0]

    assert len(service.functions) == len(outlines) == len(bundles) == FUNCTIONS
    assert len([source for source in sources if source]) == MODULES
    assert len(read) == MODULES + 1
    assert len(walked) == MODULES + 1
    assert {*read.values(), *walked.values(), *judged.values()} == {1}
    assert set(manifests.values()) == {2}  # for what production needs, and what development does
