"""How much is tried: few examples of each property in the quick run, many in CI's second."""

from __future__ import annotations

import gc

from hypothesis import settings

settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=400, deadline=None)
settings.load_profile("quick")  # `--hypothesis-profile thorough` tries the rest, as CI does


def pytest_collection_finish() -> None:
    """Keep the collector from going over thousands of tests again and again while they run."""
    gc.collect()
    gc.freeze()
