"""The command line: results on stdout, the rest on stderr, the documented status."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


def test_scan_tells_what_contract_promises(project: Project) -> None:
    done = project.child("scan", "--json")
    scanned = json.loads(done.stdout)

    assert done.returncode == 0
    assert set(scanned) == {
        "service", "config_file", "provider", "runtime", "architecture", "enabled", "reason",
        "functions", "modules", "options", "problems",
    }  # fmt: skip
    assert scanned["functions"] == [
        {
            "name": "main",
            "handler": "handler.main",
            "runtime": "python3.12",
            "architecture": "x86_64",
            "module": ".",
            "individually": False,
            "packaged": True,
            "reason": None,
        }
    ]
    [module] = scanned["modules"]
    assert module["path"] == "."
    assert module["functions"] == ["main"]
    assert module["source"]["kind"] == "requirements"
    assert scanned["options"]["slim"] == {"value": False, "origin": "default"}


def test_scan_shows_only_the_functions_named(project: Project) -> None:
    project.write({"serverless.yml": SERVERLESS + "  late:\n    handler: handler.main\n"})
    data = json.loads(project.command("scan", "--json", "--function", "late").stdout)

    assert [function["name"] for function in data["functions"]] == ["late"]
    assert data["modules"][0]["functions"] == ["late"]
    assert project.command("scan", "--function", "absent").returncode == 2


def test_without_a_terminal_a_path_alone_prints_what_scan_prints(project: Project) -> None:
    assert project.child(str(project.root)).stdout == project.command("scan", str(project.root)).stdout
    assert "main" in project.command().stdout


def test_estimate_and_build_agree(project: Project) -> None:
    estimated = json.loads(project.command("estimate", "--json").stdout)
    built = json.loads(project.command("build", "--json").stdout)

    [planned], [artifact] = estimated["artifacts"], built["artifacts"]
    assert set(planned) == {
        "name", "path", "kind", "functions", "unzipped_bytes", "zipped_bytes", "exact", "files",
        "packages", "limits", "left_out",
    }  # fmt: skip
    assert planned["exact"]
    assert artifact["unzipped_bytes"] == planned["unzipped_bytes"] == artifact["estimated"]["unzipped_bytes"]
    assert artifact["zipped_bytes"] == planned["zipped_bytes"] == artifact["estimated"]["zipped_bytes"]
    assert {package["name"]: package["required_by"] for package in planned["packages"]} == {
        "alpha": [],
        "beta": ["alpha"],
        "(service code)": [],
    }
    assert built["cache"] == {"hit": False, "reason": "first build"}
    assert json.loads(project.command("build", "--json").stdout)["cache"]["hit"]


def test_set_changes_one_run_only(project: Project) -> None:
    plain = json.loads(project.command("estimate", "--json").stdout)["artifacts"][0]
    omitted = json.loads(project.command("estimate", "--json", "--set", "noDeploy=[beta]").stdout)[
        "artifacts"
    ][0]

    assert {package["name"] for package in omitted["packages"]} == {"alpha", "(service code)"}
    assert omitted["unzipped_bytes"] < plain["unzipped_bytes"]
    assert (project.root / "serverless.yml").read_text() == SERVERLESS


def test_config_shows_the_diff_and_saves_it_only_where_asked(project: Project) -> None:
    shown = project.command("config", "--set", "slim=true")

    assert shown.returncode == 0
    assert (project.root / "serverless.yml").read_text() == SERVERLESS
    changed = [
        line for line in shown.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert all("slim" in line or "pythonRequirements" in line for line in changed)
    assert any(line.startswith("+") and "slim: true" in line for line in changed)

    saved = project.command("config", "--set", "slim=true", "--write")

    assert saved.stdout == shown.stdout
    assert json.loads(project.command("scan", "--json").stdout)["options"]["slim"] == {
        "value": True,
        "origin": "file",
    }
    project.command("config", "--unset", "slim", "--write")
    assert json.loads(project.command("scan", "--json").stdout)["options"]["slim"]["origin"] == "default"


def test_check_fails_over_a_budget_and_names_rule_value_and_threshold(project: Project) -> None:
    over = project.child("check", "--max-unzipped", "1KB")

    assert over.returncode == 1
    assert "over-unzipped-budget" in over.stdout
    assert "1.0 KB" in over.stdout
    assert project.command("check", "--max-unzipped", "1MB").returncode == 0
    assert json.loads(project.command("check", "--json").stdout)["ok"] is True


def status_of(project: Project, *arguments: str, says: str, **environment: str) -> int:
    """Run, see that the message names its subject and that stdout stays empty."""
    done = project.command(*arguments, **environment)
    assert says in done.stderr, done.stderr
    assert not done.stdout
    return done.returncode


def test_broken_yaml_is_told_with_its_line(project: Project) -> None:
    project.write({"serverless.yml": "service: shop\nprovider: {name: aws\n"})

    assert status_of(project, "estimate", says="serverless.yml:") == 2


def test_no_serverless_yml(project: Project) -> None:
    (project.root / "serverless.yml").unlink()

    assert status_of(project, "scan", says="serverless.yml") == 2


def test_an_unknown_option_is_told_with_the_nearest_name(project: Project) -> None:
    assert status_of(project, "estimate", "--set", "slimm=true", says="slim") == 2
    assert status_of(project, "config", "--set", "slimm=true", says="slim") == 2


def test_a_value_of_the_wrong_kind(project: Project) -> None:
    assert status_of(project, "build", "--set", "slim=[1]", says="slim") == 2


def test_a_function_that_is_not_there(project: Project) -> None:
    assert status_of(project, "build", "--function", "absent", says="main") == 2


def test_a_usage_error(project: Project) -> None:
    child = project.child("build", "--nonsense")
    assert (child.returncode, child.stdout) == (2, "")
    assert "--nonsense" in child.stderr
    assert status_of(project, "config", says="--set") == 2
    assert status_of(project, "check", "--max-unzipped", "much", says="much") == 2


def test_a_requirement_that_does_not_resolve_is_told_with_its_line(project: Project) -> None:
    project.require("alpha", "no-such-thing")

    assert status_of(project, "estimate", says="requirements.txt:4") == 2


def test_a_requirement_nobody_can_read_is_told_with_its_line(project: Project) -> None:
    project.require("alpha", "beta ==")

    assert status_of(project, "estimate", says="requirements.txt:4") == 2


def test_offline_with_an_empty_cache(project: Project) -> None:
    project.write({"requirements.txt": "--index-url http://127.0.0.1:9/simple\nalpha\n"})

    assert status_of(project, "estimate", "--offline", says="alpha") == 3


def test_no_network(project: Project) -> None:
    project.write({"requirements.txt": "--index-url http://127.0.0.1:9/simple\nalpha\n"})

    assert status_of(project, "estimate", says="127.0.0.1", UV_HTTP_RETRIES="0") == 3


def test_a_wheel_that_is_no_zip(project: Project) -> None:
    next(project.wheels.glob("beta-*")).write_bytes(b"not a zip at all")

    assert status_of(project, "build", says="beta") in (2, 3)
    assert not list((project.root / ".serverless").glob("*.zip"))


def test_inactive_support_is_said_and_set_builds_all_the_same(project: Project) -> None:
    project.write({"serverless.yml": SERVERLESS.replace("custom:\n  pythonRequirements: {}\n", "")})

    assert status_of(project, "build", says="not active") == 2
    assert project.command("build", "--set", "slim=true").returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX resource limits")
def test_a_full_disk_is_an_error_that_leaves_nothing(project: Project) -> None:
    make_wheel(project.wheels, "big", files={"big/data.bin": bytes(range(256)) * 40_000})
    project.require("big")
    # A limit on file sizes fails a write as a full disk does, on any machine.
    limited = (
        "import resource, runpy, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "sys.argv = ['pyreq-tui', 'build']\n"
        "runpy.run_module('pyreq_tui', run_name='__main__')\n"
    )
    assert project.command("estimate").returncode == 0
    done = subprocess.run(
        [sys.executable, "-c", limited],
        cwd=project.root, env=project.environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert not list(project.root.rglob("*.zip"))
    assert not list(project.cache.rglob("big*.whl"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize(
    "known_before",
    [pytest.param(False, marks=pytest.mark.slow), True],
    ids=["while resolving", "while downloading"],
)
def test_ctrl_c_while_an_index_hangs(project: Project, *, known_before: bool) -> None:
    with IndexServer(project.wheels) as index:
        project.write({"requirements.txt": f"--index-url {index.url}\nalpha\n"})
        before = project.listing()
        if known_before:
            assert project.command("estimate").returncode == 0
        released = threading.Event()
        index.hang = released
        child = subprocess.Popen(
            [sys.executable, "-m", "pyreq_tui", "build"],
            cwd=project.root,
            env=project.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert index.hanging.wait(60)
            child.send_signal(signal.SIGINT)
            stdout, stderr = child.communicate(timeout=30)
        finally:
            released.set()

    assert child.returncode == 130, stderr
    assert "Cancelled" in stderr
    assert not stdout
    assert project.listing() == before
    assert not list(project.root.rglob("*.zip"))
    assert not list(project.cache.rglob("alpha*.whl"))


def test_a_wrong_value_in_the_file_stops_a_build_and_is_shown_by_the_rest(project: Project) -> None:
    project.write({"serverless.yml": SERVERLESS.replace("{}", "{slim: often}")})

    assert status_of(project, "build", says="serverless.yml:6") == 2
    assert "slim" in project.command("scan").stdout
    assert project.command("check").returncode == 1


def test_values_are_read_as_the_file_is_read(project: Project) -> None:
    assert status_of(project, "estimate", "--set", "slim=yes", says="slim") == 2
    assert project.command("estimate", "--set", "slim=true").returncode == 0
    assert status_of(project, "estimate", "--set", "noDeploy=[a", says="noDeploy") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_ctrl_c_before_anything_has_begun_is_no_traceback(project: Project) -> None:
    # As if the key had been pressed while the first modules are read.
    early = (
        "import sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'pyreq_tui.cli.command':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from pyreq_tui.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", early], capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
