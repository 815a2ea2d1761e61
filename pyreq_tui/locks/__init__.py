"""The Target of a function, and the Lock: the resolved pins for it."""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.locks.compile import network_variables, place_lines, write_lines
    from pyreq_tui.locks.interpreters import find_interpreter
    from pyreq_tui.locks.model import Deferred, Lock, Pin, Unbuilt, WheelFile
    from pyreq_tui.locks.network import USUAL, Network, network_of
    from pyreq_tui.locks.pip_report import PipReport, read_report
    from pyreq_tui.locks.pip_resolver import find_pip, pip_environment
    from pyreq_tui.locks.record import lock_key, lock_record
    from pyreq_tui.locks.resolve import resolve
    from pyreq_tui.locks.settings import Settings, settings_for
    from pyreq_tui.locks.target import Target, target_for

__all__ = [
    "USUAL",
    "Deferred",
    "Lock",
    "Network",
    "Pin",
    "PipReport",
    "Settings",
    "Target",
    "Unbuilt",
    "WheelFile",
    "find_interpreter",
    "find_pip",
    "lock_key",
    "lock_record",
    "network_of",
    "network_variables",
    "pip_environment",
    "place_lines",
    "read_report",
    "resolve",
    "settings_for",
    "target_for",
    "write_lines",
]

hand_out(__name__)
