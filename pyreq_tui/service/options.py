"""The options of ``custom.pythonRequirements``, declared once.

Each field of Options is one option; the command line's ``--set``, the controls on screen, the validation
messages and the README's table are all made from these declarations.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from pyreq_tui.errors import Finding, OptionChange, PyreqError
from pyreq_tui.service.specs import LayerOptions, OptionSpec, key_of, nearest_key, option, plain_value
from pyreq_tui.service.values import read_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.errors import Where

Origin = Literal["default", "file", "override"]
"""Where an option's value comes from."""


@dataclass(frozen=True)
class Options:
    """The effective options. Paths are as written; a relative one starts at the service's root."""

    enabled: bool = option(
        True, group="Sources", help="Whether the Framework's Python support packages requirements at all."
    )
    file_name: str = option("requirements.txt", group="Sources", help="The requirements file of each module.")
    use_pipenv: bool = option(
        True, group="Sources", help="Take requirements from a Pipfile where there is one."
    )
    use_poetry: bool = option(
        True, group="Sources", help="Take requirements from a Poetry project where there is one."
    )
    use_uv: bool = option(True, group="Sources", help="Take requirements from uv.lock where there is one.")
    require_poetry_lock_file: bool = option(
        False, group="Sources", help="Fail when a Poetry project has no poetry.lock, instead of making one."
    )
    poetry_with_groups: tuple[str, ...] = option(
        (), group="Sources", help="Poetry dependency groups to ship beside the main one."
    )
    poetry_without_groups: tuple[str, ...] = option(
        (), group="Sources", help="Poetry dependency groups to leave out."
    )
    poetry_only_groups: tuple[str, ...] = option(
        (), group="Sources", help="Ship these Poetry dependency groups and nothing else."
    )
    uv_with_groups: tuple[str, ...] = option(
        (), group="Sources", help="uv dependency groups to ship beside the project's dependencies."
    )
    uv_without_groups: tuple[str, ...] = option(
        (), group="Sources", help="uv dependency groups to leave out."
    )
    uv_only_groups: tuple[str, ...] = option(
        (), group="Sources", help="Ship these uv dependency groups and nothing else."
    )
    uv_optional_dependencies: tuple[str, ...] = option(
        (), group="Sources", help="Extras of the uv project to ship."
    )

    slim: bool = option(
        False, group="Size", help="Remove bytecode, caches and dist-info, and strip shared libraries."
    )
    strip: bool = option(True, group="Size", help="With slim: strip symbols from shared libraries.")
    slim_patterns: tuple[str, ...] = option(
        (), group="Size", help="With slim: more files to remove, as globs over whole paths."
    )
    slim_patterns_append_defaults: bool = option(
        True, group="Size", help="With slim: keep the default patterns beside slimPatterns."
    )
    no_deploy: tuple[str, ...] = option((), group="Size", help="Packages to leave out, by name.")

    zip: bool = option(
        False,
        group="Shape",
        help="Ship the requirements as a zip inside the zip, unpacked when the function starts.",
    )
    cleanup_zip_helper: bool = option(
        True,
        group="Shape",
        help="With zip: the Framework removes its helper after packaging; pyreq-tui never adds one.",
    )
    layer: LayerOptions | None = option(  # noqa: RUF009 - wraps dataclasses.field
        None,
        group="Shape",
        kind="layer",
        help="Ship the requirements as a Lambda layer; true, or a map that describes it.",
    )
    vendor: str = option(
        "", group="Shape", help="A folder whose content is copied over the requirements; also per function."
    )

    installer: str = option(
        "pip", group="Installer", kind="choice", choices=("pip", "uv"), help="Who builds and installs."
    )
    python_bin: str = option(
        "", group="Installer", help="The Python that pip runs on; by default the one the runtime names."
    )
    pip_cmd_extra_args: tuple[str, ...] = option(
        (), group="Installer", help="More arguments for the installer."
    )

    dockerize_pip: bool | str = option(
        False,
        group="Docker",
        kind="choice",
        choices=(False, True, "non-linux"),
        help="Install inside a Docker container like Lambda's; non-linux: except on Linux.",
    )
    docker_image: str = option(
        "", group="Docker", help="The image to install in; by default AWS's build image for the runtime."
    )
    docker_file: str = option("", group="Docker", help="A Dockerfile to build that image from.")
    docker_ssh: bool = option(
        False, group="Docker", help="Lend the container your SSH key or agent, for private repositories."
    )
    docker_private_key: str = option("", group="Docker", help="With dockerSsh: the path of another SSH key.")
    docker_env: tuple[str, ...] = option(
        (), group="Docker", help="Environment variables to pass on: NAME, or NAME=value."
    )
    docker_build_cmd_extra_args: tuple[str, ...] = option(
        (), group="Docker", help="More arguments for docker build."
    )
    docker_run_cmd_extra_args: tuple[str, ...] = option(
        (), group="Docker", help="More arguments for docker run."
    )
    docker_extra_files: tuple[str, ...] = option(
        (), group="Docker", help="Files of the image, or globs over them, to ship at the root of the package."
    )
    docker_rootless: bool = option(
        False, group="Docker", help="The Docker daemon runs rootless; files come out as yours either way."
    )

    use_static_cache: bool = option(True, group="Caches", help="Reuse what was built from the same inputs.")
    use_download_cache: bool = option(True, group="Caches", help="Keep what was downloaded.")
    cache_location: str = option(
        "", group="Caches", help="Where caches live; by default your user's cache folder."
    )
    static_cache_max_versions: int = option(0, group="Caches", help="How many builds to keep; 0 is no limit.")
    invalidate_caches: bool = option(
        False, group="Caches", help="Build as if nothing were cached for this service."
    )

    _origins: Mapping[str, Origin] = field(default_factory=dict, repr=False, compare=False)
    _places: Mapping[str, Where] = field(default_factory=dict, repr=False, compare=False)

    def origin(self, key: str) -> Origin:
        """Where the value of ``key`` comes from. Raises PyreqError for an unknown key."""
        return self._origins.get(spec_of(key).key, "default")

    def where(self, key: str) -> Where | None:
        """The place in the file that sets ``key``; ``None`` for a default or an override."""
        return self._places.get(spec_of(key).key)

    def value(self, key: str) -> object:
        """The value of ``key`` as YAML or JSON would show it."""
        return plain_value(getattr(self, spec_of(key).field))

    def override(self, overrides: Mapping[str, object]) -> Options:
        """The same options with ``overrides`` applied; keys and values as YAML would give them.

        Raises PyreqError for an unknown key or a value of the wrong type.
        """

        result = self
        for key, value in overrides.items():
            spec = spec_of(key)
            result = result.with_value(spec, read_value(spec, value), "override")
        return result

    def conflicts(self, *, is_docker_auto: bool = False) -> tuple[Finding, ...]:
        """Options that don't go together. With ``docker: auto`` the Docker options count as they stand."""
        found = []
        if self.docker_image and self.docker_file:
            found.append(
                Finding(
                    "error",
                    "docker-image-and-file",
                    "dockerImage and dockerFile are both set; the Framework takes one of them.",
                    self.where("dockerFile") or self.where("dockerImage"),
                    "Remove one of the two.",
                )
            )
        idle = [
            spec.key
            for spec in OPTION_SPECS
            if spec.group == "Docker" and spec.kind != "choice" and self.value(spec.key) != spec.default
        ]
        if idle and self.dockerize_pip is False and not is_docker_auto:
            have = "has" if len(idle) == 1 else "have"
            found.append(
                Finding(
                    "warning",
                    "docker-option-without-docker",
                    f"{', '.join(idle)} {have} no effect while dockerizePip is off.",
                    self.where(idle[0]),
                    "Set dockerizePip, or remove what it would use.",
                    fix=(OptionChange("dockerizePip", value=True),),
                )
            )
        return tuple(found)

    def with_value(
        self, spec: OptionSpec, value: object, origin: Origin, where: Where | None = None
    ) -> Options:
        """The same options with one value, already read, replaced."""
        origins = {**self._origins, spec.key: origin}
        places = {key: place for key, place in self._places.items() if key != spec.key}
        if where is not None:
            places[spec.key] = where
        changes: dict[str, Any] = {spec.field: value, "_origins": origins, "_places": places}
        return replace(self, **changes)


def _spec(part: Field[object]) -> OptionSpec:
    return OptionSpec(
        key=key_of(part.name),
        kind=part.metadata["kind"],
        default=plain_value(part.default),
        choices=part.metadata["choices"],
        help=part.metadata["help"],
        group=part.metadata["group"],
        field=part.name,
    )


OPTION_SPECS: tuple[OptionSpec, ...] = tuple(_spec(part) for part in fields(Options) if part.metadata)
"""Every option, in the order to show them."""

_BY_KEY = {spec.key: spec for spec in OPTION_SPECS}


def spec_of(key: str) -> OptionSpec:
    """The declaration of ``key``. Raises PyreqError that names the nearest known key."""
    spec = _BY_KEY.get(key)
    if spec is None:
        near = nearest_key(key, _BY_KEY)
        raise PyreqError(
            f"There is no option {key!r} in custom.pythonRequirements.",
            hint=f"Did you mean {near}?" if near else "The README lists every option.",
        )
    return spec


def option_table() -> str:
    """Every option as a Markdown table: key, default, what it does."""
    rows = [f"| `{spec.key}` | {_shown(spec)} | {spec.help} |" for spec in OPTION_SPECS]
    return "\n".join(["| option | default | what it does |", "| --- | --- | --- |", *rows]) + "\n"


def _shown(spec: OptionSpec) -> str:
    if spec.default in ("", []):
        return "" if spec.default == "" else "`[]`"
    return f"`{str(spec.default).lower() if isinstance(spec.default, bool) else spec.default}`"
