"""What is told of the corpus of public services, where it stands beside the checkout, each looked at once.

The corpus holds configurations and requirements but no code, so every handler gets a file with its function,
and nothing is resolved.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from pyreq_tui.build import Materials, plan
from pyreq_tui.build.outline import outline
from pyreq_tui.build.user_files import read_code
from pyreq_tui.errors import PyreqError
from pyreq_tui.findings import findings_of
from pyreq_tui.service import Service, load_service
from pyreq_tui.wheels import Store

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
OURS = {
    "community-plugin", "deprecated-runtime", "handler-attribute-missing", "handler-file-missing",
    "handler-malformed", "individually-misspelt", "secret-ships", "too-many-layers", "unpinned-requirements",
    "wrong-platform-file", "wrong-platform-wheel", "zip-init-cost", "zip-not-unpacked", "zip-over-tmp",
}  # fmt: skip
EXPECTED = {"community-plugin": 28, "deprecated-runtime": 57, "unpinned-requirements": 10}


def with_handlers(service: Service) -> Service:
    """The same service with a file for each handler."""
    for function in service.functions:
        module, dot, attribute = (function.handler or "").rpartition(".")
        if function.packaged and dot:
            name = module.removeprefix("./").replace(".", "/")
            file = service.root / function.module / f"{name}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a") as code:
                code.write(f"def {attribute}(event, context): ...\n")
    return service


def offline(service: Service, cache: Path) -> Materials:
    """All but requirements."""
    outlines = outline(service)
    code, listing = read_code(service, outlines, cache)
    return Materials(
        service=service,
        cache=cache,
        store=Store(cache / "wheels"),
        outlines=outlines,
        requirements={},
        code=code,
        vendored={vendor: () for artifact in outlines for vendor in artifact.vendors},
        strippers={},
        stripped={},
        problems=listing.problems,
        bytes_fetched=0,
        seconds=0.0,
    )


def test_what_is_told_of_the_corpus(tmp_path: Path) -> None:
    if not (CORPUS / "INDEX.tsv").is_file():
        pytest.skip("the corpus of public services does not stand beside this checkout")
    told: Counter[str] = Counter()
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    for row in rows:
        path = CORPUS / row["id"] / row["source"].partition(":")[2]
        folder = tmp_path / row["id"]
        try:
            shutil.copytree(path.parent, folder)
            service = with_handlers(load_service(folder / path.name, environ={}))
            made = plan(service, offline(service, tmp_path / "cache"))
        except (PyreqError, FileNotFoundError):
            continue
        told.update(finding.code for finding in findings_of(made) if finding.code in OURS)

    assert dict(told) == EXPECTED
