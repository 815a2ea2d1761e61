"""Imports one handler, alone, and writes down what came of it. Runs on the runtime's Python, not on ours.

``launch`` closes the network where the system lets it, sets limits and starts this file again; ``import``
does the import. Needs Python 3.8 and its standard library.
"""

# What is imported here is not timed where the handler needs it: pathlib stays out. What stands in takes all
# arguments and needs none.
# ruff: noqa: ARG001, ARG002, PTH123

from __future__ import annotations

import json
import os
import sys
from abc import ABCMeta
from importlib.machinery import ModuleSpec
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import Any  # the file is read by other Pythons than the one that checks it

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NETWORK_EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_NAME_EVENTS = ("socket.getaddrinfo", "socket.gethostbyname")


def launch(specification: str) -> None:
    """Become a process that has little, and import there."""
    with open(specification) as file:
        wanted = json.load(file)
    os.dup2(2, 1)  # what the handler prints is no result
    os.chdir(wanted["task"])
    network = "closed" if close_network() else "guarded"
    set_limits(wanted)
    flags = ["-I", "-S", "-B", "-X", "importtime"]
    again = [sys.executable, *flags, __file__, "import", specification, network]
    os.execv(sys.executable, again)  # noqa: S606 - the same interpreter, in the surroundings made for it


def close_network() -> bool:
    """Move into a network of our own, in which there is nothing; whether that worked."""
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        libc = ctypes.CDLL(None)
    except (ImportError, OSError):
        return False
    if libc.unshare(_NEW_NETWORK) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False
    maps = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
    for name, text in maps.items():
        try:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
        except OSError:  # then we are nobody there, who may read the same files
            return True
    return True


def set_limits(wanted: dict[str, Any]) -> None:
    """No more memory and time than allowed, no core file, no huge file."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    limits = {
        resource.RLIMIT_AS: wanted["memory_bytes"],
        resource.RLIMIT_CPU: wanted["cpu_seconds"],
        resource.RLIMIT_FSIZE: wanted["file_bytes"],
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        hard = resource.getrlimit(limit)[1]
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(limit, (lower, lower))
        except (ValueError, OSError):  # macOS takes no limit of memory; that of time stays
            continue


class StandIn(ABCMeta):
    """The class of what stands for anything that a package of the runtime has."""

    def __getattr__(cls, name: str) -> StandIn:
        return _public(name)

    def __getitem__(cls, item: object) -> StandIn:
        return cls


def stand_in(name: str) -> StandIn:
    """One that can be called, inherited from, raised and caught, and has whatever it is asked for."""

    def attribute(self: object, name: str) -> object:
        return getattr(type(self), name)()

    def itself(self: object, *given: object, **named: object) -> object:
        return self

    def nothing(self: object, *given: object, **named: object) -> None:
        return None

    def empty(self: object) -> Iterator[object]:
        return iter(())

    members: dict[str, object] = {
        "__init__": nothing,
        "__getattr__": attribute,
        "__call__": itself,
        "__getitem__": itself,
        "__enter__": itself,
        "__exit__": nothing,
        "__iter__": empty,
    }
    return StandIn(name, (Exception,), members)


def _public(name: str) -> StandIn:
    """For a module, whose own names nobody makes up."""
    if name.startswith("__"):
        raise AttributeError(name)
    return stand_in(name)


class RuntimePackages:
    """Finds what the runtime has and this machine need not have; asked last, after the artifact."""

    def __init__(self, names: list[str], used: list[str]) -> None:
        self.names = names
        self.used = used

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        top = name.partition(".")[0]
        if top not in self.names or (top != name and top not in self.used):
            return None
        if top == name:
            self.used.append(name)
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]  # it needs no more of a Loader

    def create_module(self, spec: ModuleSpec) -> None:
        """An ordinary one."""

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__.update({"__version__": "0", "__getattr__": _public})


def guard(asked: list[str]) -> None:
    """Refuse what would reach the network, and keep who was asked for."""

    def refuse(event: str, given: tuple[Any, ...]) -> None:
        if event in _NAME_EVENTS:
            address = given[0]
        elif event in _NETWORK_EVENTS and not isinstance(given[1], (str, bytes)):  # those are local sockets
            address = given[1][0] if given[1] else "?"
        else:
            return
        asked.append(str(address)[:200])
        raise OSError("there is no network while pyreq-tui checks imports")

    sys.addaudithook(refuse)


def report(specification: str, network: str) -> None:
    """Import the handler; what came of it goes to the file that ``specification`` names."""
    with open(specification) as file:
        wanted = json.load(file)
    result = os.open(wanted["result"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    stood_in: list[str] = []
    asked: list[str] = []
    found: dict[str, Any] = {"network": network, "stood_in": stood_in, "asked": asked}
    sys.path[:0] = wanted["paths"]
    sys.meta_path.append(RuntimePackages(wanted["runtime"], stood_in))
    guard(asked)
    _mark(wanted)
    started = perf_counter()
    try:
        __import__(wanted["module"])  # importlib.import_module is not timed by -X importtime
        module = sys.modules[wanted["module"]]
        found["seconds"] = perf_counter() - started
        found["missing"] = [name for name in wanted["attributes"] if not hasattr(module, name)]
    except BaseException as error:  # noqa: BLE001 - whatever it is, it would end the function
        found["seconds"] = perf_counter() - started
        found["failure"] = failure(error, wanted["paths"])
    _mark(wanted)
    os.write(result, json.dumps(found).encode())
    os._exit(0)  # threads and exit handlers of the handler have nothing to say any more


def _mark(wanted: dict[str, Any]) -> None:
    """Set off what the import says from what comes before and after it."""
    os.write(2, f"\n{wanted['mark']}\n".encode())


def failure(error: BaseException, folders: list[str]) -> dict[str, object]:
    """What went wrong, and where in the artifact."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        for folder in folders:
            if name.startswith(folder + os.sep):
                frames.append([name[len(folder) + 1 :].replace(os.sep, "/"), trace.tb_lineno])
                break
        trace = trace.tb_next
    return {
        "type": type(error).__name__,
        "message": str(error)[:1000],
        "name": error.name if isinstance(error, ImportError) else None,
        "is_import": isinstance(error, ImportError),
        "frames": frames[-20:],
    }


if __name__ == "__main__":
    if sys.argv[1] == "launch":
        launch(sys.argv[2])
    else:
        report(sys.argv[2], sys.argv[3])
