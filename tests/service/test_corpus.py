"""Every configuration of the corpus of public services, where it stands beside the checkout."""

from __future__ import annotations

import csv
import shutil
from difflib import unified_diff
from pathlib import Path

import pytest

from pyreq_tui.errors import OptionChange, PyreqError
from pyreq_tui.service import Service, edit_options, load_service
from pyreq_tui.service.configuration import Configuration

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SLIM = OptionChange("slim", value=True)
UNSET = OptionChange("slim", is_unset=True)


def configurations() -> list[Path]:
    if not (CORPUS / "INDEX.tsv").is_file():
        pytest.skip("the corpus of public services does not stand beside this checkout")
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    return [CORPUS / row["id"] / row["source"].partition(":")[2] for row in rows]


def loaded() -> list[Service]:
    found = []
    for path in configurations():
        try:
            found.append(load_service(path, environ={}))
        except PyreqError as error:
            assert error.where is not None, path  # noqa: PT017 - which of many files raises is not known before
    return found


def test_every_file_is_read_or_refused_with_its_place() -> None:
    assert len(loaded()) >= len(configurations()) - 2


def test_slim_changes_only_the_block_and_unset_takes_it_back(tmp_path: Path) -> None:
    for service in loaded():
        if not service.has_block:
            continue
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        shutil.copytree(service.root, folder)
        file = folder / service.config_file.name
        copied = load_service(file, environ={})
        was = file.read_bytes()
        block = Configuration(file, copied.inputs).find("custom", "pythonRequirements")
        edit = edit_options(copied, [SLIM])
        edit.write()
        after = load_service(file, environ={})
        assert after.options == copied.options.override({"slim": True})
        lines = unified_diff(edit.before.splitlines(), edit.after.splitlines(), n=0, lineterm="")
        changed = [line[1:].strip() for line in lines if not line.startswith(("---", "+++", "@@"))]
        assert all(line.startswith("slim:") for line in changed), edit.diff()
        if block is None or "slim" in block.entries():
            continue
        edit_options(after, [UNSET]).write()
        assert file.read_bytes() == was
