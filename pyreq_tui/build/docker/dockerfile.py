"""The service's own Dockerfile: what it is built from, and building it."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui import processes
from pyreq_tui.build.docker.container import LABEL, interruptible
from pyreq_tui.build.docker.engine import DISK_HINT, engine_errors
from pyreq_tui.build.docker.flags import Flags, build_flags, split_words
from pyreq_tui.build.docker.image import Image, find_image
from pyreq_tui.build.events import LineLogged
from pyreq_tui.errors import BuildError, PyreqError, Where
from pyreq_tui.processes import clean_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.build.docker.engine import Engine
    from pyreq_tui.build.steps import Steps
    from pyreq_tui.service import Service

_NEVER_SENT = (".serverless", ".pyreq")
"""What packaging itself writes: it is no input."""
_USES_CONTEXT = re.compile(r"^\s*(?:ONBUILD\s+)?(?:COPY|ADD)\s+(?!--from=)", re.IGNORECASE | re.MULTILINE)
_SHOWN_LINES = 15


@dataclass(frozen=True)
class Recipe:
    """A Dockerfile with all it may read, and what ``docker build`` is told."""

    file: Path
    name: str
    """POSIX, relative to the service's folder."""
    files: tuple[str, ...]
    """The build context: POSIX paths below the service's folder. Empty where nothing is copied from it."""
    root: Path
    flags: Flags
    arguments: tuple[str, ...]
    inputs: Mapping[str, str]
    """Digests of the Dockerfile, the context and the arguments: the image is known by them."""

    @property
    def tag(self) -> str:
        """The name of what is built: the same inputs, the same name."""
        digest = hashlib.sha256("\n".join(self.inputs.values()).encode()).hexdigest()
        return f"{LABEL}:{digest[:32]}"


def read_recipe(service: Service) -> Recipe | None:
    """What ``dockerFile`` names. Raises PyreqError where it is missing or outside the service's folder."""
    named = service.options.docker_file
    if not named:
        return None
    where = service.options.where("dockerFile") or Where(service.config_file)
    root = service.root.resolve()
    file = (root / Path(named).expanduser()).resolve()
    if not file.is_relative_to(root):
        raise PyreqError(
            f"The Dockerfile {named} is outside of {root}: the build could not see it.",
            where=where,
            hint="Move it into the service's folder, or below it.",
        )
    try:
        content = file.read_bytes()
    except OSError as error:
        raise PyreqError(
            f"The Dockerfile {named} can't be read: {error.strerror}.",
            where=where,
            hint="Correct dockerFile; its path starts at serverless.yml's folder.",
        ) from error
    name = file.relative_to(root).as_posix()
    files = _context(root, name) if _USES_CONTEXT.search(content.decode("utf-8", "replace")) else ()
    arguments = split_words(service.options.docker_build_cmd_extra_args)
    flags = build_flags(arguments, root, service.options.where("dockerBuildCmdExtraArgs"))
    inputs = {
        "Dockerfile": hashlib.sha256(content).hexdigest(),
        "build context": _digest(root, files),
        "build arguments": hashlib.sha256(
            "\n".join([*arguments, *map(str, flags.maps.get("buildargs", {}).items())]).encode()
        ).hexdigest(),
    }
    return Recipe(file, name, files, root, flags, arguments, inputs)


def build_image(engine: Engine, recipe: Recipe, service: Service, steps: Steps) -> Image:
    """The image of ``recipe``, built unless the engine has it. Raises BuildError and Cancelled."""
    known = find_image(engine, recipe.tag)
    if known is not None and not service.options.invalidate_caches:
        return known
    with steps.step("prepare image") as detail:
        log = steps.log("prepare image")
        steps.report(LineLogged("prepare image", f"Building an image from {recipe.name}"))
        if recipe.flags.unmapped:
            _build_by_command(engine, recipe, service, steps)
        else:
            _build_by_engine(engine, recipe, service, steps)
        log(f"The image is called {recipe.tag}")
        detail.append(f"built from {recipe.name}")
    image = find_image(engine, recipe.tag)
    if image is None:
        raise BuildError(f"Building {recipe.name} left no image behind.")
    return image


def _build_by_engine(engine: Engine, recipe: Recipe, service: Service, steps: Steps) -> None:
    keywords = recipe.flags.all()
    labels = {**keywords.pop("labels", {}), LABEL: "image"}
    log = steps.log("prepare image")
    told: list[str] = []
    with _packed(recipe) as context, engine_errors(f"to build {recipe.name}"):
        answers = engine.client.build(
            fileobj=context,
            custom_context=True,
            dockerfile=recipe.name,
            tag=recipe.tag,
            labels=labels,
            rm=True,
            forcerm=True,
            decode=True,
            **keywords,
        )
        for answer in interruptible(answers, steps.cancel):
            for line in str(answer.get("stream") or "").splitlines():
                told.append(clean_line(line))
                log(told[-1])
            if "error" in answer:
                raise _failure(recipe, service, clean_line(str(answer["error"])), told)


def _build_by_command(engine: Engine, recipe: Recipe, service: Service, steps: Steps) -> None:
    where = service.options.where("dockerBuildCmdExtraArgs")
    command = [docker_command(recipe.flags.unmapped, where), "build", "--file", str(recipe.file)]
    command += ["--tag", recipe.tag, "--label", f"{LABEL}=image", *recipe.arguments, "--", str(recipe.root)]
    log = steps.log("prepare image")
    try:
        processes.run(command, cwd=recipe.root, env=engine.environment, on_line=log, cancel=steps.cancel)
    except processes.ProcessError as error:
        raise _failure(recipe, service, error.message, ()) from error


def docker_command(unmapped: list[str], where: Where | None) -> str:
    """The ``docker`` command, for flags that the API has no word for. Raises PyreqError without it."""
    found = shutil.which("docker")
    if found is None:
        raise PyreqError(
            f"{', '.join(unmapped)} can be passed on by the docker command only, and there is none here.",
            where=where,
            hint="Install Docker's command line, or take the flag out.",
        )
    return found


def _failure(recipe: Recipe, service: Service, said: str, told: list[str] | tuple[str, ...]) -> BuildError:
    shown = "\n".join([*told[-_SHOWN_LINES:], said])
    hint = "Mend the Dockerfile, or its way to the network (dockerBuildCmdExtraArgs: --network, proxies)."
    if "no space left" in said.lower():
        hint = DISK_HINT
    elif "BuildKit" in said:
        hint = (
            "Let the docker command build it, with dockerBuildCmdExtraArgs: ['--ssh=default'] for instance."
        )
    where = service.options.where("dockerFile")
    return BuildError(f"{recipe.name} could not be built:\n{shown}", where=where, hint=hint)


def _packed(recipe: Recipe) -> io.BytesIO:
    """The build context as a tar: the same files, the same bytes."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in sorted({recipe.name, *recipe.files}):
            info = archive.gettarinfo(recipe.root / name, arcname=name)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            if info.isfile():
                with (recipe.root / name).open("rb") as opened:
                    archive.addfile(info, opened)
            else:
                archive.addfile(info)
    packed.seek(0)
    return packed


def _context(root: Path, dockerfile: str) -> tuple[str, ...]:
    """What the engine may copy from: everything but what ``.dockerignore`` names, and our own artifacts."""
    from docker.utils.build import exclude_paths

    ignore = root / ".dockerignore"
    lines = ignore.read_text("utf-8", "replace").splitlines() if ignore.is_file() else []
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(sorted(exclude_paths(str(root), [*patterns, *_NEVER_SENT], dockerfile=dockerfile)))


def _digest(root: Path, files: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name in files:
        path = root / name
        content = ""
        if path.is_symlink():
            content = str(path.readlink())
        elif path.is_file():
            with path.open("rb") as opened:
                content = hashlib.file_digest(opened, "sha256").hexdigest()
        mode = path.lstat().st_mode & 0o777
        digest.update(f"{name}\0{mode:o}\0{content}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
