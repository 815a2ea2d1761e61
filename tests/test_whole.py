"""A file that is there whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_folders_are_made_and_what_stood_there_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"

    write_whole(path, "first")
    write_whole(path, "zweitens: größer")

    assert path.read_text("utf-8") == "zweitens: größer"
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_taken_keeps_what_it_has_and_gains_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken" / "inside").mkdir(parents=True)

    with pytest.raises(OSError, match="taken"):
        write_whole(tmp_path / "taken", "text")

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
