"""What grew, shrank, appeared or went between two sets of artifacts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.build.model import ArtifactKind, Plan

State = Literal["new", "gone", "grew", "shrank", "same"]


class Measure(NamedTuple):
    """What a package, or a whole artifact, came to."""

    version: str
    """Empty for what has none."""
    unzipped_bytes: int
    zipped_bytes: int


@dataclass(frozen=True)
class ArtifactSizes:
    """What one artifact came to, package by package; small enough to be kept with every build."""

    name: str
    filename: str
    kind: ArtifactKind
    whole: Measure
    packages: Mapping[str, Measure]

    @property
    def identity(self) -> tuple[str, str]:
        """What is the same artifact of another stage or branch, though its file may be called otherwise."""
        return self.kind, self.name if self.kind == "function" else ""


Sizes: TypeAlias = tuple[ArtifactSizes, ...]


@dataclass(frozen=True)
class Change:
    """One package, or one artifact, before and after; ``None`` where it was not there."""

    name: str
    before: Measure | None
    after: Measure | None

    @property
    def unzipped_change_bytes(self) -> int:
        """How much it grew; below 0 where it shrank."""
        return _bytes(self.after)[0] - _bytes(self.before)[0]

    @property
    def zipped_change_bytes(self) -> int:
        """The same of what is uploaded."""
        return _bytes(self.after)[1] - _bytes(self.before)[1]

    @property
    def state(self) -> State:
        """In a word; another version of the same size is the same."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        change = self.unzipped_change_bytes or self.zipped_change_bytes
        return "grew" if change > 0 else "shrank" if change < 0 else "same"


@dataclass(frozen=True)
class ArtifactChange:
    """One artifact before and after, and what changed in it."""

    filename: str
    kind: ArtifactKind
    whole: Change
    packages: tuple[Change, ...]
    """Those that changed, in size or version: what grew most first, what shrank most last."""


def sizes_of(plan: Plan) -> Sizes:
    """What the artifacts of a Plan come to."""
    return tuple(
        ArtifactSizes(
            artifact.name,
            artifact.filename,
            artifact.kind,
            Measure("", artifact.unzipped_bytes, artifact.zipped_bytes),
            {
                package.name: Measure(package.version, package.unzipped_bytes, package.zipped_bytes)
                for package in artifact.packages
            },
        )
        for artifact in plan.artifacts
    )


def compare_sizes(before: Sizes, after: Sizes) -> tuple[ArtifactChange, ...]:
    """What changed from ``before`` to ``after``, artifact by artifact: what grew most first."""
    was = {sizes.identity: sizes for sizes in before}
    now = {sizes.identity: sizes for sizes in after}
    changes = [_compare(was.get(identity), now.get(identity)) for identity in {**now, **was}]
    return tuple(sorted(changes, key=lambda change: _rank(change.whole)))


def only_those_of(sizes: Sizes, others: Sizes) -> Sizes:
    """Those whose artifact is among ``others``: where functions were chosen, the rest is not gone."""
    wanted = {other.identity for other in others}
    return tuple(each for each in sizes if each.identity in wanted)


def _compare(before: ArtifactSizes | None, after: ArtifactSizes | None) -> ArtifactChange:
    known = after or before
    assert known is not None  # noqa: S101 - an identity comes from one of the two
    was, now = before.packages if before else {}, after.packages if after else {}
    packages = (Change(name, was.get(name), now.get(name)) for name in {**now, **was})
    return ArtifactChange(
        filename=known.filename,
        kind=known.kind,
        whole=Change(known.name, before.whole if before else None, after.whole if after else None),
        packages=tuple(sorted((each for each in packages if each.before != each.after), key=_rank)),
    )


def _rank(change: Change) -> tuple[int, int, str]:
    return -change.unzipped_change_bytes, -change.zipped_change_bytes, change.name


def _bytes(measure: Measure | None) -> tuple[int, int]:
    return (measure.unzipped_bytes, measure.zipped_bytes) if measure else (0, 0)


def plain_sizes(sizes: Sizes) -> list[dict[str, object]]:
    """``sizes`` as JSON would have them, to be kept."""
    return [
        {
            "name": each.name,
            "filename": each.filename,
            "kind": each.kind,
            "whole": list(each.whole),
            "packages": {name: list(measure) for name, measure in each.packages.items()},
        }
        for each in sizes
    ]


def read_sizes(kept: object) -> Sizes | None:
    """What ``plain_sizes`` made; ``None`` for anything else."""
    try:
        return tuple(_read(each) for each in _items(kept))
    except (TypeError, ValueError, KeyError):
        return None


def _read(kept: object) -> ArtifactSizes:
    if not isinstance(kept, Mapping):
        raise TypeError(kept)
    kind = kept["kind"]
    if kind not in ("service", "function", "layer"):
        raise ValueError(kind)
    packages = {str(name): _measure(measure) for name, measure in dict(kept["packages"]).items()}
    return ArtifactSizes(str(kept["name"]), str(kept["filename"]), kind, _measure(kept["whole"]), packages)


def _measure(kept: object) -> Measure:
    version, unzipped_bytes, zipped_bytes = _items(kept)
    return Measure(str(version), int(str(unzipped_bytes)), int(str(zipped_bytes)))


def _items(kept: object) -> Sequence[object]:
    if not isinstance(kept, list):
        raise TypeError(kept)
    return kept
