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
GOLDEN = Path(__file__).parent / "corpus.txt"
"""By service of the corpus: every code told of it, and how often."""


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
    lines = []
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
            lines.append(f"{row['id']}: can't be read")
            continue
        told = Counter(finding.code for finding in findings_of(made))
        codes = [f"{code} {count}" if count > 1 else code for code, count in sorted(told.items())]
        lines.append(f"{row['id']}: {', '.join(codes) or 'nothing'}")

    assert lines == GOLDEN.read_text().splitlines()
