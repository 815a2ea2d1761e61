"""The flags of ``docker run`` and ``docker build`` that the engine's API knows, in its words."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyreq_tui.errors import PyreqError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyreq_tui.errors import Where


@dataclass
class Flags:
    """What flags come to, by the names the API gives its parameters."""

    root: Path
    """Where relative paths start: the service's folder."""
    values: dict[str, Any] = field(default_factory=dict)
    """Plain values."""
    lists: dict[str, list[str]] = field(default_factory=dict)
    maps: dict[str, dict[str, str]] = field(default_factory=dict)
    unmapped: list[str] = field(default_factory=list)
    """Flags that the API has no word for, or for which there is none here."""

    def all(self) -> dict[str, Any]:
        """Everything together, as the keywords of the API's calls."""
        return {**self.values, **self.lists, **self.maps}


_Apply = Callable[[Flags, str], None]


def _value(name: str) -> _Apply:
    return lambda flags, value: flags.values.update({name: value})


def _whole(name: str) -> _Apply:
    return lambda flags, value: flags.values.update({name: int(value)})


def _list(name: str) -> _Apply:
    return lambda flags, value: flags.lists.setdefault(name, []).append(value)


def _map(name: str, separator: str = "=") -> _Apply:
    def apply(flags: Flags, value: str) -> None:
        key, _, text = value.partition(separator)
        flags.maps.setdefault(name, {})[key] = text

    return apply


def _environment(name: str) -> _Apply:
    """``NAME=value``, or ``NAME`` for the value it has here, if it has one."""

    def apply(flags: Flags, value: str) -> None:
        flags.maps.setdefault(name, {}).update(environment_of([value]))

    return apply


def _bind(flags: Flags, value: str) -> None:
    source, colon, rest = value.partition(":")
    if source.startswith((".", "~")):
        source = str((flags.root / Path(source).expanduser()).resolve())
    flags.lists.setdefault("binds", []).append(f"{source}{colon}{rest}")


def _environment_file(flags: Flags, value: str) -> None:
    file = flags.root / Path(value).expanduser()
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PyreqError(f"The file {file} that --env-file names can't be read.") from error
    items = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    flags.maps.setdefault("environment", {}).update(environment_of(items))


def _cpus(flags: Flags, value: str) -> None:
    flags.values["nano_cpus"] = int(float(value) * 1_000_000_000)


def _limit(flags: Flags, value: str) -> None:
    """``nofile=1024:2048``: soft and hard, or one for both."""
    name, _, limits = value.partition("=")
    soft, _, hard = limits.partition(":")
    limit = {"Name": name, "Soft": int(soft), "Hard": int(hard or soft)}
    flags.values.setdefault("ulimits", []).append(limit)


def _nothing(_flags: Flags, _value: str) -> None:
    """What is so anyway, or does not matter here."""


def _on(name: str) -> _Apply:
    return lambda flags, value: flags.values.update({name: value != "false"})


RUN_FLAGS: Mapping[str, _Apply] = {
    "--add-host": _map("extra_hosts", ":"),
    "--cap-add": _list("cap_add"),
    "--cap-drop": _list("cap_drop"),
    "--cpu-shares": _whole("cpu_shares"),
    "--cpus": _cpus,
    "--cpuset-cpus": _value("cpuset_cpus"),
    "--device": _list("devices"),
    "--dns": _list("dns"),
    "--dns-search": _list("dns_search"),
    "--entrypoint": _nothing,  # commands are run beside it
    "--env": _environment("environment"),
    "--env-file": _environment_file,
    "--group-add": _list("group_add"),
    "--hostname": _value("hostname"),
    "--ipc": _value("ipc_mode"),
    "--label": _map("labels"),
    "--memory": _value("mem_limit"),
    "--memory-swap": _value("memswap_limit"),
    "--name": _nothing,  # there may be several at a time
    "--network": _value("network_mode"),
    "--pid": _value("pid_mode"),
    "--platform": _value("platform"),
    "--pull": _value("pull"),
    "--runtime": _value("runtime"),
    "--security-opt": _list("security_opt"),
    "--shm-size": _value("shm_size"),
    "--sysctl": _map("sysctls"),
    "--tmpfs": _map("tmpfs", ":"),
    "--ulimit": _limit,
    "--user": _value("user"),
    "--userns": _value("userns_mode"),
    "--volume": _bind,
    "--volumes-from": _list("volumes_from"),
    "--workdir": _value("working_dir"),
}
RUN_SWITCHES: Mapping[str, _Apply] = {
    "--init": _on("init"),
    "--interactive": _nothing,
    "--privileged": _on("privileged"),
    "--quiet": _nothing,
    "--read-only": _on("read_only"),
    "--rm": _nothing,
    "--tty": _nothing,
}
BUILD_FLAGS: Mapping[str, _Apply] = {
    "--add-host": _map("extra_hosts", ":"),
    "--build-arg": _environment("buildargs"),
    "--cache-from": _list("cache_from"),
    "--label": _map("labels"),
    "--network": _value("network_mode"),
    "--platform": _value("platform"),
    "--progress": _nothing,
    "--shm-size": _value("shmsize"),
    "--tag": _nothing,  # the image is found by its inputs
    "--target": _value("target"),
}
BUILD_SWITCHES: Mapping[str, _Apply] = {
    "--force-rm": _nothing,
    "--load": _nothing,
    "--no-cache": _on("nocache"),
    "--pull": _on("pull"),
    "--quiet": _nothing,
    "--rm": _nothing,
    "--squash": _on("squash"),
}
_RUN_SHORT = {
    "-e": "--env",
    "-h": "--hostname",
    "-i": "--interactive",
    "-l": "--label",
    "-m": "--memory",
    "-q": "--quiet",
    "-t": "--tty",
    "-u": "--user",
    "-v": "--volume",
    "-w": "--workdir",
    "--net": "--network",
}
_BUILD_SHORT = {"-q": "--quiet", "-t": "--tag"}


def run_flags(arguments: Sequence[str], root: Path, where: Where | None = None) -> Flags:
    """What the flags of ``docker run`` in ``dockerRunCmdExtraArgs`` come to. Raises PyreqError."""
    return _read(arguments, RUN_FLAGS, RUN_SWITCHES, _RUN_SHORT, root, where)


def build_flags(arguments: Sequence[str], root: Path, where: Where | None = None) -> Flags:
    """What the flags of ``docker build`` in ``dockerBuildCmdExtraArgs`` come to. Raises PyreqError."""
    return _read(arguments, BUILD_FLAGS, BUILD_SWITCHES, _BUILD_SHORT, root, where)


def environment_of(items: Sequence[str]) -> dict[str, str]:
    """Variables as ``NAME=value``, or as ``NAME`` alone for the value it has here, if it has one."""
    given = (item.partition("=") for item in items)
    return {
        name: value if equals else os.environ[name]
        for name, equals, value in given
        if equals or name in os.environ
    }


def split_words(items: Sequence[str]) -> tuple[str, ...]:
    """Arguments one by one: an item may hold a flag and its value (``--network host``)."""
    words: list[str] = []
    for item in items:
        try:
            is_several = item.startswith("-") and " " in item.partition("=")[0]
            words += shlex.split(item) if is_several else [item]
        except ValueError:
            words.append(item)
    return tuple(words)


def _read(
    arguments: Sequence[str],
    known: Mapping[str, _Apply],
    switches: Mapping[str, _Apply],
    short: Mapping[str, str],
    root: Path,
    where: Where | None,
) -> Flags:
    flags = Flags(root)
    for name, value in _pairs(split_words(arguments), known, switches, short):
        apply = switches.get(name) if value is None or name not in known else known[name]
        if apply is None:
            flags.unmapped += [name] if name.startswith("-") else []  # or it is the value of such a flag
            continue
        try:
            apply(flags, value or "")
        except ValueError as error:
            raise PyreqError(f"{name} does not take {value!r}.", where=where) from error
    return flags


def _pairs(
    words: Sequence[str],
    known: Mapping[str, _Apply],
    switches: Mapping[str, _Apply],
    short: Mapping[str, str],
) -> Iterator[tuple[str, str | None]]:
    """Flags in full with their values; a switch has none."""
    waiting: str | None = None
    for word in words:
        if waiting is not None:
            yield waiting, word
            waiting = None
            continue
        name, equals, value = word.partition("=")
        if not name.startswith("--") and name[:2] in short and len(name) > 2:
            if all(f"-{letter}" in short and short[f"-{letter}"] in switches for letter in name[1:]):
                yield from ((short[f"-{letter}"], None) for letter in name[1:])  # -it
                continue
            name, equals, value = name[:2], "=", word[2:].removeprefix("=")
        name = short.get(name, name)
        if equals:
            yield name, value
        elif name in known and name not in switches:
            waiting = name
        else:
            yield name, None
    if waiting is not None:
        yield waiting, None
