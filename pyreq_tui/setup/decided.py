"""What the answers come to so far, and the service it would make."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pyreq_tui.service import load_service
from pyreq_tui.setup.new_service import NewFunction, NewService, render_service

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.service import Service
    from pyreq_tui.setup.handlers import Handler
    from pyreq_tui.setup.survey import Survey


@dataclass(frozen=True)
class Decided:
    """Every question adds its share."""

    survey: Survey
    runtime: str
    """For a service that is to be written."""
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    """By function's name, for a service that is to be written."""
    is_individual: bool = False
    """Whether each of them gets a zip of its own, with the requirements of its folder."""
    has_support: bool = True
    """Whether Python support is, or is to be, on."""
    options: Mapping[str, object] = field(default_factory=dict)
    """Options to set, as YAML would give them."""
    is_docker_auto: bool = False
    """Whether pyreq-tui builds in a container what has no wheel: ``custom.pyreq.docker: auto``."""
    handler_files: tuple[Path, ...] = ()
    """Files that get the import of the unpacking helper."""
    removes_plugin: bool = False

    @property
    def is_first(self) -> bool:
        """Whether nothing was set up before: what is there already is left as it is."""
        return self.survey.service is None or not self.survey.service.has_block

    def with_options(self, options: Mapping[str, object]) -> Decided:
        """With more options set; one that is so already is left alone."""
        known = self.service.options
        changed = {key: value for key, value in options.items() if known.value(key) != value}
        return replace(self, options={**self.options, **changed})

    @property
    def service(self) -> Service:
        """The service as it would be."""
        if self.survey.service is None:
            file = self.survey.config_file
            inputs = self.survey.inputs
            return load_service(
                file,
                stage=inputs.stage,
                params=inputs.params,
                environ=inputs.environ,
                texts={file: self.text},
            )
        on = {"enabled": True} if self.has_support and not self.survey.service.enabled else {}
        return self.survey.service.with_overrides({**on, **self.options})

    @property
    def text(self) -> str:
        """serverless.yml, where there is none yet."""
        return render_service(self._new_service())

    def _new_service(self) -> NewService:
        functions = tuple(self._function(name, handler) for name, handler in self.handlers.items())
        return NewService(
            name=self.survey.folder.name,
            framework="4" if self.survey.has_own_support else "3",
            plugins=() if self.survey.has_own_support else self.survey.plugins_to_name,
            runtime=self.runtime,
            is_individual=self.is_individual,
            left_out=self.survey.python.environments,
            options=self.options,
            is_docker_auto=self.is_docker_auto,
            functions=functions,
        )

    def _function(self, name: str, handler: Handler) -> NewFunction:
        module = module_of(self.survey.folder, handler) if self.is_individual else None
        if module is None:
            return NewFunction(name, handler.path, None)
        return NewFunction(name, handler.path.removeprefix(f"{module}/"), str(module))


def module_of(folder: Path, handler: Handler) -> PurePosixPath | None:
    """The nearest folder around a handler, below the service's, with a requirements.txt of its own."""
    above = handler.file.parent
    while above != PurePosixPath("."):
        if (folder / above / "requirements.txt").is_file():
            return above
        above = above.parent
    return None
