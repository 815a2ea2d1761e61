"""The words of setup: a Step asks, a Choice answers, Answers are what was chosen so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

StepKey = Literal[
    "runtime", "functions", "zips", "support", "source", "installer", "docker", "size", "unpack", "plugin"
]

Answers = Mapping[StepKey, frozenset[str]]
"""By step: the keys of what was chosen. A step that is not among them is at what it recommends."""


@dataclass(frozen=True)
class Choice:
    """One way to answer."""

    key: str
    title: str
    """What it comes to, in the words of serverless.yml where there are some: ``installer: uv``."""
    reason: str
    """What speaks for it, or what it risks; a line."""
    change_bytes: int | None = None
    """What it changes, unzipped; ``None`` where that is nothing, or not known."""
    is_exact: bool = True
    """Whether ``change_bytes`` is known: what stripping gives may have to be built first."""


@dataclass(frozen=True)
class Step:
    """One question, with what was found that bears on it."""

    key: StepKey
    title: str
    found: str
    """What is there, in a sentence or two."""
    choices: tuple[Choice, ...]
    recommended: frozenset[str]
    """The keys of what ``--yes`` takes."""
    unchanged: frozenset[str]
    """The keys that leave things as they are: what skipping takes."""
    takes_several: bool = False
    """Whether any number of choices may be taken together."""

    def chosen(self, answers: Answers) -> frozenset[str]:
        """What the answers say, or else what is recommended; only of what there is to choose."""
        given = answers.get(self.key)
        if given is None:
            return self.recommended
        known = given & {choice.key for choice in self.choices}
        return known if known or self.takes_several else self.recommended
