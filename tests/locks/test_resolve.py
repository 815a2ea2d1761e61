"""Resolving with the real uv, against wheels made on the spot."""

from __future__ import annotations

import io
import json
import platform
import subprocess
import sys
import tarfile
from importlib import import_module
from threading import Event
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, Cancelled, PyreqError, Where
from pyreq_tui.locks import lock_key, lock_record, resolve, settings_for, target_for
from pyreq_tui.sources import Locked, Source, read_source
from tests.index_server import IndexServer
from tests.locks.conftest import Bench, versions
from tests.sources.projects import write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.locks import Target
    from pyreq_tui.service import Options
    from pyreq_tui.sources import Requirements

PROJECT = """
    [project]
    name = "local-lib"
    version = "3"
    dependencies = ["alpha"]
    [project.optional-dependencies]
    more = ["beta"]
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"
"""


def test_the_closure_with_extras_and_markers(bench: Bench) -> None:
    bench.wheel("alpha", requires=["beta[x]>1; python_version >= '3'", "gamma; sys_platform == 'win32'"])
    bench.wheel("beta", "1.0")
    bench.wheel("beta", "2.0", requires=["delta; extra == 'x'"], extras=["x"])
    path = bench.wheel("delta")
    lines: list[str] = []
    lock = bench.resolve(
        "Alpha\nbeta[X]\nbeta[y]\nold ; python_version < '3'\nwin; sys_platform == 'win32'\n", lines=lines
    )
    assert versions(lock) == {"alpha": "1.0", "beta": "2.0", "delta": "1.0"}
    assert lock.direct == (("alpha", ()), ("beta", ("x", "y")))
    assert lock.dropped == ("old ; python_version < '3'", "win; sys_platform == 'win32'")
    assert lock.target == target_for("python3.12", "x86_64")
    [delta] = [pin.wheel for pin in lock.pins if pin.name == "delta"]
    assert delta is not None
    assert (delta.filename, delta.url, delta.size_bytes) == (path.name, path.as_uri(), path.stat().st_size)
    assert delta.sha256
    assert lines == ["Resolving 3 requirements for python3.12 on x86_64", "Resolved 3 packages"]


def test_nothing_to_resolve_is_an_empty_lock(bench: Bench) -> None:
    assert bench.resolve("").pins == ()
    assert bench.resolve("six ; python_version < '3'").dropped == ("six ; python_version < '3'",)


def test_constraints_hold(bench: Bench) -> None:
    bench.wheel("alpha", requires=["beta"])
    bench.wheel("beta", "1.0")
    bench.wheel("beta", "2.0")
    write(bench.root, {"limits.txt": "beta<2\n", "sub/limits.txt": "beta<2\n"})
    assert versions(bench.resolve("alpha\n-c limits.txt\n"))["beta"] == "1.0"
    assert versions(bench.resolve("alpha\n", pip_cmd_extra_args=("-c sub/limits.txt",)))["beta"] == "1.0"


def test_an_older_release_where_only_its_wheel_loads(bench: Bench) -> None:
    bench.wheel("alpha", requires=["beta"])
    bench.wheel("beta", "1.0", tag="cp311-cp311-manylinux_2_17_x86_64")
    bench.wheel("beta", "2.0", tag="cp311-cp311-manylinux_2_28_x86_64")
    bench.wheel("beta", "3.0", tag="cp311-cp311-manylinux_2_39_x86_64")
    lock = bench.resolve("alpha\n", "python3.11")
    assert versions(lock) == {"alpha": "1.0", "beta": "1.0"}
    assert lock.held_back == (("beta", "3.0"),)


@pytest.mark.parametrize("tag", ["cp313-cp313-manylinux2014_x86_64", "cp313-abi3-manylinux2014_x86_64"])
def test_an_older_release_where_newer_wheels_are_for_newer_pythons(bench: Bench, tag: str) -> None:
    bench.wheel("native", "1.0", tag="cp310-abi3-manylinux2014_x86_64")
    bench.wheel("native", "2.0", tag=tag)
    sdist(bench, "native", "2.0")
    lock = bench.resolve("native\n")
    assert versions(lock) == {"native": "1.0"}
    assert lock.held_back == (("native", "2.0"),)
    assert versions(bench.resolve("native\n", "python3.13")) == {"native": "2.0"}
    [pinned] = bench.resolve("native==2.0\n").pins
    assert (pinned.version, pinned.wheel) == ("2.0", None)


def test_a_release_without_any_wheel_is_built_however_old_ones_came(bench: Bench) -> None:
    bench.wheel("native", "1.0")
    sdist(bench, "native", "2.0")
    lock = bench.resolve("native\n")
    assert versions(lock) == {"native": "2.0"}
    assert lock.held_back == ()


def sdist(bench: Bench, name: str, version: str) -> None:
    """Sources whose metadata can be read without building them (PEP 643)."""
    data = f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n".encode()
    with tarfile.open(bench.wheels / f"{name}-{version}.tar.gz", "w:gz") as archive:
        for member, content in (("PKG-INFO", data), ("pyproject.toml", b"")):
            item = tarfile.TarInfo(f"{name}-{version}/{member}")
            item.size = len(content)
            archive.addfile(item, io.BytesIO(content))


def test_a_glibc_that_uv_does_not_know(bench: Bench) -> None:
    bench.wheel("alpha", tag="cp311-cp311-manylinux_2_26_x86_64")
    assert versions(bench.resolve("alpha\n", "python3.11")) == {"alpha": "1.0"}
    bench.wheel("beta", "1.0", tag="cp311-cp311-manylinux_2_17_x86_64")
    bench.wheel("beta", "1.5", tag="cp311-cp311-manylinux_2_24_x86_64")
    bench.wheel("beta", "2.0", tag="cp311-cp311-manylinux_2_28_x86_64")
    lock = bench.resolve("alpha\nbeta\n", "python3.11")
    assert versions(lock) == {"alpha": "1.0", "beta": "1.5"}
    assert lock.held_back == (("beta", "2.0"),)


def test_an_exact_version_is_not_stepped_back_from(bench: Bench) -> None:
    bench.wheel("beta", "1.0", tag="cp311-cp311-manylinux_2_17_x86_64")
    bench.wheel("beta", "2.0", tag="cp311-cp311-manylinux_2_28_x86_64")
    with pytest.raises(PyreqError, match=r"beta 2\.0 has no wheel that loads") as caught:
        bench.resolve("beta==2.0\n", "python3.11")
    assert caught.value.where == Where(bench.root / "requirements.txt", 3)


def test_a_local_project_is_built_later(bench: Bench) -> None:
    bench.wheel("alpha")
    bench.wheel("beta")
    write(bench.root, {"my lib/pyproject.toml": PROJECT})
    for line in ("./my lib", "-e './my lib'", "-e './my lib[more]'", "local-lib @ file:my%20lib"):
        lock = bench.resolve(f"{line}\n")
        [pin] = [pin for pin in lock.pins if pin.name == "local-lib"]
        assert pin.unbuilt is not None
        assert (pin.unbuilt.kind, pin.unbuilt.url) == ("directory", str(bench.root / "my lib"))
        assert ("beta" in versions(lock)) is ("[more]" in line)
        assert lock.direct == (("local-lib", ("more",) if "[more]" in line else ()),)


def test_a_repository_is_pinned_to_its_commit(bench: Bench) -> None:
    bench.wheel("alpha")
    folder = write(bench.root / "repository", {"pyproject.toml": PROJECT})
    git = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"], ["tag", "v1"]):
        subprocess.run([*git, *arguments], check=True)
    head = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    url = f"git+file://{folder}"
    for line in (f"{url}@v1#egg=local-lib", f"local-lib @ {url}", f"-e {url}#egg=local_lib"):
        lock = bench.resolve(line)
        [pin] = [pin for pin in lock.pins if pin.name == "local-lib"]
        assert pin.unbuilt is not None
        assert (pin.unbuilt.kind, pin.unbuilt.revision) == ("vcs", head)
        assert lock.direct == (("local-lib", ()),)


def test_a_file_that_is_named_outright(bench: Bench) -> None:
    path = bench.wheel("alpha", tag="cp312-cp312-manylinux_2_17_x86_64")
    for line in (f"./wheels/{path.name}", path.as_uri(), f"alpha @ {path.as_uri()}"):
        [pin] = bench.resolve(line).pins
        assert pin.wheel is not None
        assert (pin.wheel.filename, pin.wheel.url) == (path.name, path.as_uri())
    with pytest.raises(PyreqError, match=r"alpha"):
        bench.resolve(f"./wheels/{path.name}", "python3.13")


def test_hashes_are_checked(bench: Bench) -> None:
    bench.wheel("alpha", requires=["beta"])
    bench.wheel("beta")
    wheels = {pin.name: pin.wheel.sha256 for pin in bench.resolve("alpha\n").pins if pin.wheel}
    good = {name: f"{name}==1.0 --hash=sha256:{'0' * 64} --hash=sha256:{wheels[name]}\n" for name in wheels}
    assert len(bench.resolve(good["alpha"] + good["beta"]).pins) == 2
    with pytest.raises(PyreqError, match=r"have none:\n +beta==1\.0"):
        bench.resolve(good["alpha"])
    with pytest.raises(PyreqError, match="No file of beta") as caught:
        bench.resolve(good["alpha"] + f"beta==1.0 --hash=sha256:{'0' * 64}\n")
    assert caught.value.where == Where(bench.root / "requirements.txt", 4)
    assert len(bench.resolve(good["alpha"], no_deploy=("beta",)).pins) == 2
    with pytest.raises(PyreqError, match="all must"):
        bench.resolve("--require-hashes\nalpha\n")


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("alpha\nnope\n", "does not exist where it was looked for", 4),
        ("alpha>2\n", "version does not exist", 3),
        ("alpha==1.0\nalpha==2.0\n", "contradict", 3),
        ("alpha==1.0\nneeds-two\n", "contradict", 4),
        ("other-python\n", "no file that serves", 3),
        ("alpha\n-c absent.txt\n", "can't be read", 4),
    ],
)
def test_failures_say_what_where_and_what_to_do(bench: Bench, text: str, message: str, line: int) -> None:
    bench.wheel("alpha", "1.0")
    bench.wheel("alpha", "2.0")
    bench.wheel("needs-two", requires=["alpha>=2"])
    bench.wheel("other-python", tag="cp39-cp39-manylinux2014_x86_64")
    with pytest.raises(PyreqError) as caught:
        bench.resolve(text)
    assert message in caught.value.message
    assert caught.value.exit_status == 2
    assert caught.value.where == Where(bench.root / "requirements.txt", line)
    assert "/tmp/pyreq-" not in str(caught.value)


def test_an_index_that_is_not_there(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(BuildError, match="could not be reached") as caught:
        bench.resolve("--index-url http://me:s3sam3@127.0.0.1:9/simple\nsix\n", local=False)
    assert "s3sam3" not in str(caught.value)


def test_offline_without_what_is_needed(bench: Bench, tmp_path: Path) -> None:
    bench.is_offline = True
    source, options = bench.source("six\n", local=False), bench.options()
    with pytest.raises(BuildError, match="downloaded before") as caught:
        resolve(
            source,
            target_for("python3.12", "x86_64"),
            options,
            settings_for(source, options),
            cache=tmp_path / "cache",
            offline=True,
            cancel=Event(),
            on_line=str,
        )
    assert "--offline" in str(caught.value.hint)


def test_what_is_not_deployed_need_not_exist(bench: Bench) -> None:
    bench.wheel("alpha")
    lock = bench.resolve("alpha\nMy_Private[x]>=1\n", no_deploy=("my.private[y]~=1.0",))
    assert versions(lock) == {"alpha": "1.0"}
    assert lock.direct == (("alpha", ()),)
    bench.wheel("my-private")
    assert set(versions(bench.resolve("alpha\nmy-private\n", no_deploy=("my-private",)))) == {
        "alpha",
        "my-private",
    }
    with pytest.raises(PyreqError, match="nope"):
        bench.resolve("nope\nother-nope\n", no_deploy=("other-nope",))


def test_pip_arguments_and_settings_steer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.wheel("alpha", "1.0", requires=["beta"])
    bench.wheel("alpha", "2.0rc1", requires=["beta"])
    bench.wheel("beta")
    arguments = ("--no-index", "--find-links wheels", "--compile")
    lock = bench.resolve("alpha\n", local=False, pip_cmd_extra_args=arguments)
    assert versions(lock) == {"alpha": "1.0", "beta": "1.0"}
    lock = bench.resolve("alpha\n", pip_cmd_extra_args=("--no-deps", "--pre"))
    assert versions(lock) == {"alpha": "2.0rc1"}
    with pytest.raises(PyreqError):
        bench.resolve("alpha\n", pip_cmd_extra_args=("--no-binary=alpha",))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(bench.wheels))
    assert "beta" in versions(bench.resolve("alpha\n", local=False))


def test_variables_of_uv_count_only_when_uv_was_chosen(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.wheel("alpha", "1.0")
    bench.wheel("alpha", "2.0")
    monkeypatch.setenv("UV_RESOLUTION", "lowest")
    write(bench.root, {"uv.toml": "[pip]\nno-deps = true\n"})
    assert versions(bench.resolve("alpha\n")) == {"alpha": "2.0"}
    assert versions(bench.resolve("alpha\n", installer="uv")) == {"alpha": "1.0"}


def test_cancel(bench: Bench) -> None:
    cancel = Event()
    cancel.set()
    source, options = bench.source("alpha\n"), bench.options()
    with pytest.raises(Cancelled):
        resolve(
            source,
            target_for("python3.12", "x86_64"),
            options,
            settings_for(source, options),
            cache=None,
            offline=True,
            cancel=cancel,
            on_line=str,
        )


def test_a_lock_is_kept_until_an_input_changes(bench: Bench, tmp_path: Path) -> None:
    bench.wheel("alpha", "1.0")
    cache = tmp_path / "cache"
    first = bench.resolve("alpha\n", cache=cache)
    [file] = (cache / "locks").iterdir()
    bench.wheel("alpha", "2.0")
    lines: list[str] = []
    assert bench.resolve("alpha\n", cache=cache, lines=lines) == first
    assert lines == []
    assert versions(bench.resolve("alpha\n", cache=cache, invalidate_caches=True)) == {"alpha": "2.0"}
    assert versions(bench.resolve("alpha\n", cache=cache)) == {"alpha": "2.0"}
    for damage in ("", "[]", "{}", file.read_text()[:-40], file.read_text().replace('"url"', '"uri"')):
        file.write_text(damage)
        assert versions(bench.resolve("alpha\n", cache=cache)) == {"alpha": "2.0"}
        assert json.loads(file.read_text())["record"]["runtime"] == "python3.12"
    assert [path.name for path in (cache / "locks").iterdir()] == [file.name]


def test_a_lock_that_holds_credentials_is_not_kept(bench: Bench, tmp_path: Path) -> None:
    from pyreq_tui.locks.cache import save_lock
    from pyreq_tui.locks.model import Lock, Pin, WheelFile

    wheel = WheelFile("a-1-py3-none-any.whl", "https://me:secret@h/a-1-py3-none-any.whl", None, None)
    lock = Lock(target_for("python3.12", "x86_64"), (Pin("a", "1", wheel=wheel),), ())
    save_lock(tmp_path / "locks" / "x.json", {}, lock)
    assert not (tmp_path / "locks").exists()


def record_of(source: Requirements | Locked, target: Target, options: Options) -> Mapping[str, str]:
    """The record of a Lock under the settings that go with its source."""
    return lock_record(source, target, options, settings_for(source, options))


def test_every_input_is_in_the_record(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    write(bench.root, {"lib/pyproject.toml": PROJECT, "limits.txt": "beta<2\n"})
    target = target_for("python3.12", "x86_64")

    def record(text: str = "./lib\n", **options: object) -> str:
        return lock_key(record_of(bench.source(text, **options), target, bench.options(**options)))

    keys = {
        record(),
        record("./lib\nsix\n"),
        record("./lib\n-c limits.txt\n"),
        record("./lib\n--pre\n"),
        record(installer="uv"),
        record(no_deploy=("six",)),
        record(pip_cmd_extra_args=("--no-deps",)),
        record(pip_cmd_extra_args=("-C a=b",)),
        lock_key(record_of(bench.source("./lib\n"), target_for("python3.12", "arm64"), bench.options())),
        lock_key(record_of(bench.source("./lib\n"), target_for("python3.11", "x86_64"), bench.options())),
    }
    assert len(keys) == 10
    assert record() in keys
    write(bench.root, {"lib/pyproject.toml": PROJECT + "# changed\n"})
    keys.add(record())
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://me:one@h/simple")
    keys.add(record())
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://me:two@h/simple")
    keys.add(record())
    assert len(keys) == 13


def test_what_arguments_name_and_include_is_in_the_record(bench: Bench) -> None:
    def record(**files: str) -> str:
        write(bench.root, {"more.txt": "-r sub/nested.txt\n", "sub/nested.txt": "alpha\n", **files})
        options: dict[str, object] = {"pip_cmd_extra_args": ("-r more.txt",)}
        source, target = bench.source("beta\n", **options), target_for("python3.12", "x86_64")
        return lock_key(record_of(source, target, bench.options(**options)))

    keys = {record(), record(), record(**{"more.txt": "gamma\n"}), record(**{"sub/nested.txt": "delta\n"})}
    assert len(keys) == 3


def test_a_lock_hears_no_arguments_that_choose(bench: Bench) -> None:
    write(bench.root, {"pylock.toml": 'lock-version = "1.0"\ncreated-by = "x"\npackages = []\n'})
    source = Source("pylock", ".", bench.root, None, bench.root / "pylock.toml", None)
    arguments = ("--pre", "--platform any", "--index-url https://h/simple", "-C a=b", "--compile")
    options = bench.options(pip_cmd_extra_args=arguments)

    settings = settings_for(read_source(source, options), options)

    unheard = [argument for argument, _ in settings.needless]
    assert (unheard, settings.installer_only) == (["--pre", "--platform any"], ())
    assert (settings.compiles, settings.config_settings) == (True, ("a=b",))


def test_a_record_shows_no_secrets(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PART", "s3sam3")
    text = "--index-url https://h/${PART}/simple\nx @ git+https://me:0pen@h/x\n"
    shown = record_of(bench.source(text), target_for("python3.12", "x86_64"), bench.options())
    assert "s3sam3" not in str(shown)
    assert "0pen" not in str(shown)
    assert "x @ git+https://***@h/x" in shown["requirements"]


def test_a_lock_of_the_project_is_selected_from(bench: Bench) -> None:
    path = bench.wheel("alpha")
    text = f"""lock-version = "1.0"
created-by = "tests"
[[packages]]
name = "alpha"
wheels = [{{ path = "wheels/{path.name}", hashes = {{ sha256 = "{"0" * 64}" }} }}]
[[packages]]
name = "lib"
directory = {{ path = "lib" }}
[[packages]]
name = "win"
marker = "sys_platform == 'win32'"
directory = {{ path = "win" }}
"""
    source = Source("pylock", ".", bench.root, None, bench.root / "pylock.toml", None)
    locked = Locked(source, text, ("alpha", "lib", "win"), ())
    lock = resolve(
        locked,
        target_for("python3.12", "x86_64"),
        bench.options(),
        settings_for(locked, bench.options()),
        cache=None,
        offline=True,
        cancel=Event(),
        on_line=str,
    )
    assert lock.direct == (("alpha", ()), ("lib", ()))
    assert lock.dropped == ("win",)
    assert [
        pin.wheel.url if pin.wheel else pin.unbuilt.url for pin in lock.pins if pin.unbuilt or pin.wheel
    ] == [
        path.as_uri(),
        str(bench.root / "lib"),
    ]
    assert record_of(locked, lock.target, bench.options())["source"] == "pylock"


@pytest.mark.index
@pytest.mark.parametrize("architecture", ["x86_64", pytest.param("arm64", marks=pytest.mark.slow)])
@pytest.mark.parametrize(("runtime", "glibc"), [("python3.11", 26), ("python3.12", 34)])
def test_numpy_loads_on_every_runtime(bench: Bench, runtime: str, glibc: int, architecture: str) -> None:
    lock = bench.resolve("numpy\nboto3\n", runtime, architecture, local=False)
    wheels = {pin.name: pin.wheel for pin in lock.pins}
    assert all(wheels.values())
    assert {"boto3", "botocore", "numpy", "s3transfer"} <= set(wheels)
    numpy = wheels["numpy"]
    assert numpy is not None
    assert numpy.filename.endswith(f"_{lock.target.machine}.whl")
    minors = [
        int(tag.split("_")[2])
        for tag in numpy.filename.split("-")[-1].split(".")
        if tag.startswith("manylinux_")
    ]
    assert min(minors) <= glibc
    assert numpy.size_bytes
    assert numpy.sha256


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_a_file_that_is_gone_is_said_to_be(bench: Bench, installer: str) -> None:
    bench.wheel("alpha")
    with IndexServer(bench.wheels) as index:
        gone = index.file_url("gone-1.0-py3-none-any.whl")
        arguments = ("--ignore-requires-python",) if installer == "pip" else ()
        with pytest.raises(BuildError, match=r"gone from its index[\s\S]*gone-1\.0") as caught:
            bench.resolve(f"gone @ {gone}\n", local=False, pip_cmd_extra_args=arguments)
    assert caught.value.where == Where(bench.root / "requirements.txt", 1)


@pytest.mark.parametrize(("system", "machine"), [("darwin", "arm64"), ("linux", "aarch64")])
def test_wheels_for_the_target_from_any_machine(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, system: str, machine: str
) -> None:
    for tag in ("macosx_11_0_arm64", "win_amd64", "manylinux_2_17_aarch64", "manylinux_2_17_x86_64"):
        markers = ["here; sys_platform != 'linux'", "there; platform_machine == 'x86_64'"]
        bench.wheel("native", tag=f"cp312-cp312-{tag}", requires=markers)
    bench.wheel("there")
    import_module("urllib.request")  # it can't be for the first time on a Mac that is none
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)

    lock = bench.resolve("native\n")

    assert versions(lock) == {"native": "1.0", "there": "1.0"}
    assert next(pin.wheel.filename for pin in lock.pins if pin.wheel).endswith("manylinux_2_17_x86_64.whl")
