"""The real pip resolves where arguments say what only it understands."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, PyreqError
from pyreq_tui.locks import Lock, Unbuilt, pip_resolver
from pyreq_tui.locks.interpreters import interpreter_named
from tests.index_server import IndexServer
from tests.locks.conftest import Bench, versions
from tests.locks.test_resolve import sdist
from tests.sources.projects import write
from tests.wheels.test_building import make_project, make_sdist

if TYPE_CHECKING:
    from pathlib import Path
    from threading import Event

HERE = f"python{sys.version_info[0]}.{sys.version_info[1]}"
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="expects wheels of this machine to be Lambda's"),
    pytest.mark.slow,
]
MULTI = ("--no-index", "--find-links wheels")


def by_pip(bench: Bench, text: str, *arguments: str, runtime: str = HERE, **rest: object) -> tuple[Lock, str]:
    """The Lock, and the first line that was logged."""
    lines: list[str] = []
    lock = bench.resolve(
        text, runtime, pip_cmd_extra_args=(*MULTI, *arguments), lines=lines, python_bin=sys.executable, **rest
    )  # type: ignore[arg-type]  # named by the caller
    return lock, lines[0] if lines else ""


def test_pip_s_answer_is_a_lock_like_any_other(bench: Bench) -> None:
    bench.wheel("alpha", requires=["beta[x]>1"])
    beta = bench.wheel("beta", "2.0", extras=["x"], requires=["tiny; extra == 'x'"])
    make_sdist(bench.wheels, make_project(bench.root / "tiny"))
    write(bench.root, {"more.txt": "gamma\n", "limits.txt": "gamma<2\n"})
    bench.wheel("gamma", "1.0")
    bench.wheel("gamma", "2.0")

    lock, line = by_pip(
        bench, "Alpha\nwin; sys_platform == 'win32'\n", "-r more.txt", "-c", "limits.txt", "--upgrade"
    )

    assert "with pip" in line
    assert versions(lock) == {"alpha": "1.0", "beta": "2.0", "gamma": "1.0", "tiny": "1.0"}
    assert lock.direct == (("alpha", ()), ("gamma", ()))
    assert lock.dropped == ("win; sys_platform == 'win32'",)
    pins = {pin.name: pin for pin in lock.pins}
    wheel, unbuilt = pins["beta"].wheel, pins["tiny"].unbuilt
    assert wheel is not None
    assert (wheel.url, wheel.size_bytes) == (beta.as_uri(), beta.stat().st_size)
    assert wheel.sha256
    assert isinstance(unbuilt, Unbuilt)
    assert unbuilt.kind == "sdist"


def test_the_target_s_wheels_and_markers_from_another_interpreter(bench: Bench) -> None:
    other = "python3.9" if sys.version_info[:2] != (3, 9) else "python3.10"
    tag = other.replace("python", "cp").replace(".", "")
    markers = [f"old; python_version == '{other[6:]}'", "arm; platform_machine == 'aarch64'"]
    bench.wheel("alpha", tag=f"{tag}-{tag}-manylinux_2_17_aarch64", requires=markers)
    bench.wheel("alpha", tag=f"{tag}-{tag}-manylinux_2_17_x86_64", requires=markers)
    bench.wheel("old")
    bench.wheel("arm")
    sdist(bench, "delta", "1.0")

    lock, _ = by_pip(bench, "alpha\n", "--ignore-requires-python", runtime=other)
    assert set(versions(lock)) == {"alpha", "old"}
    lock, _ = by_pip(bench, "alpha\n", "--ignore-requires-python", runtime=other, architecture="arm64")
    assert set(versions(lock)) == {"alpha", "old", "arm"}
    with pytest.raises(PyreqError, match="delta") as caught:
        by_pip(bench, "delta\n", "--ignore-requires-python", runtime=other)
    assert "dockerizePip" in str(caught.value.hint)


def test_pip_on_a_mac_answers_for_lambda(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    look = pip_resolver._look_at

    def look_at_a_mac(executable: str, cancel: Event) -> pip_resolver.Pip | None:
        found = look(executable, cancel)
        return found and replace(found, platform="darwin", machine="arm64")

    monkeypatch.setattr(pip_resolver, "_look_at", look_at_a_mac)
    tag = HERE.replace("python", "cp").replace(".", "")
    bench.wheel("native", tag=f"{tag}-{tag}-macosx_11_0_arm64")
    bench.wheel(
        "native", tag=f"{tag}-{tag}-manylinux_2_17_aarch64", requires=["there; sys_platform == 'linux'"]
    )
    bench.wheel("there")

    lock, _ = by_pip(bench, "native\n", "--ignore-requires-python", architecture="arm64")

    assert set(versions(lock)) == {"native", "there"}


def test_wheels_with_too_new_a_glibc_are_passed_over(bench: Bench) -> None:
    tag = HERE.replace("python", "cp").replace(".", "")
    bench.wheel("native", "1.0", tag=f"{tag}-{tag}-manylinux_2_17_x86_64")
    bench.wheel("native", "2.0", tag=f"{tag}-{tag}-manylinux_2_35_x86_64")

    lock, _ = by_pip(bench, "native\n", "--ignore-requires-python")

    assert versions(lock) == {"native": "1.0"}


def test_platforms_of_the_user_s_own(bench: Bench) -> None:
    bench.wheel("native", "1.0", tag="py3-none-manylinux2014_x86_64")
    bench.wheel("native", "2.0", tag="py3-none-manylinux_2_26_x86_64")
    bench.wheel("native", "3.0", tag="py3-none-macosx_11_0_arm64")
    named = ("--only-binary=:all:", "--platform")

    lock, _ = by_pip(bench, "native\n", *named, "manylinux2014_x86_64")
    assert versions(lock) == {"native": "1.0"}
    with pytest.raises(PyreqError, match=r"native-3\.0.*macosx"):
        by_pip(bench, "native\n", *named, "macosx_11_0_arm64")


def test_a_second_resolution_asks_nobody_but_other_arguments_do(bench: Bench, tmp_path: Path) -> None:
    bench.wheel("alpha")
    write(bench.root, {"more.txt": "\n"})
    first, line = by_pip(bench, "alpha\n", "-r more.txt", cache=tmp_path / "cache")
    second, again = by_pip(bench, "alpha\n", "-r more.txt", cache=tmp_path / "cache")
    _, other = by_pip(bench, "alpha\n", "-r more.txt", "--no-deps", cache=tmp_path / "cache")
    assert (first, again) == (second, "")
    assert line
    assert other


def test_places_of_pip_s_configuration_are_passed_over(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    places = "user = true\nprefix = /nowhere\nroot = /nowhere\nrequire-virtualenv = true\ncompile = no\n"
    write(bench.root, {"pip.conf": f"[global]\n{places}[install]\ntarget = /nowhere\n"})
    monkeypatch.setenv("PIP_CONFIG_FILE", str(bench.root / "pip.conf"))
    bench.wheel("alpha")
    assert versions(by_pip(bench, "alpha\n", "--ignore-requires-python")[0]) == {"alpha": "1.0"}


def test_what_pip_says_is_told_to_the_user(bench: Bench) -> None:
    bench.wheel("alpha", requires=["beta<1"])
    bench.wheel("beta", "2.0")
    with pytest.raises(PyreqError, match="beta") as caught:
        by_pip(bench, "alpha\n", "--ignore-requires-python")
    assert "uv" not in caught.value.message.split()
    with pytest.raises(PyreqError, match=r"argument .*:\n    no such option: --new-thing"):
        by_pip(bench, "alpha\n", "--new-thing")


def test_a_private_index_s_password_is_on_no_command_line(bench: Bench, tmp_path: Path) -> None:
    bench.wheel("alpha")
    spy = tmp_path / "python"
    spy.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/said\nexec {sys.executable} "$@"\n')
    spy.chmod(0o755)
    with IndexServer(bench.wheels, credentials=("me", "hunter2")) as index:
        arguments = (f"--index-url={index.url}", "--ignore-requires-python")
        lock = bench.resolve("alpha\n", HERE, local=False, pip_cmd_extra_args=arguments, python_bin=str(spy))
        with_password = index.file_url("alpha-1.0-py3-none-any.whl")
    assert [pin.wheel.url for pin in lock.pins if pin.wheel] == [with_password]
    assert "--report" in (tmp_path / "said").read_text()
    assert "hunter2" not in (tmp_path / "said").read_text()


def test_without_any_pip_it_says_so(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.wheel("alpha")
    environment = bench.root / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    monkeypatch.setattr(pip_resolver, "_candidates", lambda *_: [str(environment / "bin/python"), "/nowhere"])
    with pytest.raises(BuildError, match=r"no pip 22\.2 or newer") as caught:
        by_pip(bench, "alpha\n", "--ignore-requires-python")
    assert "pythonBin" in str(caught.value.hint)


def test_python_bin_counts_from_the_service(tmp_path: Path) -> None:
    assert interpreter_named("", tmp_path) is None
    assert interpreter_named("python3.12", tmp_path) == "python3.12"
    assert interpreter_named("./venv/bin/python", tmp_path) == str(tmp_path / "venv/bin/python")
    assert interpreter_named("/opt/python", tmp_path) == "/opt/python"
