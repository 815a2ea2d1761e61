"""Of each package, the file that serves the Target."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.locks import Pin, Unbuilt, WheelFile, target_for
from pyreq_tui.locks.select import select
from tests.making import make_wheel

if TYPE_CHECKING:
    from pyreq_tui.locks.select import Selection

BASE = Path("/project")
SHA = "ab" * 32
HASHES = f'hashes = {{ sha256 = "{SHA}" }}'
HEAD = 'lock-version = "1.0"\ncreated-by = "tests"\n'


def wheel(name: str) -> str:
    return f'{{ url = "https://h/{name}", size = 7, hashes = {{ sha256 = "{SHA}" }} }}'


def package(name: str, *wheels: str, sdist: bool = False, extra: str = "") -> str:
    text = f'[[packages]]\nname = "{name}"\nversion = "1.0"\n{extra}\n'
    if wheels:
        text += f"wheels = [{', '.join(wheel(f'{name}-1.0-{tag}.whl') for tag in wheels)}]\n"
    if sdist:
        text += f'sdist = {{ url = "https://h/{name}-1.0.tar.gz", hashes = {{ sha256 = "{SHA}" }} }}\n'
    return text


def selected(
    text: str, runtime: str = "python3.12", architecture: str = "x86_64", **rest: object
) -> Selection:
    return select(HEAD + text, target_for(runtime, architecture), base=BASE, **rest)  # type: ignore[arg-type]  # as select takes them


def test_the_best_wheel_by_tags() -> None:
    tags = ("py3-none-any", "cp38-abi3-manylinux2014_x86_64", "cp312-cp312-manylinux_2_28_x86_64")
    [pin] = selected(package("a", *tags)).pins
    assert pin == Pin(
        "a",
        "1.0",
        wheel=WheelFile(
            "a-1.0-cp312-cp312-manylinux_2_28_x86_64.whl",
            "https://h/a-1.0-cp312-cp312-manylinux_2_28_x86_64.whl",
            SHA,
            7,
        ),
    )
    [pin] = selected(package("a", *tags), "python3.11").pins
    assert pin.wheel is not None
    assert "abi3" in pin.wheel.filename
    [pin] = selected(package("a", *tags), architecture="arm64").pins
    assert pin.wheel is not None
    assert pin.wheel.filename.endswith("any.whl")


def test_sources_where_no_wheel_loads() -> None:
    selection = selected(package("a", "cp312-cp312-win_amd64", sdist=True) + package("b", sdist=True))
    assert [pin.unbuilt for pin in selection.pins] == [
        Unbuilt("sdist", f"https://h/{name}-1.0.tar.gz", sha256=SHA, has_wheels=name == "a") for name in "ab"
    ]
    assert selection.unloadable == {"a": "1.0"}


def test_neither_is_an_error_that_says_what_there_is() -> None:
    text = package("a", "cp312-cp312-manylinux_2_39_x86_64")
    with pytest.raises(PyreqError, match=r"manylinux_2_39_x86_64") as caught:
        selected(text, places={"a": Where(Path("r.txt"), 3)})
    assert "glibc 2.34" in caught.value.message
    assert str(caught.value.where) == "r.txt:3"
    assert selected(text, is_final=False).unloadable == {"a": "1.0"}


def test_markers_decide_what_ships() -> None:
    text = package("a", "py3-none-any", extra="marker = \"sys_platform == 'win32'\"")
    text += package("b", "py3-none-any", extra="marker = \"python_version >= '3.12'\"")
    text += package("c", "py3-none-any", extra="marker = \"'x' in extras or 'dev' in dependency_groups\"")
    assert [pin.name for pin in selected(text).pins] == ["b"]
    assert [pin.name for pin in selected(text, "python3.11").pins] == []


def test_default_groups_ship() -> None:
    text = 'dependency-groups = ["dev"]\ndefault-groups = ["dev"]\n'
    text += package("c", "py3-none-any", extra="marker = \"'dev' in dependency_groups\"")
    assert [pin.name for pin in selected(text).pins] == ["c"]


def test_one_package_in_two_versions_for_two_systems() -> None:
    text = package("a", "py3-none-any", extra="marker = \"python_version < '3.12'\"")
    text += package("a", "py3-none-any", extra="marker = \"python_version >= '3.12'\"").replace("1.0", "2.0")
    assert [pin.version for pin in selected(text).pins] == ["2.0"]
    with pytest.raises(PyreqError, match="twice"):
        selected(package("a", "py3-none-any") * 2)


def test_everything_that_has_to_be_built() -> None:
    text = f"""
        [[packages]]
        name = "directory"
        directory = {{ path = "lib/one", editable = true, subdirectory = "sub" }}
        [[packages]]
        name = "vcs"
        vcs = {{ type = "git", url = "https://h/r.git", commit-id = "c0ffee", subdirectory = "s" }}
        [[packages]]
        name = "archive"
        archive = {{ path = "files/archive-1.zip", size = 3, {HASHES} }}
        """
    assert {pin.name: pin.unbuilt for pin in selected(text).pins} == {
        "archive": Unbuilt("sdist", "file:///project/files/archive-1.zip", sha256=SHA, size_bytes=3),
        "directory": Unbuilt("directory", "/project/lib/one", subdirectory="sub"),
        "vcs": Unbuilt("vcs", "https://h/r.git", "c0ffee", "s"),
    }


def test_a_local_wheel_has_the_size_it_has(tmp_path: Path) -> None:
    path = make_wheel(tmp_path, "a")
    text = (
        f'[[packages]]\nname = "a"\nwheels = [{{ path = "{path.name}", hashes = {{ sha256 = "{SHA}" }} }}]\n'
    )
    [pin] = select(HEAD + text, target_for("python3.12", "x86_64"), base=tmp_path).pins
    assert pin.wheel == WheelFile(path.name, path.as_uri(), SHA, path.stat().st_size)


def test_a_direct_wheel_must_load() -> None:
    url = "https://h/a-1-cp312-cp312-win_amd64.whl"
    text = f'[[packages]]\nname = "a"\narchive = {{ url = "{url}", hashes = {{ md5 = "0" }} }}\n'
    with pytest.raises(PyreqError, match="win_amd64"):
        selected(text)
    [pin] = selected(text.replace("win_amd64", "linux_x86_64")).pins
    assert pin.wheel is not None
    assert pin.wheel.sha256 is None


def test_only_files_with_an_allowed_hash_count() -> None:
    text = package("a", "py3-none-any", sdist=True)
    assert selected(text, hashes={"a": frozenset({f"sha256:{SHA}"})}).pins == selected(text).pins
    with pytest.raises(PyreqError, match="hashes"):
        selected(text, hashes={"a": frozenset({"sha256:" + "0" * 64})})
    archive = f'[[packages]]\nname = "a"\narchive = {{ url = "https://h/a.zip", {HASHES} }}\n'
    with pytest.raises(PyreqError, match="hash"):
        selected(archive, hashes={"a": frozenset({"sha256:" + "0" * 64})})


def test_a_lock_for_another_python_is_refused() -> None:
    with pytest.raises(PyreqError, match=r">=3\.13, not for python3\.12"):
        selected('requires-python = ">=3.13"\n' + package("a", "py3-none-any"))
    with pytest.raises(PyreqError, match="other environments"):
        selected("environments = [\"sys_platform == 'win32'\"]\n" + package("a", "py3-none-any"))


def test_a_package_without_any_file_matters_only_where_it_ships() -> None:
    text = package("a", "py3-none-any")
    assert len(selected(text + package("b", extra="marker = \"sys_platform == 'win32'\"")).pins) == 1
    with pytest.raises(PyreqError, match="b has no file"):
        selected(text + package("b"))


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "packages = 1",
        "[[packages]]\nname = 1",
        "[[packages]]\nname = 'a'\nmarker = 'x y'",
        "lock-version = '2.0'",
    ],
)
def test_what_is_no_lock_is_refused(text: str) -> None:
    head = "" if text.startswith("lock") else HEAD
    with pytest.raises(PyreqError, match="not a valid"):
        select(head + text, target_for("python3.12", "x86_64"), base=BASE)
