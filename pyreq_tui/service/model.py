"""What one serverless.yml describes, typed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.service.artifacts import BUILD_FOLDER
from pyreq_tui.service.configuration import Inputs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from pyreq_tui.errors import Finding
    from pyreq_tui.service.budgets import BudgetRule
    from pyreq_tui.service.options import Options
    from pyreq_tui.service.scalars import ScalarValue


@dataclass(frozen=True)
class Function:
    """One entry under ``functions``, with what it inherits from the provider and the service filled in."""

    name: str
    handler: str | None
    """``path/to/file.attribute``; ``None`` for image functions."""
    runtime: str | None
    architecture: str
    """``x86_64`` or ``arm64``."""
    module: str
    """The folder whose requirements it ships, relative to the service's root, POSIX; ``.`` is the root."""
    individually: bool
    """Whether it gets an artifact of its own."""
    patterns: tuple[str, ...]
    """Its own ``package.patterns`` (and ``include``/``exclude`` rewritten as patterns), in order."""
    vendor: str | None
    """Its own vendor folder, relative to the service's root."""
    layers: tuple[str, ...]
    """Layers it names: an ARN as it stands, or ``Ref: Name`` written ``Name``."""
    packaged: bool
    """Whether pyreq-tui packages it: not for images, other languages, or a ready ``package.artifact``."""
    reason: str | None
    """Why it is not packaged."""
    where: Where
    excluded: tuple[str, ...] = ()
    """The first of ``patterns``: those that ``exclude`` gave."""
    path: tuple[str, ...] = ()
    """The keys that lead to it from the top of serverless.yml; the index for a list."""
    ephemeral_storage_bytes: int | None = None
    """The size of its /tmp; ``None`` where only a deployment knows."""
    artifact_folder: str | None = None
    """The folder where ``package.artifact`` names pyreq-tui's own artifact; ``None`` where it names none."""


class WrittenKey(NamedTuple):
    """A key of one of the maps that packaging reads."""

    path: tuple[str, ...]
    """From the top of the file; its last is the key itself."""
    where: Where
    value: ScalarValue
    """As it is written, with its variables; ``None`` for lists, maps and aliases."""


@dataclass(frozen=True)
class Service:
    """What one serverless.yml describes."""

    name: str
    root: Path
    """The folder of the configuration file, absolute."""
    config_file: Path
    """Absolute."""
    provider: str
    runtime: str | None
    architecture: str
    stage: str
    enabled: bool
    """Whether there is something to do: the Framework's Python support is active (the block is there and not
    ``enabled: false``), or pyreq-tui's artifacts stand in for it."""
    reason: str | None
    """Why it is not enabled."""
    options: Options
    functions: tuple[Function, ...]
    patterns: tuple[str, ...]
    """The service's ``package.patterns`` (and ``include``/``exclude`` rewritten as patterns), in order."""
    individually: bool
    layer_paths: tuple[str, ...]
    """Folders of the service's own ``layers``, which the Framework leaves out of functions."""
    uses_dotenv: bool
    """``useDotenv: true``: the Framework then leaves ``.env*`` files out."""
    problems: tuple[Finding, ...]
    """Everything worth saying that did not stop the reading."""
    layer_folder: str | None = None
    """The folder where the layer of requirements names pyreq-tui's own artifact; ``None`` where none does."""
    excluded: tuple[str, ...] = ()
    """The first of ``patterns``: those that ``exclude`` gave."""
    plugins: tuple[str, ...] = ()
    """The Framework plugins it names."""
    plugins_path: tuple[str, ...] = ("plugins",)
    """The keys that lead to their list."""
    has_block: bool = True
    """Whether ``custom.pythonRequirements`` is written and not empty."""
    framework_version: str | None = None
    """``frameworkVersion`` as it is written: a version, or a range of them."""
    keys: tuple[WrittenKey, ...] = ()
    """The keys of the service, its provider, its functions and their ``package``, wherever they stand."""
    docker: Literal["auto"] | None = None
    """``custom.pyreq.docker``: a container only for what has no wheel, whatever ``dockerizePip`` says."""
    budgets: tuple[BudgetRule, ...] = ()
    """What its artifacts and imports may take."""
    inputs: Inputs = field(default_factory=Inputs, repr=False, compare=False)
    """What its variables were resolved with."""

    @property
    def is_handed_over(self) -> bool:
        """Whether a function, or the layer, names pyreq-tui's own artifact as its ``package.artifact``."""
        return any(self._artifact_folders())

    @property
    def output(self) -> Path:
        """Where artifacts are written: where serverless.yml expects them, or else ``.serverless``."""
        return self.root / next(filter(None, self._artifact_folders()), BUILD_FOLDER)

    def _artifact_folders(self) -> Iterator[str | None]:
        yield from (function.artifact_folder for function in self.functions if function.packaged)
        yield self.layer_folder

    def patterns_of(self, function: Function) -> tuple[str, ...]:
        """The patterns that decide what an individually packaged function ships, in the Framework's order.

        Both levels' ``exclude`` come before both levels' ``include`` and ``patterns``.
        """
        own = function.patterns[len(function.excluded) :]
        return self.excluded + function.excluded + self.patterns[len(self.excluded) :] + own

    def check_functions(self, names: Collection[str]) -> None:
        """Raise PyreqError, with the names there are, for a function that does not exist."""
        known = sorted(function.name for function in self.functions)
        for name in names:
            if name not in known:
                raise PyreqError(
                    f"There is no function {name!r}.",
                    where=Where(self.config_file),
                    hint=f"The functions are: {', '.join(known) or 'none'}.",
                )

    def with_overrides(self, overrides: Mapping[str, object]) -> Service:
        """The same service with options changed for this run; keys and values as YAML would give them.

        Without a block in the file, or with an empty one, an override activates the Framework's Python
        support for this run.
        Raises PyreqError for an unknown key or a value of the wrong type.
        """
        if not overrides:
            return self
        options = self.options.override(overrides)
        is_asked_for = "enabled" in overrides or not self.has_block
        enabled = options.enabled if is_asked_for else self.enabled
        reason = None if enabled else self.reason or "enabled is overridden with false"
        changed = replace(self, options=options, enabled=enabled, reason=reason)
        return changed._with_conflicts_of(self)

    def with_docker(self, docker: Literal["auto"] | None) -> Service:
        """The same service with ``custom.pyreq.docker`` changed for this run."""
        return replace(self, docker=docker)._with_conflicts_of(self)

    def _with_conflicts_of(self, before: Service) -> Service:
        """The same service with what does not go together in it, in place of what did not in ``before``."""
        conflicts = self.options.conflicts(is_docker_auto=self.docker == "auto")
        gone = before.options.conflicts(is_docker_auto=before.docker == "auto")
        codes = {finding.code for finding in (*gone, *conflicts)}
        kept = tuple(finding for finding in self.problems if finding.code not in codes)
        return replace(self, problems=kept + conflicts)
