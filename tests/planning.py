"""Makes Plans of any size without an index: what the wheels hold is made up, all else is real."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pyreq_tui.build.materials import Materials
from pyreq_tui.build.outline import outline
from pyreq_tui.build.requirements import RequirementMaterials, Unit
from pyreq_tui.locks import Lock, Pin, WheelFile, target_for
from pyreq_tui.service import Service, load_service
from pyreq_tui.sources import Source
from pyreq_tui.wheels import Contents, Member, Store, dependency_graph
from tests.projects import SERVERLESS

if TYPE_CHECKING:
    from pathlib import Path


def synthetic(
    folder: Path, *, files: int, packages: int = 20, folders: int = 12
) -> tuple[Service, Materials]:
    """A service whose requirements come to ``files`` files, in ``packages`` packages of ``folders`` each."""
    (folder / "serverless.yml").write_text(SERVERLESS)
    service = load_service(folder)
    target = target_for("python3.12", "x86_64")
    store = Store(folder / "store")
    contents = {
        f"package-{number}": made_up(f"package_{number}", files // packages, folders)
        for number in range(packages)
    }
    wheels = {
        name: WheelFile(held.filename, f"https://index.invalid/{held.filename}", held.sha256, held.size_bytes)
        for name, held in contents.items()
    }
    lock = Lock(
        target=target,
        pins=tuple(Pin(name, "1.0", wheel) for name, wheel in sorted(wheels.items())),
        direct=tuple((name, ()) for name in contents),
    )
    known = RequirementMaterials(
        module=".",
        target=target,
        source=Source("requirements", ".", folder, folder / "requirements.txt", None, None),
        lock=lock,
        wheels=wheels,
        paths={name: store.wheel_path(wheel) for name, wheel in wheels.items()},
        contents=contents,
        unbuilt=(),
        graph=dependency_graph(lock, contents),
    )
    return service, Materials(
        service=service,
        cache=folder,
        store=store,
        outlines=outline(service),
        requirements={Unit(".", target): known},
        code={},
        vendored={},
        strippers={},
        stripped={},
        problems=(),
        bytes_fetched=0,
        seconds=0.0,
    )


def made_up(module: str, files: int, folders: int = 12) -> Contents:
    """A wheel of ``files`` files: a tenth of them tests, some stubs and libraries, and its dist-info."""
    members = []
    for number in range(files - 3):
        part = f"{module}/part{number % folders}"
        name = (
            f"{part}/tests/test_{number}.py"
            if number % 10 == 0
            else f"{part}/library_{number}.cpython-312-x86_64-linux-gnu.so"
            if number % 25 == 1
            else f"{part}/module_{number}.py{'i' if number % 9 == 2 else ''}"
        )
        size = 4_000 + (number * 7919) % 90_000
        members.append(Member(name, size, size // 3, number, 8, False, number * 40_000))
    members += [
        Member(f"{module}-1.0.dist-info/{name}", 900, 400, 1, 8, False, files * 40_000 + number)
        for number, name in enumerate(("METADATA", "WHEEL", "RECORD"))
    ]
    sha256 = hashlib.sha256(module.encode()).hexdigest()
    return Contents(f"{module}-1.0-py3-none-any.whl", sha256, files * 20_000, tuple(members), ())
