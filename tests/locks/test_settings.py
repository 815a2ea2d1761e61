"""pip's configuration and arguments become one set of settings."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.errors import PyreqError
from pyreq_tui.locks.arguments import split_arguments
from pyreq_tui.locks.pip_configuration import configuration_files, pip_configuration
from pyreq_tui.locks.settings import Settings, settle
from tests.sources.projects import write

if TYPE_CHECKING:
    from pathlib import Path


def configured(**environment: str) -> tuple[str, ...]:
    return pip_configuration(environment)


def test_the_last_place_counts(tmp_path: Path) -> None:
    user = "[global]\nindex-url = https://user\ntrusted-host = a\n b\n[list]\nprefer-binary = 1\n"
    virtual = "[global]\nindex_url = https://venv\n[install]\nno-index = yes\npre = false\n"
    write(tmp_path, {"home/.config/pip/pip.conf": user, "venv/pip.conf": virtual})
    places = {"HOME": str(tmp_path / "home"), "VIRTUAL_ENV": str(tmp_path / "venv")}
    read = settle(Settings(), configured(**places))
    assert (read.index_url, read.trusted_hosts) == ("https://venv", ("a", "b"))
    assert (read.no_index, read.pre, read.prefer_binary) == (True, False, False)
    read = settle(Settings(), configured(**places, PIP_INDEX_URL="https://variable", PIP_NO_INDEX="0"))
    assert (read.index_url, read.no_index) == ("https://variable", False)


def test_a_named_file_stands_in_for_the_users(tmp_path: Path) -> None:
    named = "[global]\nfind-links =\n    /a\n    /b\ncert = /c\ntimeout = 60\n"
    user = "[global]\nindex-url = https://user\n"
    write(tmp_path, {"home/.config/pip/pip.conf": user, "named.conf": named})
    home = str(tmp_path / "home")
    read = settle(Settings(), configured(HOME=home, PIP_CONFIG_FILE=str(tmp_path / "named.conf")))
    assert (read.index_url, read.cert, read.timeout_seconds) == (None, "/c", "60")
    assert read.find_links == ("/a", "/b")
    assert configured(HOME=home, PIP_CONFIG_FILE=os.devnull) == ()
    assert list(configuration_files({"PIP_CONFIG_FILE": os.devnull})) == []


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"pip.conf": "index-url = x\n"})
    with pytest.raises(PyreqError, match=r"pip\.conf can't be read") as caught:
        configured(HOME=str(tmp_path), PIP_CONFIG_FILE=str(tmp_path / "pip.conf"))
    assert caught.value.where is not None


@pytest.mark.parametrize(
    ("items", "arguments"),
    [
        (("--index-url https://x",), ("--index-url", "https://x")),
        (("--find-links 'my wheels'",), ("--find-links", "my wheels")),
        (("--pre", "--no-deps"), ("--pre", "--no-deps")),
        (("a b",), ("a b",)),
        (("--x 'open",), ("--x 'open",)),
    ],
)
def test_items_of_pip_arguments_are_split(items: tuple[str, ...], arguments: tuple[str, ...]) -> None:
    assert split_arguments(items) == arguments


def test_arguments_are_sorted_out() -> None:
    arguments = "-ihttps://one --extra-index-url=https://two -f wheels --pre --no-deps --only-binary=:all:"
    more = "--no-binary a,b --no-binary :none: --no-binary c --prefer-binary --trusted-host h -c limits.txt"
    rest = "--compile --platform=x -Uq --global-option=y -C a=b"
    assert settle(Settings(), f"{arguments} {more} {rest}".split()) == Settings(
        index_url="https://one",
        extra_index_urls=("https://two",),
        find_links=("wheels",),
        pre=True,
        no_deps=True,
        only_binary=(":all:",),
        no_binary=("c",),
        prefer_binary=True,
        trusted_hosts=("h",),
        constraints=("limits.txt",),
        compiles=True,
        config_settings=("a=b",),
        installer_only=("--platform=x",),
        pip_build=("--global-option=y",),
        pip_arguments=(
            *("--pre", "--no-deps", "--only-binary=:all:", "--no-binary", "a,b", "--no-binary", ":none:"),
            *("--no-binary", "c", "--prefer-binary", "--trusted-host", "h", "-c", "limits.txt"),
            *("--platform=x", "-U", "-q", "--global-option=y", "-C", "a=b"),
        ),
        needless=(
            ("-U", "every build starts from nothing"),
            ("-q", "pyreq-tui shows its own progress"),
        ),
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "x"], "--target can't be used here: the requirements' place is the artifact"),
        (["-tx"], "--target"),
        (["--dry-r"], "--dry-run"),
        (["--index-url"], "--index-url is given without its value"),
        (["-i"], "--index-url is given without its value"),
    ],
)
def test_arguments_that_make_no_sense_here_are_refused(arguments: list[str], message: str) -> None:
    with pytest.raises(PyreqError, match=message):
        settle(Settings(), arguments)


def test_what_no_table_knows_is_left_to_the_installer() -> None:
    assert settle(Settings(), ["--new-thing=1", "word", ""]).installer_only == ("--new-thing=1", "word")
    assert settle(Settings(), ["--exclude-newer", "2026-01-01"], installer="uv").installer_only == (
        *("--exclude-newer", "2026-01-01"),
    )


def test_an_index_in_a_file_forgets_those_before_it() -> None:
    before = Settings(index_url="https://a", extra_index_urls=("https://b",))
    arguments = ("--index-url", "https://c", "--extra-index-url", "https://d")
    assert settle(before, arguments).extra_index_urls == ("https://b", "https://d")
    assert settle(before, arguments, replaces_index=True).extra_index_urls == ("https://d",)


@given(st.lists(st.text(max_size=12), max_size=5))
def test_no_arguments_break_it(items: list[str]) -> None:
    with suppress(PyreqError):
        assert settle(Settings(), split_arguments(items)).pre in (True, False)
