"""While workers work no garbage is looked for; afterwards it is again, whatever happened."""

from __future__ import annotations

import gc

import pytest

from pyreq_tui.tui.collector import collecting_nothing


def test_nothing_is_collected_until_the_last_worker_is_done() -> None:
    assert gc.isenabled()
    with collecting_nothing():
        with pytest.raises(ValueError, match="bug"), collecting_nothing():
            raise ValueError("bug")
        assert not gc.isenabled(), "another still works"
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0, "what is there now is gone over no more"
