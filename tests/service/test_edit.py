"""Saving: whole or not at all, and never over somebody else's change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, OptionChange, PyreqError
from pyreq_tui.service import Edit, edit_options
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
