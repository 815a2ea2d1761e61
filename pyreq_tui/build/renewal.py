"""Takes out of the materials what the cache no longer has whole, so that it is made or fetched anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyreq_tui.build.user_files import read_code, read_vendored
from pyreq_tui.bundle import DeflatedBytes, NestedBytes, WheelBytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.model import Plan
    from pyreq_tui.build.requirements import RequirementMaterials
    from pyreq_tui.bundle import Entry
    from pyreq_tui.wheels import Store


def renewed(plan: Plan, materials: Materials) -> Materials | None:
    """``materials`` without what is gone from the cache or damaged in it; ``None`` where nothing is.

    Called when a build has failed: a disk that has lost a block, or a machine that went off while the cache
    was written, is no reason to ask for another try. Raises PyreqError and BuildError.
    """
    kept = {path for artifact in plan.artifacts for path in _kept(artifact.bundle.entries)}
    for path in kept:
        materials.store.drop_if_damaged(path)
    if all(path.exists() for path in kept):
        return None
    code, _ = read_code(materials.service, materials.outlines, materials.cache)
    return replace(
        materials,
        requirements={
            unit: _without_gone(known, materials.store) for unit, known in materials.requirements.items()
        },
        code=code,
        vendored=read_vendored(materials.service, materials.outlines, materials.cache),
        stripped={},
    )


def _kept(entries: Iterable[Entry]) -> set[Path]:
    """The files of the cache that ``entries`` are read from."""
    found: set[Path] = set()
    for source in {id(entry.source): entry.source for entry in entries}.values():
        match source:
            case WheelBytes(path):
                found.add(path)
            case DeflatedBytes(_, deflated):
                found.add(deflated)
            case NestedBytes(inner):
                found |= _kept(inner)
    return found


def _without_gone(known: RequirementMaterials, store: Store) -> RequirementMaterials:
    """What was built here has to be built again; what comes from an index is fetched in any case."""
    gone = {
        name for name, wheel in known.wheels.items() if store.is_own(wheel) and not known.paths[name].exists()
    }
    return replace(
        known,
        wheels={name: wheel for name, wheel in known.wheels.items() if name not in gone},
        paths={name: path for name, path in known.paths.items() if name not in gone},
        contents={name: contents for name, contents in known.contents.items() if name not in gone},
        unbuilt=(
            *known.unbuilt,
            *(pin for pin in (known.lock.pins if known.lock else ()) if pin.name in gone),
        ),
        bytecode={name: made for name, made in known.bytecode.items() if made.place.exists()},
    )
