"""A store, an index and what inspecting and fetching need besides."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import Cancelled
from pyreq_tui.locks import USUAL, Network, WheelFile
from pyreq_tui.wheels import Inspection, Store, fetch, inspect
from tests.index_server import IndexServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


@dataclass
class Desk:
    """A store with the callbacks that inspect and fetch want, and what they were told."""

    store: Store
    network: Network = USUAL
    cancel: threading.Event = field(default_factory=threading.Event)
    lines: list[str] = field(default_factory=list)
    advances: list[tuple[int, int]] = field(default_factory=list)
    progress: list[tuple[int, int | None]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def inspect(self, *wheels: WheelFile, offline: bool = False) -> Inspection:
        return inspect(
            wheels,
            self.store,
            network=self.network,
            offline=offline,
            cancel=self.cancel,
            on_advance=lambda done, total: self.advances.append((done, total)),
            on_line=self.lines.append,
            pause=self.pauses.append,
        )

    def fetch(self, *wheels: WheelFile, offline: bool = False) -> int:
        return fetch(
            wheels,
            self.store,
            network=self.network,
            offline=offline,
            cancel=self.cancel,
            on_bytes=lambda done, total: self.progress.append((done, total)),
            on_line=self.lines.append,
            pause=self.pauses.append,
        )

    def files(self) -> Sequence[Path]:
        """Every file in the store but what is known of wheels."""
        return [
            path
            for path in sorted(self.store.folder.rglob("*"))
            if path.is_file() and path.relative_to(self.store.folder).parts[0] != "contents"
        ]

    def cancelled_while(self, index: IndexServer, work: Callable[[], object]) -> bool:
        """Whether a cancel ends ``work``, which waits for an index that says nothing, with Cancelled."""
        caught: list[BaseException] = []

        def working() -> None:
            try:
                work()
            except Cancelled as error:
                caught.append(error)

        thread = threading.Thread(target=working)
        thread.start()
        assert index.hanging.wait(10)
        self.cancel.set()
        thread.join(10)
        return bool(caught) and not thread.is_alive()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Store(tmp_path / "store"))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[IndexServer]:
    folder = tmp_path / "index"
    folder.mkdir()
    with IndexServer(folder) as server:
        yield server


def served(
    index: IndexServer,
    path: Path,
    *,
    with_hash: bool = True,
    with_size: bool = True,
    credentials: bool = True,
) -> WheelFile:
    """The wheel at ``path`` as a lock would name it."""
    return WheelFile(
        path.name,
        index.file_url(path.name, with_credentials=credentials),
        hashlib.sha256(path.read_bytes()).hexdigest() if with_hash else None,
        path.stat().st_size if with_size else None,
    )


def on_disk(path: Path, *, with_hash: bool = True, with_size: bool = True) -> WheelFile:
    """The wheel at ``path`` by its file URL."""
    return WheelFile(
        path.name,
        path.as_uri(),
        hashlib.sha256(path.read_bytes()).hexdigest() if with_hash else None,
        path.stat().st_size if with_size else None,
    )
