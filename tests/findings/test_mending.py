"""A fix mends what its finding tells: once it is written, the finding is gone and the service as good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.findings import findings_of, fix
from pyreq_tui.service import write_all
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

INDIVIDUALLY = "package: {individually: true}\n"


@pytest.mark.parametrize(
    ("code", "serverless", "files", "after"),
    [
        (
            "zip-not-unpacked",
            SERVERLESS.replace("{}", "{zip: true}"),
            {},
            "import unzip_requirements",
        ),
        ("zip-init-cost", SERVERLESS.replace("{}", "{zip: true, slim: true}"), {}, "{slim: true}"),
        ("unknown-option", SERVERLESS.replace("{}", "{slm: true}"), {}, "{slim: true}"),
        ("individually-misspelt", SERVERLESS + "package: {individualy: true}\n", {}, INDIVIDUALLY),
        (
            "individually-misspelt",
            SERVERLESS + "individually: true\n",
            {},
            "package:\n  individually: true\n",
        ),
        (
            "individually-misspelt",
            SERVERLESS + "    individually: ${self:custom.own, true}\n",
            {},
            "    package:\n      individually: ${self:custom.own, true}\n",
        ),
        (
            "community-plugin",
            SERVERLESS + "frameworkVersion: '4'\nplugins:\n- a\n- serverless-python-requirements\n",
            {},
            "plugins:\n- a\n",
        ),
        ("deprecated-runtime", SERVERLESS.replace("3.12", "3.8"), {}, "runtime: python3.11\n"),
        (
            "deprecated-runtime",
            SERVERLESS + "    runtime: python3.8 # old\n" + INDIVIDUALLY,
            {},
            "    runtime: python3.11 # old\n",
        ),
        (
            "handler-attribute-missing",
            SERVERLESS.replace("handler.main", "handler.mian"),
            {},
            "    handler: handler.main\n",
        ),
        (
            "handler-file-missing",
            SERVERLESS + "package:\n  patterns:\n    - '!*.py'\n",
            {},
            "    - '!*.py'\n    - 'handler.py'\n",
        ),
        (
            "secret-ships",
            SERVERLESS + "package: {individually: true}\n",
            {"keys/.env": "A=1", "keys/id_rsa": "key"},
            "    package:\n      patterns: ['!keys/.env', '!keys/id_rsa']\n",
        ),
    ],
)
def test_what_is_fixed_is_told_no_more(
    tmp_path: Path, code: str, serverless: str, files: dict[str, str], after: str
) -> None:
    project = make_project(tmp_path, serverless, requirements=["alpha==1.2"])
    project.write(files)
    before = findings_of(project.plan())
    [finding] = [each for each in before if each.code == code]

    fixes = fix(project.load(), [finding])
    write_all(fixes.edits)

    assert not fixes.left
    text = (project.root / fixes.edits[0].path.name).read_text()
    assert after in text
    assert {each.code for each in findings_of(project.plan())} <= {each.code for each in before} - {code}


def test_the_community_plugin_leaves_package_json_too(tmp_path: Path) -> None:
    text = "frameworkVersion: '4'\nplugins: [serverless-python-requirements]\n"
    project = make_project(tmp_path, SERVERLESS + text)
    before = (
        '{\n  "devDependencies": {\n    "serverless-python-requirements": "^6.1.0",\n    "a": "1"\n  }\n}\n'
    )
    project.write({"package.json": before})
    [finding] = [each for each in findings_of(project.plan()) if each.code == "community-plugin"]

    write_all(fix(project.load(), [finding]).edits)

    assert (project.root / "package.json").read_text() == '{\n  "devDependencies": {\n    "a": "1"\n  }\n}\n'
    assert "plugins" not in (project.root / "serverless.yml").read_text()


@pytest.mark.parametrize(
    ("code", "serverless", "files"),
    [
        ("handler-attribute-missing", SERVERLESS.replace("handler.main", "handler.xyzzy"), {}),
        ("handler-file-missing", SERVERLESS.replace("handler.main", "absent.main"), {}),
        ("secret-ships", SERVERLESS, {"keys/[a].p12": "key"}),
    ],
)
def test_what_takes_a_decision_offers_no_fix(
    tmp_path: Path, code: str, serverless: str, files: dict[str, str]
) -> None:
    project = make_project(tmp_path, serverless)
    project.write(files)
    [finding] = [each for each in findings_of(project.plan()) if each.code == code]
    assert finding.fix == ()
