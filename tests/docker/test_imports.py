"""With Docker on, handlers are imported in the service's own image, which has no network."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import gather, plan, run
from pyreq_tui.findings import check_imports

if TYPE_CHECKING:
    from tests.docker.conftest import Dockerized

pytestmark = [pytest.mark.docker, pytest.mark.slow]
CODE = {
    "plain": "import alpha, os; assert os.getcwd() == '/pyreq/task' and os.getuid() == 65534",
    "calls": "import socket; socket.create_connection(('192.0.2.1', 80))",
    "forgets": "import yaml",
    "dies": "import os; os.kill(os.getpid(), 9)",
    "unpacks": "import unzip_requirements, alpha; assert '/pyreq/tmp/' in alpha.__file__, alpha.__file__",
}


@pytest.mark.parametrize(
    ("zips", "expected"),
    [
        (False, {"calls", "forgets", "dies", "unpacks"}),
        (True, {"plain", "calls", "forgets", "dies"}),
    ],
)
def test_handlers_import_in_the_image_of_the_runtime(
    dockerized: Dockerized, *, zips: bool, expected: set[str]
) -> None:
    project, cancel = dockerized.project, threading.Event()
    functions = "".join(f"  {name}:\n    handler: {name}.main\n" for name in CODE)
    text = (project.root / "serverless.yml").read_text()
    project.write({"serverless.yml": text.replace("  main:\n    handler: handler.main\n", functions)})
    for name, code in CODE.items():
        project.write({f"{name}.py": f"{code}\ndef main(event, context): ...\n"})
    service = project.load(**dockerized.options(zip=zips))
    materials = gather(service, report=lambda _: None, cancel=cancel, cache=project.cache)
    result = run(plan(service, materials), materials, report=lambda _: None, cancel=cancel)

    check = check_imports(result, materials, report=lambda _: None, cancel=cancel)

    assert {finding.message.partition(" ")[0] for finding in check.findings} == expected
    found = {done.function: done.imported for done in check.imports}
    assert found["dies"].failure is not None
    assert "signal 9" in found["dies"].failure.message
    assert all(imported.is_network_closed for imported in found.values())
    well = found["unpacks" if zips else "plain"]
    assert {each.package for each in well.packages} >= {"alpha", "beta"}
    assert not dockerized.leftovers()
