"""``init``: what it prints, writes and leaves alone; the screens are asked for where there is a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.cli import main
from pyreq_tui.cli.commands import opening
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = """\
service: service
frameworkVersion: '4'

provider:
  name: aws
  runtime: python3.12

custom:
  pythonRequirements: {}

functions:
  main:
    handler: handler.main
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A folder with a handler and requirements, and no serverless.yml."""
    made = make_project(tmp_path)
    (made.root / "serverless.yml").unlink()
    made.write({".python-version": "3.12\n"})
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(made.root)
    return made


def run(*arguments: str) -> int:
    """The command line in this process; no screens can be opened."""
    return main(lambda path, **asked: 99, arguments)


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """A terminal at which somebody types these lines, and no more."""
    lines = iter(answers)

    def answer(*_: object, **__: object) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(opening, "_has_terminal", lambda: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", answer)


def test_without_a_terminal_it_shows_the_diff_and_how_to_save_it(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.listing()

    assert run("init") == 0

    said = capsys.readouterr()
    head = f"--- /dev/null\n+++ b/serverless.yml\n@@ -0,0 +1,{len(WRITTEN.splitlines())} @@\n"
    assert said.out == head + "".join(f"+{line}\n" for line in WRITTEN.splitlines())
    assert "`pyreq-tui init --yes` saves it" in said.err
    assert project.listing() == before


def test_yes_saves_what_is_recommended_and_run_again_changes_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.listing()

    assert run("init", "--yes") == 0
    assert project.listing() == {**before, "serverless.yml": WRITTEN.encode()}
    capsys.readouterr()

    assert run("init", "--yes") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "Nothing to change" in said.err


def test_the_block_is_all_that_is_added_to_a_service_that_fits(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = SERVERLESS.replace("custom:\n  pythonRequirements: {}\n", "")
    project.write({"serverless.yml": plain.replace("\n", "\r\n")})

    assert run("init", "--yes") == 0

    block = "\ncustom:\n  pythonRequirements: {}"
    assert (
        project.listing()["serverless.yml"]
        == (plain.rstrip("\n") + "\n" + block + "\n").replace("\n", "\r\n").encode()
    )


def test_asked_line_by_line(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # runtime 2, functions: nonsense, back, enter, enter; installer s; size 1; save
    typed(monkeypatch, "2", "9", "b", "", "", "s", "1", "y")

    assert run("init", "--plain") == 0

    said = capsys.readouterr()
    assert "1 of 3  Runtime" in said.err
    assert "Type numbers, 0 for none, from 1 to 1." in said.err
    assert "[x] main  (handler: handler.main  (handler.py:4))" in said.err
    assert "leave out tests folders  −153 B" in said.err
    assert re.search(r"service\.zip: [\d.]+ K?B → [\d.]+ K?B, fits", said.err)
    assert "python3.13" in said.out
    assert b"slimPatterns: ['**/tests']" in project.listing()["serverless.yml"]


@pytest.mark.parametrize("answers", [("q",), ("", "", "q"), ("",), ("", "", "", "")])
def test_leaving_changes_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]
) -> None:
    before = project.listing()
    typed(monkeypatch, *answers)

    assert run("init", "--plain") == 130
    assert project.listing() == before


def test_a_terminal_gets_the_screens_and_a_dumb_one_lines(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[object] = []
    typed(monkeypatch)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(SystemExit) as left:
        main(lambda path, **asked: opened.append(asked["sets_up"]) or 7, ["init"])
    assert left.value.code == 7
    assert opened == [True]
    monkeypatch.setenv("TERM", "dumb")
    assert run("init") == 130
    assert "of 3  Runtime" in capsys.readouterr().err


def test_what_can_not_be_read_is_told_before_a_screen_opens(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write({"serverless.ts": "export default {}\n"})
    typed(monkeypatch)
    monkeypatch.setenv("TERM", "xterm")
    assert run("init") == 2
    said = capsys.readouterr().err
    assert "serverless.ts is code" in said
    assert "custom: { pythonRequirements: {} }" in said, "what to paste"
    assert run("init", "--set", "slim=true") == 2


def test_what_was_written_can_be_built(project: Project) -> None:
    assert project.command("init", "--yes").returncode == 0
    built = project.command("build")
    assert built.returncode == 0, built.stderr
    assert (project.root / ".serverless" / "service.zip").is_file()


def test_without_an_index_nothing_is_proposed_about_sizes(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write({"requirements.txt": "--no-index\nnowhere-to-be-had\n"})
    assert run("init", "--yes") == 0
    assert "Sizes are not known" in capsys.readouterr().err
    assert project.listing()["serverless.yml"] == WRITTEN.encode()


def test_what_was_printed_from_code_is_not_edited(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = SERVERLESS.replace("custom:\n  pythonRequirements: {}\n", "")
    project.write({"serverless.ts": "export default {}\n", "printed.yml": printed})
    before = project.listing()

    assert run("init", "--config", "printed.yml", "--yes") == 0

    said = capsys.readouterr()
    assert said.out == "custom: {\n  pythonRequirements: {},\n},\n"
    assert "serverless.ts is code" in said.err
    assert project.listing() == before
