"""Saving: whole or not at all, and never over somebody else's change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, OptionChange, PyreqError
from pyreq_tui.service import Edit, StaleEditError, edit_options, write_all
from tests.service.conftest import HEAD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.conftest import MakeService


def test_writes_and_keeps_the_mode(tmp_path: Path) -> None:
    path = tmp_path / "serverless.yml"
    path.write_bytes(b"a: 1\r\n")
    path.chmod(0o640)
    Edit(path, "a: 1\r\n", "a: 2\r\n").write()
    assert path.read_bytes() == b"a: 2\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["serverless.yml"]


def test_follows_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real" / "config.yml"
    real.parent.mkdir()
    real.write_text("a: 1\n", "utf-8")
    link = tmp_path / "serverless.yml"
    link.symlink_to(real)
    Edit(link, "a: 1\n", "a: 2\n").write()
    assert link.is_symlink()
    assert real.read_text("utf-8") == "a: 2\n"


def test_refuses_a_file_that_changed(tmp_path: Path) -> None:
    path = tmp_path / "serverless.yml"
    path.write_text("a: 3\n", "utf-8")
    with pytest.raises(PyreqError, match="changed on disk"):
        Edit(path, "a: 1\n", "a: 2\n").write()
    assert path.read_text("utf-8") == "a: 3\n"


def test_refuses_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(PyreqError, match="does not exist"):
        Edit(tmp_path / "serverless.yml", "a: 1\n", "a: 2\n").write()


def test_leaves_nothing_behind_when_the_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "serverless.yml"
    path.write_text("a: 1\n", "utf-8")

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(BuildError, match="No space left"):
        Edit(path, "a: 1\n", "a: 2\n").write()
    assert path.read_text("utf-8") == "a: 1\n"
    assert len(list(tmp_path.iterdir())) == 1


def test_no_change_writes_nothing(tmp_path: Path) -> None:
    edit = Edit(tmp_path / "missing.yml", "a: 1\n", "a: 1\n")
    edit.write()
    assert not edit.changed
    assert edit.diff() == ""


def test_the_diff_is_what_git_would_show(make_service: MakeService) -> None:
    service = make_service(HEAD + "custom:\n  pythonRequirements:\n    zip: true")
    assert edit_options(service, [OptionChange("slim", value=True)]).diff() == (
        "--- a/serverless.yml\n"
        "+++ b/serverless.yml\n"
        "@@ -4,4 +4,5 @@\n"
        "   runtime: python3.12\n"
        " custom:\n"
        "   pythonRequirements:\n"
        "-    zip: true\n"
        "\\ No newline at end of file\n"
        "+    zip: true\n"
        "+    slim: true\n"
        "\\ No newline at end of file\n"
    )


def test_a_new_file_is_written_and_taken_back(tmp_path: Path) -> None:
    edit = Edit(tmp_path / "serverless.yml", None, "a: 1\n", tmp_path)

    assert edit.diff() == "--- /dev/null\n+++ b/serverless.yml\n@@ -0,0 +1 @@\n+a: 1\n"
    edit.write()
    assert edit.path.read_text() == "a: 1\n"
    with pytest.raises(StaleEditError):
        edit.write()
    edit.reverted.write()
    assert list(tmp_path.iterdir()) == []


def test_of_several_files_all_change_or_none(tmp_path: Path) -> None:
    first, new, stale = (tmp_path / name for name in ("a.yml", "b.yml", "c.yml"))
    first.write_bytes(b"a: 1\r\n")
    stale.write_text("other\n")
    edits = [Edit(first, "a: 1\r\n", "a: 2\r\n"), Edit(new, None, "b\n"), Edit(stale, "c\n", "d\n")]

    with pytest.raises(StaleEditError, match=r"c\.yml changed"):
        write_all(edits)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.yml": b"a: 1\r\n",
        "c.yml": b"other\n",
    }


def test_what_can_not_be_put_back_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a.yml", tmp_path / "b.yml"
    first.write_text("a\n")
    second.write_text("b\n")
    write = Edit.write

    def refuse(edit: Edit) -> None:
        if edit.path == second:
            first.write_text("someone else's\n")
            raise BuildError("b.yml can't be written.")
        write(edit)

    monkeypatch.setattr(Edit, "write", refuse)
    with pytest.raises(BuildError, match=r"not to be put back: a\.yml"):
        write_all([Edit(first, "a\n", "A\n"), Edit(second, "b\n", "B\n")])
    assert first.read_text() == "someone else's\n"
