"""Ends a child with all it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

GRACE_SECONDS = 2.0
"""What a child gets between SIGTERM and SIGKILL, and what a stray grandchild gets to let go of the pipes."""
ORPHANS_GRACE_SECONDS = 0.2
"""What grandchildren get in addition when the child itself is gone."""


def end_group(child: subprocess.Popen[bytes]) -> None:
    """End whatever is left of the child's group: asked first, then made to."""
    if sys.platform == "win32":
        if child.poll() is None:
            subprocess.run(
                ["taskkill", "/T", "/F", "/PID", str(child.pid)],
                check=False,
                stdin=subprocess.DEVNULL,
                capture_output=True,
            )
            child.wait()
        return
    for ending in (signal.SIGTERM, signal.SIGKILL):
        if not _signal_group(child, ending):
            break
        _wait_for_group(child)
    child.wait()


def _wait_for_group(child: subprocess.Popen[bytes]) -> None:
    """Until the group is empty, or the leader has had its grace and then, once it is gone, the rest theirs.

    What the leader leaves behind is for init to reap, and until it does, which in a container can take
    seconds or for ever, the dead look alive.
    """
    deadline = time.monotonic() + GRACE_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    deadline = time.monotonic() + ORPHANS_GRACE_SECONDS
    while _signal_group(child, 0) and time.monotonic() < deadline:
        time.sleep(0.01)


def _signal_group(child: subprocess.Popen[bytes], number: int) -> bool:
    """Whether the group still has a member to signal; 0 only asks."""
    child.poll()  # reaps the leader, which would else keep its group alive as a zombie
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        return False
    return True
