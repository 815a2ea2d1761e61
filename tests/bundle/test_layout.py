from __future__ import annotations

import re
import subprocess
import sys
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.bundle import lay_out, write_zip
from pyreq_tui.errors import PyreqError
from tests.bundle.contents import bundle_of, contents_of
from tests.making import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

BOOKKEEPING = re.compile(r".*\.dist-info/(INSTALLER|REQUESTED|direct_url\.json|RECORD)|bin/launcher")


def make_wheels(folder: Path) -> list[Path]:
    return [
        make_wheel(
            folder,
            "My-Pkg",
            files={
                "my_pkg/__init__.py": "VALUE = 1\n" * 99,
                "my_pkg/tool.sh": "#!/bin/sh\n",
                "my_pkg/naïve.txt": "ü",
                "My_Pkg-1.0.data/scripts/run": "#!/bin/sh\n",
                "My_Pkg-1.0.data/headers/my.h": "int x;\n",
                "My_Pkg-1.0.data/data/share/doc.txt": "words " * 99,
                "My_Pkg-1.0.data/purelib/pure.py": "",
                "My_Pkg-1.0.data/platlib/plat.py": "PLAT = 1\n",
                "My_Pkg-1.0.dist-info/entry_points.txt": "[console_scripts]\nlauncher = my_pkg:main\n",
                "My_Pkg-1.0.dist-info/RECORD.jws": "{}",
            },
            executables=["my_pkg/tool.sh"],
        ),
        make_wheel(folder, "other", "2.0", {"other.py": "x = 1\n", "ns/other/__init__.py": ""}),
        make_wheel(folder, "third", "3.0", {"ns/third/data.bin": bytes(range(256)) * 30}, compression=0),
    ]


def tree(folder: Path) -> dict[str, tuple[bytes, bool]]:
    """Every file's bytes and whether it runs, less what an installer writes about itself."""
    files = {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {
        # In a virtual environment pip puts headers elsewhere than outside of one, under the name as its
        # author spelt it.
        re.sub(r"^include/.*/my[-_]pkg/", "include/", path, flags=re.IGNORECASE): facts
        for path, facts in files.items()
        if not BOOKKEEPING.fullmatch(path)
    }


def unzip(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        for item in opened.infolist():
            opened.extract(item, folder)
            (folder / item.filename).chmod(item.external_attr >> 16 & 0o777)
    return folder


def test_a_written_bundle_is_what_pip_installs(tmp_path: Path) -> None:
    wheels = make_wheels(tmp_path / "wheels")
    install = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index"]
    subprocess.run([*install, "--no-deps", "--no-compile", "--target", tmp_path / "pip", *wheels], check=True)
    write_zip(bundle_of(*wheels), tmp_path / "o.zip", cancel=threading.Event(), on_bytes=lambda _: None)
    ours, pips = tree(unzip(tmp_path / "o.zip", tmp_path / "ours")), tree(tmp_path / "pip")
    assert ours.pop("bin/run") == (b"#!/bin/sh\n", True)
    assert pips.pop("bin/run")[0] == b"#!/bin/sh\n"  # pip gives it no exec bit unless the wheel does
    assert ours == pips


def test_scripts_headers_and_data_go_to_their_folders(tmp_path: Path) -> None:
    (wheel, *_) = make_wheels(tmp_path)
    entries = {entry.path: entry for entry in lay_out(contents_of(wheel), "my-pkg", wheel)}
    assert {"bin/run", "include/python/My_Pkg/my.h", "share/doc.txt", "pure.py", "plat.py"} < entries.keys()
    assert {path for path, entry in entries.items() if entry.is_executable} == {"bin/run", "my_pkg/tool.sh"}
    assert {entry.owner for entry in entries.values()} == {"my-pkg"}
    assert len({id(entry.source) for entry in entries.values()}) == 1


@pytest.mark.parametrize("member", ["demo-1.0.data/secret/x", "demo-1.0.data/purelib"])
def test_an_unknown_data_folder_is_refused(tmp_path: Path, member: str) -> None:
    wheel = make_wheel(tmp_path, "demo", files={member: ""})
    with pytest.raises(PyreqError, match="no installer would know"):
        lay_out(contents_of(wheel), "demo", wheel)


def test_a_folder_that_merely_looks_like_a_data_folder_stays(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "demo", files={"demo/x.data/scripts/a": "", "demo.data.py": ""})
    paths = {entry.path for entry in lay_out(contents_of(wheel), "demo", wheel)}
    assert {"demo/x.data/scripts/a", "demo.data.py"} < paths


def test_the_same_wheel_is_laid_out_once(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "demo")
    contents = contents_of(wheel)
    assert lay_out(contents, "demo", wheel) is lay_out(contents, "demo", wheel)
    assert lay_out(contents, "other", wheel) is not lay_out(contents, "demo", wheel)
