"""A folder of real wheels to resolve from, and a machine without pip settings of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.locks import Lock, resolve, settings_for, target_for
from pyreq_tui.service import Options
from pyreq_tui.sources import Locked, Requirements, Source, read_source
from tests.making import make_wheel
from tests.surroundings import forget_installers

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_installers(monkeypatch, kept="UV_CACHE_DIR")


@dataclass
class Bench:
    """Resolves requirements of a module against wheels made on the spot."""

    root: Path
    is_offline: bool = True

    @property
    def wheels(self) -> Path:
        return self.root / "wheels"

    def wheel(self, name: str, version: str = "1.0", **rest: object) -> Path:
        return make_wheel(self.wheels, name, version, **rest)  # type: ignore[arg-type]  # as make_wheel takes them

    def source(self, text: str, *, local: bool = True, **options: object) -> Requirements | Locked:
        file = self.root / "requirements.txt"
        file.write_text((f"--no-index\n--find-links {self.wheels}\n" if local else "") + text)
        return read_source(Source("requirements", ".", self.root, file, None, None), self.options(**options))

    def options(self, **options: object) -> Options:
        return replace(Options(), **options)  # type: ignore[arg-type]  # named by the caller

    def resolve(
        self,
        text: str,
        runtime: str = "python3.12",
        architecture: str = "x86_64",
        *,
        local: bool = True,
        cache: Path | None = None,
        lines: list[str] | None = None,
        **options: object,
    ) -> Lock:
        source, chosen = self.source(text, local=local, **options), self.options(**options)
        return resolve(
            source,
            target_for(runtime, architecture),
            chosen,
            settings_for(source, chosen),
            cache=cache,
            offline=local and self.is_offline,
            cancel=Event(),
            on_line=(lines if lines is not None else []).append,
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "wheels").mkdir()
    return Bench(tmp_path)


def versions(lock: Lock) -> dict[str, str | None]:
    return {pin.name: pin.version for pin in lock.pins}
