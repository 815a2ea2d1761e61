"""Every configuration of the corpus of public services, where it stands beside the checkout."""

from __future__ import annotations

import csv
import json
import shutil
from difflib import unified_diff
from pathlib import Path

import pytest

from pyreq_tui.errors import OptionChange, PyreqError
from pyreq_tui.service import Service, edit_options, load_service
from pyreq_tui.service.configuration import Configuration
from pyreq_tui.service.options import OPTION_SPECS
from pyreq_tui.sources import find_source

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
EXPECTED = Path(__file__).with_name("corpus.json")
"""By a configuration's number, what a reader who does not know this program finds in it."""
SLIM = OptionChange("slim", value=True)
UNSET = OptionChange("slim", is_unset=True)


def configurations() -> dict[str, Path]:
    """By number."""
    if not (CORPUS / "INDEX.tsv").is_file():
        pytest.skip("the corpus of public services does not stand beside this checkout")
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    return {row["id"]: CORPUS / row["id"] / row["source"].partition(":")[2] for row in rows}


def loaded() -> list[Service]:
    found = []
    for path in configurations().values():
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


def shown(service: Service) -> dict[str, object]:
    """What ``scan`` shows of a service, as the file of expectations has it."""
    packaged = [function for function in service.functions if function.packaged]
    modules: dict[str, list[str | None]] = {}
    for function in packaged:
        source = find_source(service, function.module)
        kind = source.kind if source else None
        modules.setdefault(function.module, [kind]).append(function.name)
    individually = [function.name for function in packaged if function.individually]
    return {
        "enabled": service.enabled,
        "modules": modules,
        "individually": "all" if len(individually) == len(packaged) else individually,
        "targets": sorted({f"{function.runtime} {function.architecture}" for function in packaged}),
        "options": {
            spec.key: service.options.value(spec.key)
            for spec in OPTION_SPECS
            if service.options.origin(spec.key) == "file"
        },
    }


def test_functions_modules_sources_and_options_are_what_a_reader_finds() -> None:
    paths, expected = configurations(), json.loads(EXPECTED.read_text("utf-8"))
    assert expected.keys() == paths.keys()
    for number, wanted in expected.items():
        if "broken" in wanted:
            with pytest.raises(PyreqError, match=wanted["broken"]):
                load_service(paths[number], environ={})
            continue
        service = load_service(paths[number], environ={})
        left_out = wanted.pop("unpackaged", {})
        nothing = {"individually": [] if wanted["modules"] else "all", "options": {}}
        assert shown(service) == {**nothing, **wanted}, number
        reasons = {f.name: f.reason for f in service.functions if not f.packaged}
        assert reasons.keys() == left_out.keys(), number
        assert all(left_out[name] in str(reason) for name, reason in reasons.items()), number
