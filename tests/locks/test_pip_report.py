"""pip's installation report becomes pins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError
from pyreq_tui.locks import Pin, Unbuilt, WheelFile, read_report

if TYPE_CHECKING:
    from pathlib import Path

DIGEST = "ab" * 32
ZOPE = "zope_interface-1.0-py3-none-any.whl"


def report(*install: dict[str, object], version: str = "1") -> str:
    return json.dumps({"version": version, "pip_version": "24.2", "install": install, "environment": {}})


def item(name: str, origin: dict[str, object], **rest: object) -> dict[str, object]:
    return {"download_info": origin, "metadata": {"name": name, "version": "1.0"}, **rest}


def test_every_kind_of_origin(tmp_path: Path) -> None:
    local = tmp_path / "délta-1.0.tar.gz"
    local.write_bytes(b"12345")
    read = report(
        item(
            "Zope.Interface",
            {
                "url": "https://i/zope_interface-1.0-py3-none-any.whl",
                "archive_info": {"hashes": {"sha256": DIGEST}},
            },
            requested=True,
            requested_extras=["b", "a"],
        ),
        item("old", {"url": "https://i/old-1.0.zip", "archive_info": {"hash": f"sha256={DIGEST}"}}),
        item("delta", {"url": local.as_uri(), "archive_info": {"hash": "md5=00"}}, requested=False),
        item(
            "repo",
            {
                "url": "https://host/repo.git",
                "subdirectory": "sub",
                "vcs_info": {"vcs": "git", "commit_id": "c0ffee", "requested_revision": "main"},
            },
        ),
        item("folder", {"url": (tmp_path / "a b").as_uri(), "dir_info": {"editable": True}}, requested=True),
    )
    found = read_report(read)
    wheel = WheelFile(
        "zope_interface-1.0-py3-none-any.whl", "https://i/zope_interface-1.0-py3-none-any.whl", DIGEST, None
    )
    assert found.pip_version == "24.2"
    assert found.pins == (
        Pin("delta", "1.0", unbuilt=Unbuilt("sdist", local.as_uri(), size_bytes=5)),
        Pin("folder", "1.0", unbuilt=Unbuilt("directory", str(tmp_path / "a b"))),
        Pin("old", "1.0", unbuilt=Unbuilt("sdist", "https://i/old-1.0.zip", sha256=DIGEST)),
        Pin("repo", "1.0", unbuilt=Unbuilt("vcs", "https://host/repo.git", "c0ffee", "sub")),
        Pin("zope-interface", "1.0", wheel=wheel),
    )
    assert found.direct == (("folder", ()), ("zope-interface", ("a", "b")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": "1", "install": null}',
        report(version="2"),
        report({}),
        report(item("a", {"url": "https://i/a.whl"})),
        report(item("a", {"url": "https://i/a", "vcs_info": {"vcs": "hg", "commit_id": "1"}})),
        report(item("a", {"url": "https://i/a.whl", "archive_info": {}}, requested_extras="abc")),
    ],
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(BuildError):
        read_report(text)
