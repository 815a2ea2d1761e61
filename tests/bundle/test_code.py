from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.bundle import (
    FRAMEWORK_EXCLUDES,
    CodeFile,
    Listing,
    default_excludes,
    development_only,
    list_files,
    named_outside,
    select,
    unmatched_patterns,
)
from pyreq_tui.bundle import code as code_module
from pyreq_tui.errors import PyreqError

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_files(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    return root


def paths_of(files: Sequence[CodeFile] | Listing) -> list[str]:
    return [file.path for file in (files.files if isinstance(files, Listing) else files)]


def said(listing: Listing) -> list[str]:
    assert {problem.code for problem in listing.problems} <= {"file-not-packaged"}
    return [problem.message.split(",")[0] for problem in listing.problems]


def test_a_walk_lists_everything_but_git_and_serverless(tmp_path: Path) -> None:
    make_files(
        tmp_path,
        *("handler.py", "lib/a.py", ".hidden/x", ".git/config", ".serverless/old.zip"),
        *("lib/.serverless/kept", "vendored/.git/config", "ä.py"),
    )
    (tmp_path / "handler.py").chmod(0o755)
    (tmp_path / "empty").mkdir()
    listing = list_files(tmp_path)
    assert paths_of(listing) == [".hidden/x", "handler.py", "lib/.serverless/kept", "lib/a.py", "ä.py"]
    assert [file.path for file in listing.files if file.is_executable] == ["handler.py"]
    assert listing.files[1].size_bytes == len("handler.py")
    assert listing.files[1].source == tmp_path / "handler.py"
    assert listing.problems == ()


def test_links_inside_of_the_repository_are_followed(tmp_path: Path) -> None:
    repository = make_files(tmp_path, ".git/HEAD", "shared/util.py", "service/handler.py")
    (repository / "service/common").symlink_to("../shared")
    (repository / "service/one.py").symlink_to("../shared/util.py")
    listing = list_files(repository / "service")
    assert paths_of(listing) == ["common/util.py", "handler.py", "one.py"]
    assert listing.problems == ()


def test_links_that_lead_astray_are_passed_over_and_said(tmp_path: Path) -> None:
    make_files(tmp_path, "secret/id_rsa", "repository/.git/config", "repository/service/handler.py")
    service = tmp_path / "repository/service"
    (service / "keys").symlink_to(tmp_path / "secret")
    (service / "key").symlink_to(tmp_path / "secret/id_rsa")
    (service / "loop").symlink_to(".")
    (service / "gone").symlink_to("nowhere")
    (service / "config").symlink_to("../.git/config")
    (service / "self").symlink_to("self")
    os.mkfifo(service / "pipe")
    listing = list_files(service)
    assert paths_of(listing) == ["handler.py"]
    assert sorted(said(listing)) == [
        "config is a link out of the repository",
        "gone is a link to nothing",
        "key is a link out of the repository",
        "keys is a link out of the repository",
        "loop is a link to a folder it lies in",
        "pipe is neither a file nor a folder",
        "self is a link to nothing",
    ]
    assert all(problem.where and problem.hint for problem in listing.problems)


def test_a_folder_may_be_deeper_than_python_recurses(tmp_path: Path) -> None:
    folders = [f"{tmp_path}/{'d/' * depth}" for depth in range(1, 1_500)]
    for folder in folders:
        os.mkdir(folder)  # noqa: PTH102 - pathlib recurses
    Path(folders[-1], "x").touch()
    try:
        (file,) = list_files(tmp_path).files
        assert file.path == "d/" * 1_499 + "x"
    finally:
        Path(folders[-1], "x").unlink()
        for folder in reversed(folders):
            os.rmdir(folder)  # noqa: PTH106 - as above


def test_without_a_repository_the_root_is_the_boundary(tmp_path: Path) -> None:
    make_files(tmp_path, "beside.py", "service/handler.py")
    (tmp_path / "service/beside.py").symlink_to("../beside.py")
    listing = list_files(tmp_path / "service", boundary=tmp_path / "service")
    assert paths_of(listing) == ["handler.py"]
    assert paths_of(list_files(tmp_path / "service", boundary=tmp_path)) == ["beside.py", "handler.py"]


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_not_utf8_is_passed_over_and_said(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.py")).touch()
    listing = list_files(tmp_path)
    assert paths_of(listing) == []
    assert said(listing) == ["caf\\udce9.py has a name that is not UTF-8"]


def test_a_pattern_may_reach_beside_the_root(tmp_path: Path) -> None:
    repository = make_files(tmp_path, ".git/HEAD", "libs/a/x.py", "libs/b.py", "service/h.py", "other/y.py")
    patterns = ("../libs/a/**", "../libs/b.py", "../none/**", "../../**")
    listing = list_files(repository / "service", patterns)
    assert paths_of(listing) == ["../libs/a/x.py", "../libs/b.py", "h.py"]
    assert [file.artifact_path for file in listing.files] == ["libs/a/x.py", "libs/b.py", "h.py"]
    assert paths_of(select(listing.files, patterns)) == ["../libs/a/x.py", "../libs/b.py", "h.py"]
    assert paths_of(select(listing.files, ())) == ["h.py"]
    outside = list_files(repository / "service", ("../../somewhere/**",))
    assert said(outside) == ["../../somewhere lies outside of the repository"]


def test_a_folder_that_looks_endless_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_module, "MAX_FILES", 3)
    make_files(tmp_path, "1", "2", "3")
    assert len(list_files(tmp_path).files) == 3
    make_files(tmp_path, "4")
    with pytest.raises(PyreqError, match="more than 3 files"):
        list_files(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    make_files(tmp_path, "locked/a")
    (tmp_path / "locked").chmod(0)
    try:
        with pytest.raises(PyreqError, match="could not be read") as raised:
            list_files(tmp_path)
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert raised.value.where is not None


def files_named(*paths: str) -> tuple[CodeFile, ...]:
    return tuple(CodeFile(path, Path(path), 1, False) for path in sorted(paths))


SERVICE = files_named(
    *(".env", ".env.prod", ".gitignore", ".git/HEAD", "serverless.yml", "handler.py", "src/a.py", "src/.b"),
    *("src/deep/c.py", "tests/test_a.py", "yarn-error.log", "layers/one/x", "docs", "api/.gitignore"),
    *(".claude/skills/serverless-x/SKILL.md", ".claude/skills/mine/SKILL.md"),
)


def test_the_defaults_leave_out_what_the_framework_leaves_out() -> None:
    excludes = default_excludes("serverless.yml", ["./layers/one/"], uses_dotenv=True)
    assert paths_of(select(SERVICE, (), excludes)) == [
        *(".claude/skills/mine/SKILL.md", "api/.gitignore", "docs", "handler.py", "src/.b", "src/a.py"),
        *("src/deep/c.py", "tests/test_a.py"),
    ]
    without_dotenv = default_excludes("serverless.yml", (), uses_dotenv=False)
    assert {".env", ".env.prod", "layers/one/x"} <= set(paths_of(select(SERVICE, (), without_dotenv)))


@pytest.mark.parametrize(
    ("patterns", "shipped"),
    [
        (["!**"], []),
        (["!**", "src/**"], ["src/.b", "src/a.py", "src/deep/c.py"]),
        (["!**", "src"], []),
        (["!**", "src/"], []),
        (["!**", "docs"], ["docs"]),
        (["!**", "./src/*"], ["src/.b", "src/a.py"]),
        (["!./**", "**/*.py", "!tests/**"], ["handler.py", "src/a.py", "src/deep/c.py"]),
        (["!**", "src/**", "!src/**", "src/a.py"], ["src/a.py"]),
        (["!*/**", "!docs"], [".env", ".env.prod", "handler.py"]),
        (["!**", "{handler,src/a}.py"], ["handler.py", "src/a.py"]),
        (["!**", "serverless.yml", ".gitignore"], [".gitignore", "serverless.yml"]),
        (["!**", "*.py", "src/*", "!(handler|docs).py"], ["src/.b", "src/a.py"]),
    ],
)
def test_patterns_speak_in_order(patterns: list[str], shipped: list[str]) -> None:
    files = tuple(file for file in SERVICE if not file.path.startswith((".claude", "layers", "api")))
    assert paths_of(select(files, patterns, (*FRAMEWORK_EXCLUDES, "serverless.yml"))) == shipped


def test_patterns_that_match_nothing_are_known() -> None:
    assert unmatched_patterns(SERVICE, ["src", "!src/**", "!none/**", "handler.py"]) == ("src", "!none/**")


def test_only_a_pattern_that_says_the_folder_brings_in_what_is_outside_of_a_module() -> None:
    files = files_named("fn/h.py", "shared/a.py", "other/b.py", "../libs/c.py")
    assert named_outside(files, ["fn/**", "shared/**", "../libs/**", "**/*.py", "!other/**"], "fn") == {
        "shared/a.py",
        "libs/c.py",
    }
    assert named_outside(files, [], "fn") == frozenset()


def test_development_dependencies_of_node_are_left_out(tmp_path: Path) -> None:
    def package(folder: str, **manifest: object) -> None:
        make_files(tmp_path, f"{folder}/package.json", f"{folder}/index.js")
        (tmp_path / folder / "package.json").write_text(json.dumps(manifest))

    package(
        ".", dependencies={"kept": "1"}, devDependencies={"plugin": "1", "@scope/tool": "1", "absent": "1"}
    )
    package("node_modules/kept", dependencies={"both": "1"})
    package("node_modules/plugin", dependencies={"both": "1", "inner": "1"}, bin={"plug": "x.js"})
    package("node_modules/plugin/node_modules/inner")
    package("node_modules/@scope/tool", bin="x.js", dependencies={"deep": "1", "plugin": "1"})
    package("node_modules/deep")
    package("node_modules/both")
    package("node_modules/stray")
    make_files(tmp_path, "node_modules/.bin/plug", "node_modules/.bin/tool", "node_modules/.bin/keep", "h.py")
    make_files(tmp_path, "broken/package.json")
    listing = list_files(tmp_path)
    left_out = development_only(listing.files)
    assert left_out == {
        *("node_modules/plugin", "node_modules/@scope/tool", "node_modules/deep"),
        *("node_modules/plugin/node_modules/inner", "node_modules/.bin/plug", "node_modules/.bin/tool"),
    }
    assert [
        path for path in paths_of(select(listing.files, (), (), left_out)) if not path.endswith(".json")
    ] == [
        *("h.py", "index.js", "node_modules/.bin/keep", "node_modules/both/index.js"),
        *("node_modules/kept/index.js", "node_modules/stray/index.js"),
    ]


def test_a_manifest_that_is_none_says_nothing(tmp_path: Path) -> None:
    for text in ("[]", "{", '{"devDependencies": 3}', "[" * 100_000, '{"devDependencies": {"../../x": "1"}}'):
        (tmp_path / "package.json").write_text(text)
        assert development_only(list_files(tmp_path).files) == frozenset()
