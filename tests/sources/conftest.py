"""One workshop for all tests of a worker; its tools are shared by all workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sources.workshop import Workshop, opened_workshop

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Workshop]:
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with opened_workshop(shared / "tools", tmp_path_factory.mktemp("world")) as opened:
        yield opened
