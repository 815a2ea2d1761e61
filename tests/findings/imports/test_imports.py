"""Handlers import from the artifact alone, or the reason why not is told."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import gather, plan, run
from pyreq_tui.errors import Cancelled, Where
from pyreq_tui.findings import fix
from pyreq_tui.findings.imports import ImportCheck, check_imports, surroundings
from pyreq_tui.findings.imports import run as running
from pyreq_tui.locks import find_interpreter
from pyreq_tui.service import write_all
from tests.making import make_wheel
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.build import Event
    from pyreq_tui.errors import Finding
    from tests.projects import Project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows can't hold an import apart")

HERE = f"python{sys.version_info[0]}.{sys.version_info[1]}"
OURS = SERVERLESS.replace("python3.12", HERE)
LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:more:1"


def tried(project: Project, **overrides: object) -> ImportCheck:
    """What importing the built artifact's handlers tells."""
    service, cancel = project.load(**overrides), threading.Event()
    materials = gather(service, report=lambda _: None, cancel=cancel, cache=project.cache)
    result = run(plan(service, materials), materials, report=lambda _: None, cancel=cancel)
    return check_imports(result, materials, report=lambda _: None, cancel=cancel)


def made(folder: Path, code: Mapping[str, str], serverless: str = OURS) -> Project:
    """A service with a function for each piece of ``code``, which stands on the handler's second line."""
    functions = "".join(f"  {name}:\n    handler: {name}.main\n" for name in code)
    project = make_project(folder, serverless.replace("  main:\n    handler: handler.main\n", functions))
    for name, text in code.items():
        project.write({f"{name}.py": f"# first\n{text}\ndef main(event, context): ...\n"})
    return project


def told(check: ImportCheck) -> dict[str, Finding]:
    """The findings, by the function that each is about."""
    return {finding.message.partition(" ")[0]: finding for finding in check.findings}


WELL = {
    "plain": "import alpha, json, os; print('said', flush=True)",
    "alone": (
        "import os, sys\n"
        "assert not [p for p in sys.path if 'site-packages' in p or 'dist-packages' in p], sys.path\n"
        "assert os.environ['LAMBDA_TASK_ROOT'] == os.getcwd() == sys.path[0]\n"
        "assert os.environ['AWS_LAMBDA_FUNCTION_NAME'] == 'alone'\n"
        "assert not {'AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'OF_THE_HOST', 'PYTHONPATH'} & set(os.environ)\n"
        "assert os.environ['TABLE'] == 'orders' and os.environ['QUEUE']\n"
    ),
    "runtime": (
        "import boto3, dateutil.parser\n"
        "from botocore.exceptions import ClientError\n"
        "from boto3.dynamodb.conditions import Key\n"
        "table = boto3.resource('dynamodb', region_name='x').Table('t')\n"
        "class Ours(ClientError): pass\n"
        "try:\n    table.load()\nexcept ClientError: raise\n"
        "with table.batch_writer() as batch: names = [each['Name'] for each in table.scan()['Items']]\n"
    ),
    "bundled": "import six; assert six.OURS",
}
ILL = {
    "divides": ("1 / 0", "warning", "ZeroDivisionError: division by zero"),
    "lacks": ("from alpha import absent", "error", "cannot import name 'absent'"),
    "exits": ("import sys; sys.exit(3)", "warning", "SystemExit: 3"),
    "leaves": ("import os; os._exit(3)", "warning", "exit status 3"),
    "dies": ("import os; os.kill(os.getpid(), 9)", "warning", "signal 9"),
    "calls": ("import socket; socket.create_connection(('192.0.2.1', 80))", "warning", "network, 192.0.2.1"),
    "asks": (
        "import urllib.request as r; r.urlopen('http://example.com')",
        "warning",
        "network, example.com",
    ),
    "swells": ("x = bytearray(1 << 40)", "warning", "MemoryError"),
    "paints": ("raise ImportError('\\x1b[31mred\\x07\\n::error::')", "error", "ImportError: red ::error::"),
    "tells": ("import os; raise ValueError(os.environ['API_KEY'])", "warning", "ValueError: ***"),
}


def test_handlers_import_apart_from_this_machine_and_their_packages_are_timed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "OF_THE_HOST", "PYTHONPATH"):
        monkeypatch.setenv(name, str(tmp_path))
    environment = "  environment: {TABLE: orders, QUEUE: !Ref Queue, AWS_ACCESS_KEY_ID: AKIA}\n"
    project = made(tmp_path, WELL, OURS.replace("custom:", f"{environment}custom:"))
    make_wheel(project.wheels, "six", files={"six.py": "OURS = True\n"})
    project.require("alpha", "six")
    before = project.listing()

    check = tried(project)

    assert check.findings == ()
    imports = {done.function: done.imported for done in check.imports}
    assert {each.package for each in imports["plain"].packages} >= {"alpha", "beta", "(service code)"}
    assert 0 < sum(each.seconds for each in imports["plain"].packages) <= imports["plain"].seconds
    assert imports["runtime"].stood_in == ("boto3", "dateutil", "botocore")
    assert imports["bundled"].stood_in == ()
    assert project.listing() == before


def test_whatever_ends_an_import_is_told_and_shown_inert(tmp_path: Path) -> None:
    code = {name: text for name, (text, _, _) in ILL.items()}
    project = made(tmp_path, code, OURS.replace("custom:", "  environment: {API_KEY: swordfish-9}\ncustom:"))

    check = tried(project)

    found = told(check)
    assert set(found) == set(ILL)
    for name, (_, severity, said) in ILL.items():
        assert (found[name].code, found[name].severity) == ("import-failed", severity), name
        assert said in found[name].message
    assert "swordfish" not in str(check)
    assert "\x1b" not in str(check.findings)
    assert found["divides"].where == Where(project.root / "divides.py", 2)


def test_a_missing_module_is_told_with_who_would_bring_it(tmp_path: Path) -> None:
    serverless = OURS.replace("{}", "{noDeploy: [beta]}") + "package: {patterns: ['!own/**']}\n"
    code = {
        "omits": "import beta",
        "excludes": "import own.part",
        "forgets": "import yaml.nodes",
        "builds": "globals()['other'] = 1",
    }
    project = made(tmp_path, code, serverless)
    project.write({"own/part.py": ""})
    text = (project.root / "serverless.yml").read_text().replace("builds.main", "builds.gone")
    project.write({"serverless.yml": text})

    found = told(tried(project))

    assert [(finding.code, finding.severity) for finding in found.values()] == [
        ("import-missing-module", "error")
    ] * 3 + [("import-lacks-handler", "error")]
    assert "noDeploy leaves beta out" in found["omits"].message
    assert "package.patterns leave own/** out" in found["excludes"].message
    assert "nothing in the requirements brings it" in found["forgets"].message
    assert [finding.package for finding in found.values()] == ["beta", None, "PyYAML", None]
    assert found["omits"].where == Where(project.root / "omits.py", 2)
    write_all(fix(project.load(), found.values()).edits)
    assert set(told(tried(project))) == {"forgets", "builds"}


@pytest.mark.slow
def test_what_slim_takes_what_a_zip_holds_and_what_layers_may_bring(tmp_path: Path) -> None:
    slim = OURS.replace("{}", "{slim: true, slimPatterns: ['**/tests/**']}")
    project = made(tmp_path / "slim", {"main": "import alpha.tests.test_alpha"}, slim)
    finding = told(tried(project))["main"]
    assert "slim takes alpha/tests/test_alpha.py of alpha out" in finding.message
    write_all(fix(project.load(), [finding]).edits)
    assert tried(project).findings == ()

    unpacking = "import unzip_requirements, alpha\nassert 'sls-py-req' in alpha.__file__, alpha.__file__"
    alone = f"import os; assert not os.listdir(os.environ['TMPDIR'])\n{unpacking}"
    project = made(tmp_path / "zip", {"main": unpacking, "alone": alone, "forgets": "import alpha"})
    found = told(tried(project, zip=True))
    assert set(found) == {"forgets"}
    assert "in the zip inside the artifact" in found["forgets"].message

    here = OURS.replace("{}", "{layer: true}")
    here = here.replace("custom:", "  layers: [{Ref: PythonRequirementsLambdaLayer}]\ncustom:")
    assert tried(made(tmp_path / "here", {"main": "import alpha"}, here)).findings == ()

    elsewhere = OURS.replace("custom:", f"  layers: ['{LAYER}']\ncustom:")
    finding = told(tried(made(tmp_path / "elsewhere", {"main": "import cv2"}, elsewhere)))["main"]
    assert (finding.severity, finding.package, finding.fix) == ("warning", "opencv-python-headless", ())
    assert "a layer from elsewhere may bring it" in finding.message


def test_an_import_that_never_ends_is_stopped_or_cancelled_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setattr(running, "TIMEOUT_SECONDS", 0.5)
    (tmp_path / "tmp").mkdir()
    project = made(tmp_path, {"main": "import time\nwhile True: time.sleep(1)"})
    assert "did not end within 0.5 s" in told(tried(project))["main"].message

    monkeypatch.setattr(running, "TIMEOUT_SECONDS", 60)
    service, cancel = project.load(), threading.Event()
    materials = gather(service, report=lambda _: None, cancel=cancel, cache=project.cache)
    result = run(plan(service, materials), materials, report=lambda _: None, cancel=cancel)

    def stop(event: Event) -> None:
        threading.Timer(0.2, cancel.set).start()

    with pytest.raises(Cancelled):
        check_imports(result, materials, report=stop, cancel=cancel)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_what_cant_be_run_here_is_said_and_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = made(tmp_path, {"main": "import fast"}, OURS.replace("aws", "aws\n  architecture: arm64"))
    tag = f"cp3{sys.version_info[1]}-cp3{sys.version_info[1]}-linux_aarch64"
    make_wheel(project.wheels, "fast", files={"fast.so": b"\x7fELF" + bytes(100)}, tag=tag)
    project.require("fast")

    [foreign] = tried(project).findings
    monkeypatch.setattr(surroundings, "find_interpreter", lambda *_, cancel: None)
    [absent] = tried(project).findings

    assert {(each.code, each.severity) for each in (foreign, absent)} == {("imports-not-run", "info")}
    assert "built for Linux on aarch64" in foreign.message
    assert f"there is no {HERE.replace('python', 'Python ')} here" in absent.message


@pytest.mark.parametrize("minor", [8, 9, 10, 12, 13])
@pytest.mark.slow
def test_every_runtime_at_hand_imports(tmp_path: Path, minor: int) -> None:
    if find_interpreter((3, minor), None, cancel=threading.Event()) is None:
        pytest.skip(f"there is no Python 3.{minor} here")
    project = made(tmp_path, WELL | {"asks": ILL["asks"][0]}, SERVERLESS.replace("3.12", f"3.{minor}"))
    assert set(told(tried(project))) == {"alone", "asks"}  # what wants variables, and the network
