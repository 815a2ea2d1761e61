"""poetry.lock of every age, read as ``poetry export`` writes it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.markers import Marker

from pyreq_tui.errors import PyreqError
from pyreq_tui.locks import target_for
from pyreq_tui.sources import Requirements, read_source
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from pathlib import Path

SHA = "ab" * 32
PROJECT_2 = """
    [project]
    name = "x"
    requires-python = ">=3.10"
    dependencies = ["a", "b"]
    [tool.poetry.group.dev.dependencies]
    d = "*"
    [dependency-groups]
    Lambda_Extras = ["e"]
"""
LOCK_2 = f"""
    [[package]]
    name = "a"
    version = "1.0"
    optional = false
    python-versions = ">=3.8"
    groups = ["main", "dev"]
    markers = {{main = "sys_platform == \\"win32\\"", dev = "python_version < \\"3.12\\""}}
    files = [
        {{file = "a-1.0-py3-none-any.whl", hash = "sha256:{SHA}"}},
        {{file = "a-1.0.tar.gz", hash = "md5:00"}},
    ]

    [[package]]
    name = "b"
    version = "2.0"
    optional = false
    python-versions = "*"
    groups = ["main", "dev"]
    markers = {{dev = "sys_platform == \\"win32\\""}}
    files = []

    [[package]]
    name = "c"
    version = "3.0"
    optional = true
    python-versions = "*"
    groups = ["main"]
    markers = "extra == \\"opt\\""
    files = []

    [[package]]
    name = "d"
    version = "4.0"
    optional = false
    python-versions = "*"
    groups = ["dev"]
    files = []

    [[package]]
    name = "e"
    version = "5.0"
    optional = false
    python-versions = "*"
    groups = ["lambda-extras"]
    files = []

    [extras]
    opt = ["c"]

    [metadata]
    lock-version = "2.1"
    python-versions = ">=3.10"
    content-hash = "00"
"""
PROJECT_1 = """
    [tool.poetry.dependencies]
    python = "^3.8"
    a = {version = "^1.0", extras = ["x"]}
    n = [{version = "<2", python = "<3.10"}, {version = "^2", python = ">=3.10"}]
    o = {version = "*", optional = true}
    w = {version = "*", platform = "win32"}
    [tool.poetry.extras]
    opt = ["o"]
    [tool.poetry.dev-dependencies]
    d = "*"
    [tool.poetry.group.heavy]
    optional = true
    [tool.poetry.group.heavy.dependencies]
    h = "*"
"""
LOCK_1 = f"""
    [[package]]
    name = "A"
    version = "1.5"
    category = "main"
    optional = false
    python-versions = ">=3.7"
    [package.dependencies]
    n = [
        {{version = ">=1", markers = "python_version < \\"3.10\\""}},
        {{version = ">=1", markers = "python_version >= \\"3.10\\""}},
    ]
    s = {{version = ">=1,<2 || >2", optional = true, markers = "extra == \\"x\\""}}
    t = {{version = "*", markers = "python_version < \\"3.9\\""}}
    u = {{version = "*", optional = true, markers = "extra == \\"y\\""}}
    setuptools-like = {{version = "*", markers = "python_version < \\"3\\""}}
    [package.extras]
    x = ["s (>=1,!=2)"]
    y = ["u"]

    [[package]]
    name = "n"
    version = "1.9"
    optional = false
    python-versions = ">=3.8"

    [[package]]
    name = "n"
    version = "2.3"
    optional = false
    python-versions = ">=3.9"

    [[package]]
    name = "o"
    version = "1.0"
    optional = true
    python-versions = "*"

    [[package]]
    name = "s"
    version = "1.0"
    optional = true
    python-versions = "*"

    [[package]]
    name = "t"
    version = "1.0"
    optional = false
    python-versions = "*"

    [[package]]
    name = "w"
    version = "1.0"
    optional = false
    python-versions = "*"

    [[package]]
    name = "d"
    version = "1.0"
    category = "dev"
    optional = false
    python-versions = "*"

    [[package]]
    name = "h"
    version = "1.0"
    optional = true
    python-versions = "*"

    [metadata]
    lock-version = "1.1"
    python-versions = "^3.8"
    content-hash = "00"

    [metadata.files]
    a = [{{file = "a-1.5.tar.gz", hash = "sha256:{SHA}"}}]
    n = []
"""


def read(root: Path, **options: object) -> Requirements:
    asked = read_source(found(root), service(root, **options).options)
    assert isinstance(asked, Requirements)
    assert asked.is_complete
    return asked


def shipped(asked: Requirements, runtime: str = "python3.12") -> set[str]:
    environment = {**target_for(runtime, "x86_64").environment(), "extra": ""}
    return {
        requirement.text.partition(";")[0].strip()
        for requirement in asked.requirements
        if requirement.marker is None or Marker(requirement.marker).evaluate(environment)
    }


@pytest.fixture
def poetry_2(tmp_path: Path) -> Path:
    return write(tmp_path, {"pyproject.toml": PROJECT_2, "poetry.lock": LOCK_2})


@pytest.fixture
def poetry_1(tmp_path: Path) -> Path:
    return write(tmp_path, {"pyproject.toml": PROJECT_1, "poetry.lock": LOCK_1})


def test_poetry_2_ships_the_main_group(poetry_2: Path) -> None:
    asked = read(poetry_2)
    assert shipped(asked) == {"b==2.0"}
    assert [requirement.name for requirement in asked.requirements] == ["a", "b", "c"]
    first = asked.requirements[0]
    assert first.hashes == (f"sha256:{SHA}",)
    assert str(first.where) == f"{poetry_2}/poetry.lock:2"
    assert asked.environment == 'python_version >= "3.10"'
    assert asked.files == (poetry_2 / "pyproject.toml", poetry_2 / "poetry.lock")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"poetry_with_groups": ("dev",)}, {"b==2.0", "d==4.0"}),
        ({"poetry_with_groups": ("lambda_extras", "dev"), "poetry_without_groups": ("dev",)},
         {"b==2.0", "e==5.0"}),
        ({"poetry_without_groups": ("main",)}, set()),
        ({"poetry_only_groups": ("Lambda-Extras",), "poetry_with_groups": ("dev",)}, {"e==5.0"}),
        ({"poetry_only_groups": ("dev,lambda_extras",)}, {"d==4.0", "e==5.0"}),
    ],
)  # fmt: skip
def test_groups(poetry_2: Path, options: dict[str, object], expected: set[str]) -> None:
    assert shipped(read(poetry_2, **options)) == expected


def test_the_marker_of_any_of_the_groups_counts(poetry_2: Path) -> None:
    assert "a==1.0" in shipped(read(poetry_2, poetry_with_groups=("dev",)), "python3.11")
    assert "a==1.0" not in shipped(read(poetry_2, poetry_with_groups=("dev",)), "python3.12")


def test_a_group_that_is_not_there_is_named(poetry_2: Path) -> None:
    with pytest.raises(PyreqError, match="poetryWithGroups names nonesuch") as caught:
        read(poetry_2, poetry_with_groups=("nonesuch",))
    assert "dev, lambda-extras, main" in str(caught.value.hint)


def test_poetry_1_states_edges_only(poetry_1: Path) -> None:
    asked = read(poetry_1)
    assert shipped(asked) == {"a==1.5", "n==2.3", "s==1.0"}
    assert shipped(asked, "python3.9") == {"a==1.5", "n==1.9", "s==1.0"}
    assert shipped(asked, "python3.8") == {"a==1.5", "n==1.9", "s==1.0", "t==1.0"}
    assert asked.requirements[0].hashes == (f"sha256:{SHA}",)


def test_groups_of_poetry_1(poetry_1: Path) -> None:
    assert shipped(read(poetry_1, poetry_with_groups=("dev",))) >= {"d==1.0", "a==1.5"}
    assert shipped(read(poetry_1, poetry_only_groups=("heavy",))) == {"h==1.0"}


def test_hashes_as_the_first_locks_keep_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": "[tool.poetry.dependencies]\na = '*'\n",
            "poetry.lock": f"""
                [[package]]
                name = "a"
                version = "1"
                [metadata]
                content-hash = "0"
                [metadata.hashes]
                a = ["{SHA}"]
            """,
        },
    )
    assert read(tmp_path).requirements[0].hashes == (f"sha256:{SHA}",)


SOURCES = {
    'type = "git"\nurl = "https://h/r.git"\nreference = "v1"\nresolved_reference = "c0ffee"': "a @ git+https://h/r.git@c0ffee",
    'type = "git"\nurl = "git@h:o/r.git"\nreference = "v1"\nsubdirectory = "sub dir"': "a @ git+ssh://git@h/o/r.git@v1#subdirectory=sub%20dir",
    'type = "url"\nurl = "https://h/a-1.tar.gz"': "a @ https://h/a-1.tar.gz",
    'type = "directory"\nurl = "lib one"': "a @ file:lib%20one",
    'type = "legacy"\nurl = "https://h/simple"\nreference = "mine"': "a==1",
}  # fmt: skip


@pytest.mark.parametrize(("source", "text"), SOURCES.items())
def test_where_packages_come_from(tmp_path: Path, source: str, text: str) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.poetry.dependencies]\na = '*'\n", "lib one/pyproject.toml": ""})
    package = '[[package]]\nname = "a"\nversion = "1"\ngroups = ["main"]\ndevelop = true\n'
    (tmp_path / "poetry.lock").write_text(f"{package}[package.source]\n{source}\n")
    [requirement] = read(tmp_path).requirements
    assert (requirement.text, requirement.is_editable) == (text, False)
    if text.startswith("a @ file:"):
        assert requirement.path == tmp_path / "lib one"


def legacy(name: str, url: str, reference: str) -> str:
    head = f'[[package]]\nname = "{name}"\nversion = "1"\ngroups = ["main"]\n'
    return (
        f'{head}[package.source]\ntype = "legacy"\nurl = "{url}"\nreference = "{reference}"\n'
        if url
        else head
    )


@pytest.mark.parametrize(
    ("urls", "options"),
    [
        ((), ()),
        (("https://pypi.org/simple",), ()),
        (("https://h/simple",), ("--index-url", "https://h/simple")),
        (("", "https://h/simple"), ("--extra-index-url", "https://h/simple")),
        (
            ("https://h/simple", "https://pypi.org/simple"),
            ("--index-url", "https://h/simple", "--extra-index-url", "https://pypi.org/simple"),
        ),
        (
            ("", "http://h:8080/simple"),
            ("--extra-index-url", "http://h:8080/simple", "--trusted-host", "h:8080"),
        ),
    ],
)
def test_indexes(tmp_path: Path, urls: tuple[str, ...], options: tuple[str, ...]) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.poetry]\nname = 'x'\n"})
    (tmp_path / "poetry.lock").write_text(
        "".join(legacy(f"p{number}", url, "mine") for number, url in enumerate(urls))
    )
    assert read(tmp_path).options == options


def test_credentials_come_from_where_poetry_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POETRY_HTTP_BASIC_MY_INDEX_USERNAME", "me")
    monkeypatch.setenv("POETRY_HTTP_BASIC_MY_INDEX_PASSWORD", "p@ss:word")
    write(tmp_path, {"pyproject.toml": "[tool.poetry]\nname = 'x'\n"})
    (tmp_path / "poetry.lock").write_text(legacy("p", "https://h/simple", "my-index"))
    asked = read(tmp_path)
    assert asked.options == ("--index-url", "https://me:p%40ss%3Aword@h/simple")
    assert asked.secrets == ("p%40ss%3Aword", "p@ss:word")
    assert "p@ss" not in repr(asked.problems)
    monkeypatch.delenv("POETRY_HTTP_BASIC_MY_INDEX_USERNAME")
    monkeypatch.setenv("POETRY_CONFIG_DIR", str(tmp_path / "config"))
    assert read(tmp_path).options == ("--index-url", "https://h/simple")
    write(tmp_path, {"config/auth.toml": "[http-basic.my-index]\nusername = 'you'\npassword = 's3cret'\n"})
    asked = read(tmp_path)
    assert asked.options == ("--index-url", "https://you:s3cret@h/simple")
    assert asked.secrets == ("s3cret",)


def test_a_lock_without_what_the_project_needs_is_told(poetry_1: Path) -> None:
    manifest = poetry_1 / "pyproject.toml"
    manifest.write_text(
        manifest.read_text().replace("[tool.poetry.extras]", 'new = "*"\n[tool.poetry.extras]')
    )
    with pytest.raises(PyreqError, match="does not hold new") as caught:
        read(poetry_1)
    assert "poetry lock" in str(caught.value.hint)
    assert found(poetry_1).is_fresh is False


def test_a_lock_above_speaks_for_a_module(poetry_2: Path) -> None:
    write(poetry_2, {"functions/one/handler.py": ""})
    source = found(poetry_2, "functions/one")
    assert source.lockfile == poetry_2 / "poetry.lock"
    asked = read_source(source, service(poetry_2).options)
    assert isinstance(asked, Requirements)
    assert shipped(asked) == {"b==2.0"}


def test_a_lock_that_does_not_say_can_not_be_told(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.poetry]\nname = 'x'\n", "poetry.lock": ""})
    assert found(tmp_path).is_fresh is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "a"', 'name = "a @ https://evil/x"'),
        ('name = "a"', "name = 1"),
        ('version = "1.0"', 'version = "one"'),
        ('version = "1.0"', ""),
        ('main = "sys_platform == \\"win32\\""', 'main = "os.system()"'),
        ('python-versions = ">=3.10"', 'python-versions = ">="'),
    ],
)
def test_mangled_values_are_pointed_at(poetry_2: Path, old: str, new: str) -> None:
    file = poetry_2 / "poetry.lock"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(PyreqError, match=r"poetry\.lock can't be read") as caught:
        read(poetry_2)
    assert caught.value.where is not None
    assert caught.value.where.file == file
