"""Poetry's version constraints (``^1.2``, ``~2``, ``>=1,<2 || >3``) in the words of PEP 440 and PEP 508.

The language is documented on https://python-poetry.org/docs/dependency-specification/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CLAUSE = re.compile(r"(?P<operator>\^|~=|~|===?|=|!=|<=|>=|<|>)?\s*(?P<version>[^\s,^~=!<>|]+)\s*,?\s*")
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class Constraint:
    """Versions that are allowed: those of any one of ``alternatives``."""

    alternatives: tuple[SpecifierSet, ...]

    def allows(self, version: Version) -> bool:
        """Whether ``version`` is one of them; a release that is no final one, too."""
        return any(alternative.contains(version, prereleases=True) for alternative in self.alternatives)

    @property
    def python_marker(self) -> str | None:
        """The marker for a Python of these versions; ``None`` for any Python."""
        if any(not len(alternative) for alternative in self.alternatives):
            return None
        return _either(_all_of(_python(clause) for clause in item) for item in self.alternatives)

    @property
    def other_python_marker(self) -> str | None:
        """The marker for a Python of none of these versions; ``None`` where there is no such Python."""
        if any(not len(alternative) for alternative in self.alternatives):
            return None
        return _all_of(
            f"({_either(_python(_opposite(clause)) for clause in item)})" for item in self.alternatives
        )


def parse_constraint(text: str) -> Constraint:
    """Read a constraint. Raises ValueError for what is none."""
    return Constraint(tuple(_alternative(part) for part in re.split(r"\|\|?", text)))


ANY = Constraint((SpecifierSet(),))


def _alternative(text: str) -> SpecifierSet:
    text = text.strip()
    clauses: list[str] = []
    position = 0
    while position < len(text):
        match = _CLAUSE.match(text, position)
        if match is None:
            raise ValueError(f"{text!r} is no version constraint")
        clauses += _clauses(match["operator"] or "", match["version"])
        position = match.end()
    return SpecifierSet(",".join(clauses))


def _clauses(operator: str, version: str) -> Iterator[str]:
    """One clause as PEP 440 writes it; a caret or a tilde becomes a range."""
    if operator in ("^", "~"):
        parsed = Version(version)
        end = _caret(parsed.release) if operator == "^" else _tilde(parsed.release)
        yield f">={parsed.public}"
        yield f"<{'.'.join(map(str, end))}"
    elif operator in ("", "=", "=="):
        if version != "*":
            yield f"=={version}"
    else:
        # PEP 440 knows local versions (+cpu) in no other comparison.
        yield f"{operator}{version if operator in ('!=', '===') else version.partition('+')[0]}"


def _caret(release: tuple[int, ...]) -> tuple[int, ...]:
    """The first version that a caret excludes: the leftmost number that is not 0 may not change."""
    index = next((index for index, number in enumerate(release) if number), len(release) - 1)
    return (*release[:index], release[index] + 1)


def _tilde(release: tuple[int, ...]) -> tuple[int, ...]:
    return (release[0] + 1,) if len(release) == 1 else (release[0], release[1] + 1)


def _python(clause: Specifier) -> str:
    """A clause on Python's version as a marker, by how exactly it is stated."""
    version = clause.version
    if version.endswith(".*") and version.count(".") == 2:
        version = version.removesuffix(".*")
    variable = "python_full_version" if version.removesuffix(".*").count(".") > 1 else "python_version"
    return f'{variable} {clause.operator} "{version}"'


def _opposite(clause: Specifier) -> Specifier:
    if clause.operator not in _OPPOSITE:
        raise ValueError(f"{clause} has no opposite")
    return Specifier(f"{_OPPOSITE[clause.operator]}{clause.version}")


def _all_of(markers: Iterable[str]) -> str:
    return " and ".join(markers)


def _either(markers: Iterable[str]) -> str:
    return " or ".join(markers)
