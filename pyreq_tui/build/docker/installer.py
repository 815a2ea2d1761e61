"""What runs inside the container: a look around first, then the installer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.build.docker.container import CommandFailed
from pyreq_tui.build.docker.engine import DISK_HINT
from pyreq_tui.build.docker.indexes import build_arguments
from pyreq_tui.build.docker.places import DOWNLOADS, EXTRA, PACKAGES, SECRETS, TOOLS
from pyreq_tui.errors import BuildError
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pyreq_tui.build.docker.container import Container
    from pyreq_tui.build.docker.order import Order

_EARLIEST_ZIP_DATE = "315532800"
"""1980-01-01 as SOURCE_DATE_EPOCH, so that backends write the same wheel every time."""

_FIND_PYTHON = """
for python in "$@"; do
    if command -v "$python" >/dev/null 2>&1 && "$python" -c "$PYREQ_LOOK"; then exit 0; fi
done
exit 127
"""
_LOOK = """
import importlib.util, json, os, shutil, sys
print(json.dumps({
    "python": sys.executable,
    "version": list(sys.version_info[:2]),
    "pip": importlib.util.find_spec("pip") is not None,
    "tools": {name: shutil.which(name) for name in ("git", "ssh", "uv")},
    "free_bytes": shutil.disk_usage("/").free,
}))
"""


@dataclass(frozen=True)
class Surroundings:
    """What there is in a container."""

    python: str
    has_pip: bool
    tools: Mapping[str, str | None]
    """``git``, ``ssh`` and ``uv``: where they are."""
    free_bytes: int


def look_around(container: Container, order: Order) -> Surroundings:
    """What the container has to work with. Raises BuildError where it has no Python that is the runtime's."""
    dotted = ".".join(map(str, order.target.python))
    names = (f"python{dotted}", f"/var/lang/bin/python{dotted}", "python3", "python")
    try:
        said = container.run(["/bin/sh", "-c", _FIND_PYTHON, "sh", *names], environment={"PYREQ_LOOK": _LOOK})
        seen = json.loads(said.splitlines()[-1])
        version = ".".join(map(str, seen["version"]))
        surroundings = Surroundings(
            str(seen["python"]), bool(seen["pip"]), dict(seen["tools"]), int(seen["free_bytes"])
        )
    except (CommandFailed, ValueError, LookupError, TypeError) as error:
        if isinstance(error, CommandFailed) and error.exit_code == 137:
            raise
        raise BuildError(
            f"The image {order.reference} has no Python.",
            where=order.where,
            hint="Set a dockerImage that has the runtime's Python, or install it in the dockerFile.",
        ) from error
    if version != dotted:
        raise BuildError(
            f"The image {order.reference} has Python {version}, and the runtime is {order.target.runtime}.",
            where=order.where,
            hint="Set a dockerImage with the runtime's Python, or change the runtime.",
        )
    return surroundings


def check_surroundings(seen: Surroundings, order: Order, needed_bytes: int) -> None:
    """Raise BuildError where something that the order needs is not in the container."""
    if seen.free_bytes < needed_bytes:
        raise BuildError(
            f"The Docker engine has {format_size(seen.free_bytes)} of disk left, "
            f"and {format_size(needed_bytes)} are needed.",
            hint=DISK_HINT,
        )
    is_default = order.recipe is None and order.reference.startswith("public.ecr.aws/sam/build-python")
    if order.settings.installer == "uv" and seen.tools["uv"] is None and not (is_default and seen.has_pip):
        raise BuildError(
            f"The image {order.reference} has no uv, and installer is uv.",
            where=order.where,
            hint="Install it in the image (pip install uv), or set installer: pip.",
        )
    if order.settings.installer != "uv" and not seen.has_pip:
        raise BuildError(
            f"The Python of the image {order.reference} has no pip.",
            where=order.where,
            hint="Install it in the image (python -m ensurepip), or set installer: uv.",
        )
    missing = [tool for tool in ("git", "ssh") if seen.tools[tool] is None]
    clones = any(is_cloned_inside(order, pin.unbuilt) for pin in order.pins) or (
        order.deferred and any("git+ssh:" in line for line in order.deferred.requirements)
    )
    if missing and clones:
        raise BuildError(
            f"The image {order.reference} has no {' and no '.join(missing)} to clone a private package with.",
            where=order.where,
            hint="Install it in the image, with a dockerFile say.",
        )


def is_cloned_inside(order: Order, unbuilt: object) -> bool:
    """Whether the container clones a package itself: over SSH, with what ``dockerSsh`` gives it."""
    kind, url = getattr(unbuilt, "kind", None), str(getattr(unbuilt, "url", ""))
    return order.is_ssh_given and kind == "vcs" and _is_ssh(url)


def _is_ssh(url: str) -> bool:
    return url.removeprefix("git+").startswith("ssh://") or (
        "://" not in url and "@" in url.partition(":")[0]
    )


def install(
    container: Container,
    order: Order,
    seen: Surroundings,
    requirements: Sequence[str],
    environment: Mapping[str, str],
    on_line: Callable[[str], None],
) -> None:
    """Install ``requirements`` into the folder PACKAGES. Raises BuildError and Cancelled."""
    container.put_secret(f"{SECRETS}/requirements.txt", "".join(f"{line}\n" for line in requirements))
    caches = {"PIP_CACHE_DIR": f"{DOWNLOADS}/pip", "UV_CACHE_DIR": f"{DOWNLOADS}/uv", "UV_LINK_MODE": "copy"}
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "UV_NO_PROGRESS": "1"}
    settled = {"SOURCE_DATE_EPOCH": _EARLIEST_ZIP_DATE, "NO_COLOR": "1", "GIT_TERMINAL_PROMPT": "0"}
    environment = {**caches, **quiet, **settled, **environment}
    try:
        if order.settings.installer == "uv":
            command = [_uv(container, seen, environment, on_line), "pip", "install", "--python", seen.python]
        else:
            command = [seen.python, "-m", "pip", "install", "--no-input", "--no-compile"]
            command += ["--no-warn-script-location", "--progress-bar", "off"]
        command += [*build_arguments(order.settings), *([] if order.deferred else ["--no-deps"])]
        command += ["--target", PACKAGES, "--requirement", f"{SECRETS}/requirements.txt"]
        container.run(command, environment=environment, on_line=on_line)
    except CommandFailed as error:
        raise _failure(order, error) from error


def _uv(
    container: Container, seen: Surroundings, environment: Mapping[str, str], on_line: Callable[[str], None]
) -> str:
    """The uv of the image; installed for this once where AWS's own images have none."""
    found = seen.tools["uv"]
    if found is not None:
        return found
    command = [seen.python, "-m", "pip", "install", "--no-input", "--quiet", "--target", TOOLS, "uv"]
    container.run(command, environment=environment, on_line=on_line)
    return f"{TOOLS}/bin/uv"


def copy_extra_files(container: Container, order: Order) -> None:
    """Copy ``dockerExtraFiles`` into the folder EXTRA, as the image has them. Raises BuildError."""
    for name in order.extra_files:
        try:
            container.run(["/bin/sh", "-c", f"IFS=; mkdir -p {EXTRA} && cp -RL -- $0 {EXTRA}/", name])
        except CommandFailed as error:
            if error.exit_code == 137:
                raise
            raise BuildError(
                f"dockerExtraFiles names {name}, which the image {order.reference} does not have.",
                where=order.where,
                hint="Correct its path, or install what brings it in the dockerFile.",
            ) from error


def _failure(order: Order, error: CommandFailed) -> BuildError:
    """What went wrong in the installer, in words that lead on."""
    said = "\n".join(error.output)
    if "No space left on device" in said or "Errno 28" in said:
        hint: str | None = DISK_HINT
        message = "The disk of the container is full"
    else:
        message = f"{order.settings.installer} failed in the container"
        hint = _hint(said)
    return BuildError(f"{message}: {error.message}", where=order.where, hint=hint)


def _hint(said: str) -> str | None:
    if "Host key verification failed" in said:
        return "Add the host to ~/.ssh/known_hosts here (ssh-keyscan HOST), once you have checked its key."
    if "Permission denied (publickey" in said:
        return "The host refused the key: name the right one in dockerPrivateKey, or add it to ssh-agent."
    if any(
        word in said for word in ("gcc", "No such file or directory: 'cc'", "command 'cc'", "fatal error:")
    ):
        return "A compiler or headers are missing in the image: install them in a dockerFile."
    if "NameResolutionError" in said or "Temporary failure in name resolution" in said:
        return "The container finds no index: see dockerRunCmdExtraArgs (--network, --dns) and dockerEnv."
    return None
