"""Who turns sources into a wheel: uv, or pip where only pip understands what it is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui import processes
from pyreq_tui.locks import network_variables, pip_environment, place_lines, write_lines
from pyreq_tui.redact import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pyreq_tui.locks import Settings
    from pyreq_tui.processes import Cancel


@dataclass(frozen=True)
class Order:
    """One wheel to be built."""

    name: str
    """The package's, normalised."""
    source: Path
    """A folder, or an archive."""
    output: Path
    python: str
    settings: Settings
    cache: Path
    """uv's own."""
    offline: bool

    def carry_out(
        self, environment: Mapping[str, str], *, on_line: Callable[[str], None], cancel: Cancel
    ) -> None:
        """Build it into ``output``. Raises ProcessError where that fails, BuildError, Cancelled."""
        build = self._with_pip if self.settings.pip_build else self._with_uv
        command, own = build()
        processes.run(
            command, cwd=self.source.parent, env={**own, **environment}, on_line=on_line, cancel=cancel
        )

    def _with_uv(self) -> tuple[list[str], dict[str, str]]:
        settings = self.settings
        command = [
            *(processes.uv_executable(), "build", "--wheel", "--out-dir", str(self.output)),
            *("--python", self.python, "--no-python-downloads"),
            *(["--offline"] if self.offline else []),
            *(["--cache-dir", str(self.cache)] if settings.keeps_downloads else ["--no-cache"]),
            *(["--no-index"] if settings.no_index else []),
            *([] if settings.installer == "uv" else ["--no-config", "--index-strategy", "unsafe-best-match"]),
            *(f"--allow-insecure-host={host}" for host in settings.trusted_hosts),
            *(f"--config-setting={text}" for text in settings.backend_settings(self.name)),
            *(f"--build-constraints={file}" for file in settings.build_constraints),
            *(["--no-build-isolation"] if settings.no_build_isolation else []),
            *("--", str(self.source)),
        ]
        own = processes.uv_environment(is_configured=settings.installer == "uv")
        return command, {**own, **_indexes(settings), **network_variables(settings)}

    def _with_pip(self) -> tuple[list[str], dict[str, str]]:
        settings = self.settings
        places = self.output.with_name("places.txt")
        # In a file, not on the command line, which every user of the machine can read.
        write_lines(places, place_lines(settings))
        command = [
            *(self.python, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(self.output)),
            *("--requirement", str(places), *settings.pip_build, str(self.source)),
            *(f"--config-settings={text}" for text in settings.backend_settings(self.name)),
            *(f"--build-constraint={file}" for file in settings.build_constraints),
            *(["--no-build-isolation"] if settings.no_build_isolation else []),
            *(f"--trusted-host={host}" for host in settings.trusted_hosts),
        ]
        return command, pip_environment(settings, offline=self.offline)


def builder_inputs(name: str, settings: Settings) -> dict[str, object]:
    """What the builder of the package ``name`` is told, and by whom it is built: for the key of its wheel."""
    return {
        "builder": "pip" if settings.pip_build else f"uv {version('uv')}",
        "settings": [redact(text) for text in settings.backend_settings(name)],
        "settings digest": _digest("\n".join(settings.backend_settings(name)).encode()),
        "pip arguments": [redact(text) for text in settings.pip_build],
        "isolation": not settings.no_build_isolation,
        "constraints": [
            _digest(Path(file).read_bytes()) for file in settings.build_constraints if Path(file).is_file()
        ],
    }


def _indexes(settings: Settings) -> dict[str, str]:
    """Where uv is to find what a build requires, in variables: they may hold passwords."""
    default = next((str(index) for index in settings.uv_indexes if index.is_default), settings.index_url)
    others = [str(index) for index in settings.uv_indexes if not index.is_default]
    found = {
        "UV_DEFAULT_INDEX": default,
        "UV_INDEX": " ".join([*others, *settings.extra_index_urls]),
        "UV_FIND_LINKS": ",".join(settings.find_links),
    }
    return {name: value for name, value in found.items() if value}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
