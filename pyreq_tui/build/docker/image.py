"""The image to install in: found, pulled, or built from the service's Dockerfile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyreq_tui.build.docker.container import interruptible
from pyreq_tui.build.docker.engine import DISK_HINT, engine_errors
from pyreq_tui.build.events import LineLogged, StepAdvanced
from pyreq_tui.errors import BuildError
from pyreq_tui.processes import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyreq_tui.build.docker.engine import Engine
    from pyreq_tui.build.steps import Steps
    from pyreq_tui.errors import Where
    from pyreq_tui.locks import Target

_PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}
_ARCHITECTURES = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
"""As engines write them, and as Lambda does."""


@dataclass(frozen=True)
class Image:
    """An image the engine has."""

    reference: str
    digest: str
    """The image's own id, ``sha256:…``: another content has another."""
    architecture: str
    """``x86_64``, ``arm64``, or whatever else it says it is for."""


def default_image(target: Target) -> str:
    """The image in which AWS SAM builds for ``target`` (AWS: image repositories for SAM)."""
    return (
        f"public.ecr.aws/sam/build-python{target.python[0]}.{target.python[1]}:latest-{target.architecture}"
    )


def find_image(engine: Engine, reference: str) -> Image | None:
    """The image as the engine has it, if it does."""
    from docker.errors import ImageNotFound, NotFound

    try:
        with engine_errors(f"to look at the image {reference}"):
            found = engine.client.inspect_image(reference)  # type: ignore[no-untyped-call] # the stub has none
    except BuildError as error:
        if isinstance(error.__cause__, ImageNotFound | NotFound):
            return None
        raise
    architecture = str(found.get("Architecture") or "")
    return Image(reference, str(found["Id"]), _ARCHITECTURES.get(architecture, architecture))


def pull_image(engine: Engine, reference: str, target: Target, steps: Steps) -> Image:
    """Pull ``reference`` for the architecture of ``target``.

    Raises BuildError where there is no such image, or nobody hands it out; Cancelled at once.
    """
    if steps.offline:
        raise BuildError(
            f"Offline, and the image {reference} must be pulled.", hint="Run once without --offline."
        )
    with steps.step("prepare image", in_bytes=True) as detail:
        steps.report(LineLogged("prepare image", f"Pulling {reference}"))
        answers = _pulling(engine, reference, target)
        layers: dict[str, tuple[int, int]] = {}
        for answer in interruptible(answers, steps.cancel):
            if "error" in answer:
                raise _pull_failure(reference, str(answer["error"]))
            if "id" not in answer or not (progress := answer.get("progressDetail")):
                continue
            if answer.get("status") == "Downloading" and progress.get("total"):
                layers[answer["id"]] = (int(progress.get("current", 0)), int(progress["total"]))
                done, total = (sum(column) for column in zip(*layers.values(), strict=True))
                steps.report(StepAdvanced("prepare image", done, total))
        detail.append(f"pulled {reference}")
    image = find_image(engine, reference)
    if image is None:
        raise BuildError(f"The image {reference} was pulled and is not there.")
    return image


def _pulling(engine: Engine, reference: str, target: Target) -> Iterator[Mapping[str, Any]]:
    """What the engine tells while it pulls."""
    try:
        with engine_errors(f"to pull {reference}"):
            answers: Iterator[Mapping[str, Any]] = engine.client.pull(
                reference, stream=True, decode=True, platform=_PLATFORMS[target.architecture]
            )
            return answers
    except BuildError as error:
        explanation = getattr(error.__cause__, "explanation", None)
        raise _pull_failure(reference, str(explanation)) if explanation else error from error


def _pull_failure(reference: str, said: str) -> BuildError:
    said = clean_line(said)
    lowered = said.lower()
    if "no space left" in lowered:
        return BuildError(f"There is no room for the image {reference}: {said}", hint=DISK_HINT)
    if any(word in lowered for word in ("not found", "manifest unknown", "does not exist", "no such image")):
        hint = "Correct dockerImage, or build an image of your own with dockerFile."
    elif any(word in lowered for word in ("denied", "unauthorized", "authentication", "forbidden")):
        hint = "Log in to its registry (docker login), and check the image's name."
    elif "no matching manifest" in lowered:
        hint = "There is no such image for the function's architecture: set another dockerImage."
    else:
        hint = "See that the engine reaches the registry (docker pull), through a proxy if need be."
    return BuildError(f"The image {reference} is not here and can't be pulled: {said}", hint=hint)


def check_architecture(image: Image, target: Target, where: Where | None) -> None:
    """Raise BuildError where what is built in ``image`` would not run on ``target``."""
    if image.architecture != target.architecture:
        raise BuildError(
            f"The image {image.reference} is for {image.architecture or 'no architecture'}, "
            f"and {target.runtime} functions on {target.architecture} need one for {target.architecture}.",
            where=where,
            hint="Set a dockerImage (or dockerFile) for that architecture, or change the functions'.",
        )
