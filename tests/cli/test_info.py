"""``info``: what a bug report needs, and nothing that should not be in one."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from pyreq_tui import __version__
from pyreq_tui.cli import main

if TYPE_CHECKING:
    from pathlib import Path


SECRET = "hunter2"


@pytest.mark.slow
def test_it_tells_what_matters_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", f"https://me:{SECRET}@index.example/simple")
    monkeypatch.setenv("https_proxy", f"http://me:{SECRET}@proxy.example")
    monkeypatch.setenv("DOCKER_HOST", f"tcp://me:{SECRET}@127.0.0.1:1")
    monkeypatch.setenv("SSH_CONNECTION", SECRET)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("TERM", "xterm-kitty")
    lock = tmp_path / "cache" / "pyreq-tui" / "locks" / f"{'a' * 32}.json"
    lock.parent.mkdir(parents=True)
    lock.write_bytes(bytes(2048))

    assert main(lambda path, **asked: 0, ["info", "--json"]) == 0
    told = capsys.readouterr()
    data = json.loads(told.out)

    assert data["pyreq-tui"] == __version__
    assert data["cache"] == {"folder": "~/cache/pyreq-tui", "bytes": 2048}
    assert data["docker engine"].startswith("none answers at tcp://")
    assert data["terminal"]["TERM"] == "xterm-kitty"
    assert data["terminal"]["SSH_CONNECTION"] == "set"
    assert data["libraries"]["textual"] == "8.2.8"
    own = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    assert data["interpreters"][own] != "none"
    assert {"PIP_INDEX_URL", "https_proxy", "DOCKER_HOST"} <= set(data["variables set"])
    assert "AWS_SECRET_ACCESS_KEY" not in told.out
    assert SECRET not in told.out + told.err

    assert main(lambda path, **asked: 0, ["info"]) == 0
    text = capsys.readouterr().out
    assert "  bytes   2.0 KB\n" in text
    assert str(tmp_path) not in text, "home is ~"
    assert SECRET not in text
