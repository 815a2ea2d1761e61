"""What a container is asked for: which packages, in which image, how; and the key under which it is kept."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pyreq_tui.redact import redact
from pyreq_tui.wheels import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.build.docker.dockerfile import Recipe
    from pyreq_tui.build.docker.flags import Flags
    from pyreq_tui.errors import Where
    from pyreq_tui.locks import Deferred, Lock, Pin, Settings, Target
    from pyreq_tui.service import Service

DockerUse = Literal["nothing", "missing", "everything"]
"""What is done in a container: nothing, building what has no wheel, or installing everything."""
_SECRET = re.compile("TOKEN|SECRET|PASS|KEY|CREDENTIAL|AUTH", re.IGNORECASE)
_FORMAT = 1
"""Of what is kept under an order's key."""


@dataclass(frozen=True, eq=False)
class Order:
    """Everything that shapes what a container gives back, but for the content of the image itself."""

    target: Target
    pins: tuple[Pin, ...]
    deferred: Deferred | None
    """Instead of pins, what the container has to resolve itself."""
    reference: str
    """The image's name; with a recipe, of what that builds."""
    recipe: Recipe | None
    flags: Flags
    """From ``dockerRunCmdExtraArgs``."""
    arguments: tuple[str, ...]
    """The same as they are written."""
    environment: Mapping[str, str] = field(repr=False)
    """From ``dockerEnv``; may hold secrets."""
    settings: Settings
    """Who builds and installs, where builds find what they require, and what their backends are told."""
    extra_files: tuple[str, ...]
    is_ssh_given: bool
    inputs: Mapping[str, str]
    """Every input by a readable name, without secrets."""
    key: str | None
    """A digest of the inputs; ``None`` where something can't be told apart from an older state of itself."""
    where: Where | None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values of variables that are named like secrets: no line may show them."""
        return tuple(
            value for name, value in self.environment.items() if _SECRET.search(name) and len(value) >= 4
        )


def docker_use(service: Service) -> DockerUse:
    """What ``dockerizePip`` and ``docker: auto`` come to on this machine."""
    if service.docker == "auto":
        return "missing"
    asked = service.options.dockerize_pip
    if asked is True or (asked == "non-linux" and sys.platform != "linux"):
        return "everything"
    return "nothing"


def order_of(service: Service, target: Target, lock: Lock | None, settings: Settings) -> Order | None:
    """What a container is to do for one Lock; ``None`` where none is needed.

    Raises PyreqError for a Dockerfile or an argument that can't be used.
    """
    use = docker_use(service)
    if lock is None or use == "nothing":
        return None
    options = service.options
    pins = lock.pins if use == "everything" else tuple(pin for pin in lock.pins if pin.unbuilt)
    extra_files = options.docker_extra_files
    if not pins and not extra_files and not lock.deferred:
        return None
    # Here, for hardly a build asks for a container.
    from pyreq_tui.build.docker.dockerfile import read_recipe
    from pyreq_tui.build.docker.flags import environment_of, run_flags, split_words
    from pyreq_tui.build.docker.image import default_image

    recipe = read_recipe(service)
    reference = recipe.tag if recipe else options.docker_image or default_image(target)
    environment = environment_of(options.docker_env)
    where = options.where("dockerRunCmdExtraArgs")
    flags = run_flags(options.docker_run_cmd_extra_args, service.root, where)
    states = {pin.name: _state(pin) for pin in pins}
    inputs = {
        "format": str(_FORMAT),
        "for": str(target),
        "installs": use,
        "image": reference,
        **(recipe.inputs if recipe else {}),
        "run arguments": _shown(" ".join(options.docker_run_cmd_extra_args), str(flags.all())),
        "variables": _shown(" ".join(sorted(environment)), str(sorted(environment.items()))),
        "extra files": " ".join(extra_files),
        "installer": _shown(str(settings), ""),
        "ssh": str(options.docker_ssh).lower(),
        "requirements": _shown(" ".join(lock.deferred.requirements), "") if lock.deferred else "",
        **{f"package {name}": state or "" for name, state in sorted(states.items())},
    }
    return Order(
        target=target,
        pins=pins,
        deferred=lock.deferred,
        reference=reference,
        recipe=recipe,
        flags=flags,
        settings=settings,
        arguments=split_words(options.docker_run_cmd_extra_args),
        environment=environment,
        extra_files=extra_files,
        is_ssh_given=options.docker_ssh,
        inputs=inputs,
        key=_digest(json.dumps(inputs, sort_keys=True)) if all(states.values()) else None,
        where=options.where("dockerizePip"),
    )


def _shown(text: str, values: str) -> str:
    """``text`` without secrets, with a hash that changes when they, or the ``values`` behind it, do."""
    hidden = redact(text)
    return f"{hidden} ({_digest(text + values)[:16]})" if values or hidden != text else text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _state(pin: Pin) -> str | None:
    """What tells one state of a package's origin from another; ``None`` where nothing vouches for that."""
    if pin.wheel is not None:
        return f"{pin.version} {pin.wheel.sha256 or f'{redact(pin.wheel.url)} {pin.wheel.size_bytes}'}"
    state = fingerprint(pin.unbuilt) if pin.unbuilt else None
    return f"{pin.version} {state}" if state else None
