"""One run of uv's resolver: requirements in, a pylock.toml for one Target out."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pyreq_tui.processes import run, uv_environment, uv_executable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyreq_tui.locks.model import Pin
    from pyreq_tui.locks.settings import Settings
    from pyreq_tui.locks.target import Target
    from pyreq_tui.processes import Cancel
    from pyreq_tui.sources import Requirement

Reach = Literal["anything", "loadable", "everywhere"]
"""Which wheels uv may see: every manylinux there is for the Target's Python, none that asks for more glibc
than the Target has, or those for every system and every Python from the Target's on."""

_UV_GLIBC = (17, 28, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40)
"""Minor versions of the glibc that uv has a platform for."""


@dataclass(frozen=True)
class Problem:
    """What is to be resolved, the same for every run."""

    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    target: Target
    settings: Settings
    folder: Path
    """Where uv's own configuration is looked for, when uv is the installer."""
    root: Path
    """The service's root, where relative paths in arguments start."""
    offline: bool
    cache: Path | None
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What a problem comes to, whoever answers it."""

    pins: tuple[Pin, ...]
    held_back: tuple[tuple[str, str], ...] = ()
    """What was stepped back from: name and the newer version."""
    direct: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    """What was asked for, where the answer says so; see `Lock.direct`."""


def compile_lock(
    problem: Problem,
    *,
    reach: Reach,
    only_binary: Sequence[str] = (),
    bounds: Sequence[str] = (),
    cancel: Cancel,
) -> str:
    """The text of a pylock.toml that answers ``problem``.

    ``only_binary`` names packages whose sources are not to be considered, ``bounds`` are constraints on top.
    Raises ProcessError where uv finds no answer, BuildError where it can't be run, Cancelled.
    """
    with tempfile.TemporaryDirectory(prefix="pyreq-") as folder:
        given, constraints = Path(folder, "requirements.txt"), Path(folder, "constraints.txt")
        output = Path(folder, "pylock.lambda.toml")
        # In files, not on the command line, which every user of the machine can read.
        write_lines(given, [*place_lines(problem.settings), *map(requirement_line, problem.requirements)])
        write_lines(constraints, [*map(requirement_line, problem.constraints), *bounds])
        is_uv = problem.settings.installer == "uv"
        command = [uv_executable(), "pip", "compile", str(given), "--constraints", str(constraints)]
        command += ["--format", "pylock.toml", "--output-file", str(output)]
        command += ["--no-header", "--no-annotate", "--quiet", "--no-python-downloads"]
        command += ["--python", sys.executable, "--python-version", problem.target.python_full_version]
        command += (
            ["--universal"]
            if reach == "everywhere"
            else ["--python-platform", _platform(problem.target, reach)]
        )
        command += [] if is_uv else ["--no-config"]
        if not is_uv and problem.settings.extra_index_urls:
            # As pip, which prefers no index. Only where that matters: uv then tells of none that refused it.
            command += ["--index-strategy", "unsafe-best-match"]
        command += _flags(problem, only_binary)
        run(
            command,
            cwd=problem.folder if is_uv else Path(folder),
            env=uv_environment(is_configured=is_uv) | network_variables(problem.settings),
            cancel=cancel,
            secrets=problem.secrets,
        )
        return output.read_text("utf-8")


def requirement_line(requirement: Requirement) -> str:
    """A requirement as uv is given it: no hashes, paths absolute, a name before its URL where it is known."""
    if requirement.url is None:
        return requirement.text
    extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
    url = _without_egg(requirement.url) if requirement.name else requirement.url
    line = f"{requirement.name}{extras} @ {url}" if requirement.name else f"{url}{extras}"
    return f"{line} ; {requirement.marker}" if requirement.marker else line


def _without_egg(url: str) -> str:
    """``#egg=name`` goes, for the name stands before the URL; ``#subdirectory=`` stays."""
    parts = urlsplit(url)
    kept = "&".join(part for part in parts.fragment.split("&") if not part.startswith("egg="))
    return parts._replace(fragment=kept).geturl()


def write_lines(file: Path, lines: Iterable[str]) -> None:
    """Write ``lines`` to a file that nobody else may read."""
    file.touch(mode=0o600)
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def place_lines(settings: Settings) -> Iterator[str]:
    """Where packages come from, as a requirements file says it to uv and pip alike."""
    if settings.no_index:
        yield "--no-index"
    elif settings.index_url:
        yield f"--index-url {settings.index_url}"
    for url in () if settings.no_index else settings.extra_index_urls:
        yield f"--extra-index-url {url}"
    for place in settings.find_links:
        yield f"--find-links {place if '://' in place else Path(place).as_uri()}"


def _platform(target: Target, reach: Reach) -> str:
    """uv's name for the platform: its newest glibc, or its newest that the Target's is not older than."""
    if reach == "anything":
        return f"{target.machine}-manylinux_2_{_UV_GLIBC[-1]}"
    minor = max((minor for minor in _UV_GLIBC if minor <= target.glibc[1]), default=_UV_GLIBC[0])
    return f"{target.machine}-manylinux_2_{minor}"


def _flags(problem: Problem, only_binary: Sequence[str]) -> Iterator[str]:
    settings = problem.settings
    for flag, is_set in (("--no-deps", settings.no_deps), ("--offline", problem.offline)):
        if is_set:
            yield flag
    if settings.pre:
        yield from ("--prerelease", "allow")
    for name in settings.no_binary:
        yield f"--no-binary={name}"
    for name in (*settings.only_binary, *only_binary):
        yield f"--only-binary={name}"
    for host in settings.trusted_hosts:
        yield f"--allow-insecure-host={host}"
    for file in settings.constraints:
        yield f"--constraints={file}"
    if settings.installer == "uv":
        yield from settings.installer_only
    yield from build_options(settings)
    if not settings.keeps_downloads:
        yield "--no-cache"
    elif problem.cache is not None:
        yield from ("--cache-dir", str(problem.cache))
    if settings.is_anew and not problem.offline:
        yield "--refresh"


def build_options(settings: Settings) -> Iterator[str]:
    """How wheels are built, as uv is told."""
    for setting in settings.config_settings:
        yield f"--config-setting={setting}"
    for file in settings.build_constraints:
        yield f"--build-constraints={file}"
    if settings.no_build_isolation:
        yield "--no-build-isolation"


def network_variables(settings: Settings) -> dict[str, str]:
    """How pip would reach the network, in variables that uv reads."""
    surroundings = {
        "SSL_CERT_FILE": settings.cert,
        "SSL_CLIENT_CERT": settings.client_cert,
        "ALL_PROXY": settings.proxy,
        "UV_HTTP_TIMEOUT": settings.timeout_seconds,
        "UV_KEYRING_PROVIDER": "subprocess"
        if settings.keyring_provider in ("subprocess", "import")
        else None,
    }
    return {name: value for name, value in surroundings.items() if value}
