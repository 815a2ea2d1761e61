"""A check in each form it can be asked for; whatever a name holds, it stays a name."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pyreq_tui.cli.reports import Checked, write_report
from pyreq_tui.errors import Finding, OptionChange, Where
from pyreq_tui.findings import BudgetUse
from pyreq_tui.service import BudgetRule
from tests.projects import SERVERLESS, make_project

HOSTILE = "a\x1b[31mb\n::error::c%0A,d:e]]><x>&\"'\x00\ud800\uffff\u202e🙈"


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checked:
    """Every kind of finding, in a repository with an odd name."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    inside = tmp_path / "se rvice,é%:" / "serverless.yml"
    return Checked(
        (
            Finding("error", "over-limit", "Too large.", Where(inside, 3, 5), "Make it small.", "numpy"),
            Finding(
                "error", "hostile", HOSTILE, Where(inside.with_name(f"{HOSTILE}.py"), 1), HOSTILE, HOSTILE
            ),
            Finding("warning", "no-place", "No place.", fix=(OptionChange("slim", True),)),
            Finding("info", "elsewhere", "Elsewhere.", Where(Path("/else where/requirements.txt"))),
        ),
        (
            BudgetUse(BudgetRule("zipped", 2048), "shop.zip", 1024, None),
            BudgetUse(BudgetRule("zipped", 512), HOSTILE, 1024, HOSTILE),
        ),
    )


def written(checked: Checked, form: str, capsys: pytest.CaptureFixture[str]) -> str:
    write_report(checked, form)
    return capsys.readouterr().out


def test_github_takes_each_finding_as_one_annotation(
    checked: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = written(checked, "github", capsys).splitlines()

    assert [line.partition(" ")[0] for line in lines if line.startswith("::")] == [
        "::error",
        "::error",
        "::warning",
        "::notice",
    ]
    assert len(lines) == 7
    assert lines[0] == (
        "::error title=over-limit,file=se rvice%2Cé%25%3A/serverless.yml,line=3::Too large.%0AMake it small."
    )
    assert lines[2] == "::warning title=no-place::No place."
    assert lines[3] == "::notice title=elsewhere,file=/else where/requirements.txt::Elsewhere."
    assert lines[4] == "budget shop.zip zipped: 1.0 KB of 2.0 KB"
    assert lines[6] == "failed"
    assert not re.search("[\x00-\x08\x0b-\x1f]", "".join(lines))


def test_sarif_is_what_its_standard_asks_for(checked: Checked, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(written(checked, "sarif", capsys))

    assert set(document) == {"$schema", "version", "runs"}
    assert document["version"] == "2.1.0"
    [run] = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "pyreq-tui"
    assert [rule["id"] for rule in rules] == sorted({each.code for each in checked.findings})
    assert all(rule["shortDescription"]["text"].endswith(".") for rule in rules)
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning", "note"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert not re.search("[\x00-\x1f]", result["message"]["text"].replace("\n", ""))
        assert re.fullmatch("[0-9a-f]{64}", result["partialFingerprints"]["finding/v1"])
        for location in result.get("locations", ()):
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"(file://)?[\w./~%-]+", uri, re.ASCII)
    first, _, bare, outside = run["results"]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {
                    "uri": "se%20rvice%2C%C3%A9%25%3A/serverless.yml",
                    "uriBaseId": "%SRCROOT%",
                },
                "region": {"startLine": 3},
            }
        }
    ]
    assert "locations" not in bare
    assert outside["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "file:///else%20where/requirements.txt"}
    }


def test_junit_is_xml_with_a_failure_for_each_error(
    checked: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    suites = ElementTree.fromstring(written(checked, "junit", capsys).encode("utf-8"))

    [suite] = suites
    assert suites.tag == "testsuites"
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "2", "0")
    cases = suite.findall("testcase")
    assert len(cases) == 5
    assert [case.get("classname") for case in cases if case.find("failure") is not None] == [
        "over-limit",
        "hostile",
    ]
    assert "Make it small." in str(cases[0].findtext("failure"))
    assert (cases[0].get("file"), cases[0].get("line")) == ("se rvice,é%:/serverless.yml", "3")
    assert "warning: No place." in str(cases[2].findtext("system-out"))
    assert cases[4].get("name") == "shop.zip zipped: 1.0 KB of 2.0 KB"


def test_a_check_without_findings_is_a_test_that_passed(capsys: pytest.CaptureFixture[str]) -> None:
    [suite] = ElementTree.fromstring(written(Checked(()), "junit", capsys))
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


def test_text_shows_each_budget_with_its_limit_and_names_inert(
    checked: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = written(checked, "text", capsys).splitlines()
    assert "✓ budget  shop.zip zipped: 1.0 KB of 2.0 KB" in lines
    assert not [line for line in lines if "\x1b" in line or line.startswith("::")]
    assert lines[-1] == "failed"


def test_json_holds_findings_budgets_and_fixes(checked: Checked, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(written(checked, "json", capsys))
    assert document["findings"][2]["fix"] == [{"key": "slim", "value": True}]
    assert document["budgets"][0] == {
        "subject": "shop.zip",
        "kind": "zipped",
        "value": 1024,
        "limit": 2048,
        "over": False,
        "function": None,
    }
    assert (document["imports"], document["ok"]) == (None, False)


def test_a_check_is_asked_for_budgets_imports_and_a_form(tmp_path: Path) -> None:
    text = SERVERLESS.replace("python3.12", f"python3.{sys.version_info[1]}")
    text = text.replace("{}", "{}\n  pyreq: {budgets: {import: 30s, zipped: 1}}")
    project = make_project(tmp_path, text, requirements=["alpha==1.2"])

    done = project.command("check", "--imports", "--format", "json", "--max-zipped", "1MB")
    document = json.loads(done.stdout)

    assert (done.returncode, document["findings"]) == (0, [])
    assert [(each["kind"], each["limit"]) for each in document["budgets"]] == [
        ("zipped", 2**20),
        ("import", 30),
    ]
    [imported] = document["imports"]
    assert (imported["function"], imported["ok"]) == ("main", True)
    assert {"name", "seconds"} == set(imported["packages"][0])

    shown = project.command("check", "--imports")
    assert shown.returncode == 1  # its own budget of one byte
    assert re.search(r"✓ import  main \(handler\.main\) \d\.\d\d s", shown.stdout)
    assert "over-zipped-budget" in shown.stdout
    assert project.command("check", "--json", "--format", "sarif").returncode == 2
