"""While workers work no garbage is looked for; afterwards it is again, whatever happened."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.tui.collector import (
    FEW_ALLOCATIONS,
    LONG_PAUSE_SECONDS,
    PAUSE_SECONDS,
    collect,
    collecting_nothing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_nothing_is_collected_until_the_last_worker_is_done() -> None:
    assert gc.isenabled()
    with collecting_nothing():
        with pytest.raises(ValueError, match="bug"), collecting_nothing():
            raise ValueError("bug")
        assert not gc.isenabled(), "another still works"
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0, "what is there now is gone over no more"


@pytest.fixture
def by_hand() -> Iterator[None]:
    """No garbage is looked for unasked."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Circle:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("by_hand")
def test_no_garbage_is_looked_for_while_somebody_is_at_work() -> None:
    gone = weakref.ref(Circle())
    kept: list[list[int]] = [[] for _ in range(FEW_ALLOCATIONS + 500)]
    collect(PAUSE_SECONDS / 2)
    assert gone() is not None, "somebody is at work"
    with collecting_nothing():
        collect(PAUSE_SECONDS)
        assert gone() is not None, "a worker is"
    del kept


@pytest.mark.parametrize("idle_seconds", [PAUSE_SECONDS, LONG_PAUSE_SECONDS])
@pytest.mark.usefixtures("by_hand")
def test_a_pause_is_used(idle_seconds: float) -> None:
    gone = weakref.ref(Circle())
    kept: list[list[int]] = [[] for _ in range(FEW_ALLOCATIONS + 500)]
    collect(idle_seconds)
    assert gone() is None
    assert len(kept) > FEW_ALLOCATIONS
