"""``check --fix`` shows the diff that mends what can be mended; ``--write`` saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path


def test_fixes_are_shown_as_a_diff_and_saved_with_write(tmp_path: Path) -> None:
    text = SERVERLESS.replace("{}", "\n    zip: true\n    slm: true")
    project = make_project(tmp_path, text, requirements=["alpha==1.2"])
    before = project.listing()

    shown = project.command("check", "--fix")

    assert shown.returncode == 1  # the handler unpacks nothing
    assert "+++ b/serverless.yml" in shown.stdout
    assert "-    slm: true\n" in shown.stdout
    assert "+    slim: true\n" in shown.stdout
    assert "+++ b/handler.py" in shown.stdout
    assert "zip-not-unpacked: handler.py: put `import unzip_requirements` at the top" in shown.stderr
    assert "add --write" in shown.stderr
    assert project.listing() == before

    saved = project.command("check", "--fix", "--write")

    assert saved.returncode == 0, saved.stderr
    assert saved.stdout == shown.stdout
    assert "import unzip_requirements" in (project.root / "handler.py").read_text()
    again = project.command("check", "--fix")
    assert (again.returncode, again.stdout) == (0, "")
    assert "Nothing to fix." in again.stderr


def test_write_and_json_are_refused_where_they_mean_nothing(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    assert project.command("check", "--write").returncode == 2
    assert project.command("check", "--fix", "--json").returncode == 2
