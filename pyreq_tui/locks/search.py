"""The newest versions whose files load on the Target, where uv knows only some of its platforms.

uv takes a release that has sources even where none of its wheels loads, and it knows no glibc between 2.17
and 2.28, where Amazon Linux 2 stands. So the first run sees every wheel there is; what seems to have sources
only is asked for again for all Pythons, for uv passes over wheels for others in silence. Where one of the
answers has wheels of which none loads, the next run, which sees only wheels that surely load, finds the
version to step back to; and one more, which sees everything again, answers with those versions pinned. Where
there is no such answer because something else needs a glibc that uv does not know, releases are ruled out one
by one.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Specification

from pyreq_tui.errors import Where
from pyreq_tui.locks.compile import Answer, Problem, Reach, compile_lock
from pyreq_tui.locks.select import Selection, select
from pyreq_tui.processes import ProcessError
from pyreq_tui.sizes import count
from pyreq_tui.sources import Requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pyreq_tui.processes import Cancel


ROUNDS_LIMIT = 12
"""How many releases are ruled out one by one before giving up; a round takes a fifth of a second."""


@dataclass(frozen=True)
class Search:
    """Looks for the answer to one problem."""

    problem: Problem
    cancel: Cancel
    on_line: Callable[[str], None]

    def answer(self) -> Answer:
        """Raises ProcessError where uv finds none, PyreqError where no file serves, BuildError, Cancelled."""
        self.on_line(f"Resolving {len(self.problem.requirements)} requirements for {self.problem.target}")
        pylock = self._compile("anything")
        passed_over = self._passed_over(self._select(pylock, is_final=False))
        if passed_over:
            names = ", ".join(f"{name} {version}" for name, version in sorted(passed_over.items()))
            self.on_line(f"No wheel loads on {self.problem.target} of {names}; looking for older releases")
            pylock = self._stepped_back(passed_over) or pylock
        pins = self._select(pylock).pins
        self.on_line(f"Resolved {count(len(pins), 'package')}")
        versions = {pin.name: pin.version for pin in pins}
        held_back = {
            name: newer for name, newer in passed_over.items() if versions.get(name) not in (newer, None)
        }
        return Answer(pins, tuple(sorted(held_back.items())))

    def _stepped_back(self, passed_over: Mapping[str, str]) -> str | None:
        """A lock with older releases of these packages; ``None`` where there is none."""
        versions = self._loadable_versions(sorted(passed_over))
        if versions:
            return self._try("anything", bounds=[f"{name}=={version}" for name, version in versions.items()])
        if self._try("loadable") is not None:
            return None  # everything else can be had: these packages have no release that loads
        return self._ruled_out(passed_over)

    def _ruled_out(self, passed_over: Mapping[str, str]) -> str | None:
        """A lock reached by forbidding what does not load, release by release."""
        forbidden: list[str] = []
        for _ in range(ROUNDS_LIMIT):
            forbidden += [f"{name}!={version}" for name, version in passed_over.items()]
            pylock = self._try("anything", bounds=forbidden)
            if pylock is None:
                return None
            passed_over = self._passed_over(self._select(pylock, is_final=False))
            if not passed_over:
                return pylock
        return None

    def _compile(self, reach: Reach, *, only_binary: Sequence[str] = (), bounds: Sequence[str] = ()) -> str:
        return compile_lock(
            self.problem, reach=reach, only_binary=only_binary, bounds=bounds, cancel=self.cancel
        )

    def _try(
        self, reach: Reach, *, only_binary: Sequence[str] = (), bounds: Sequence[str] = ()
    ) -> str | None:
        try:
            return self._compile(reach, only_binary=only_binary, bounds=bounds)
        except ProcessError:
            return None  # an attempt may fail: the first answer still stands

    def _select(self, pylock: str, *, is_final: bool = True) -> Selection:
        return select(
            pylock,
            self.problem.target,
            base=self.problem.folder,
            hashes=_hashes(self.problem.requirements),
            places=_places(self.problem.requirements),
            is_final=is_final,
        )

    def _passed_over(self, selection: Selection) -> Mapping[str, str]:
        """Packages to look for an older release of, with the version that does not serve."""
        candidates = {**selection.unloadable, **self._for_other_pythons(selection)}
        if self.problem.settings.prefer_binary:
            candidates |= {
                pin.name: pin.version
                for pin in selection.pins
                if pin.version and pin.unbuilt is not None and pin.unbuilt.kind == "sdist"
            }
        fixed = {
            requirement.name
            for requirement in (*self.problem.requirements, *self.problem.constraints)
            if requirement.url is not None or _is_exact(requirement)
        }
        return {name: version for name, version in candidates.items() if name not in fixed}

    def _for_other_pythons(self, selection: Selection) -> Mapping[str, str]:
        """Releases that seem to have sources only, because all their wheels are for newer Pythons.

        uv leaves such wheels out of its answer, and heeds only the lower bound of Requires-Python.
        """
        seeming = {
            pin.name: pin.version
            for pin in selection.pins
            if pin.version and pin.unbuilt is not None and pin.unbuilt.kind == "sdist"
        }
        if not seeming:
            return {}
        problem = replace(
            self.problem,
            requirements=tuple(_exactly(name, version) for name, version in seeming.items()),
            constraints=(),
            settings=replace(self.problem.settings, no_deps=True, constraints=()),
        )
        try:
            pylock = compile_lock(problem, reach="everywhere", cancel=self.cancel)
        except ProcessError:
            return {}  # an attempt may fail: then they are built
        packages = tomllib.loads(pylock).get("packages", [])
        having_wheels = {package["name"] for package in packages if package.get("wheels")}
        return {name: version for name, version in seeming.items() if name in having_wheels}

    def _loadable_versions(self, names: Sequence[str]) -> Mapping[str, str]:
        """The newest versions of which a wheel loads: of all ``names`` together, or of those that can."""
        found = self._versions(names)
        if found is not None or len(names) == 1:
            return found or {}
        stepping: list[str] = []
        for name in names:
            attempt = self._versions([*stepping, name])
            if attempt is not None:
                stepping.append(name)
                found = attempt
        return found or {}

    def _versions(self, names: Sequence[str]) -> Mapping[str, str] | None:
        pylock = self._try("loadable", only_binary=names)
        if pylock is None:
            return None
        pins = self._select(pylock, is_final=False).pins
        return {pin.name: pin.version for pin in pins if pin.name in names and pin.wheel and pin.version}


def _hashes(requirements: Sequence[Requirement]) -> Mapping[str, frozenset[str]]:
    """The hashes allowed for a package; several lines for it must all allow a file, as in pip."""
    allowed: dict[str, frozenset[str]] = {}
    for requirement in requirements:
        if requirement.name is not None and requirement.hashes:
            hashes = frozenset(requirement.hashes)
            allowed[requirement.name] = allowed.get(requirement.name, hashes) & hashes
    return allowed


def _places(requirements: Sequence[Requirement]) -> Mapping[str, Where]:
    return {
        requirement.name: requirement.where for requirement in requirements if requirement.name is not None
    }


def _exactly(name: str, version: str) -> Requirement:
    return Requirement(f"{name}=={version}", name, (), (), None, is_editable=False, where=Where(Path(name)))


def _is_exact(requirement: Requirement) -> bool:
    try:
        specifiers = Specification(requirement.text).specifier
    except InvalidRequirement:
        return False
    return any(
        specifier.operator == "===" or (specifier.operator == "==" and not specifier.version.endswith(".*"))
        for specifier in specifiers
    )
