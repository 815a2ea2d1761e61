"""Makes real things for tests: wheels, projects."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    files: Mapping[str, bytes | str] | None = None,
    *,
    requires: Sequence[str] = (),
    extras: Sequence[str] = (),
    requires_python: str | None = None,
    tag: str = "py3-none-any",
    executables: Sequence[str] = (),
    compression: int = zipfile.ZIP_DEFLATED,
    headers: Sequence[str] = (),
) -> Path:
    """Write a valid wheel (PEP 427) into ``folder``, its path; ``files`` maps member names to bytes.

    ``headers`` are more lines of its METADATA.
    """
    distribution = name.replace("-", "_")
    info = f"{distribution}-{version}.dist-info"
    pure = "true" if tag.endswith("any") else "false"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    metadata += [f"Requires-Python: {requires_python}"] if requires_python else []
    metadata += [f"Provides-Extra: {extra}" for extra in extras]
    metadata += [f"Requires-Dist: {requirement}" for requirement in requires]
    metadata += headers
    members: dict[str, bytes] = {
        member: data.encode() if isinstance(data, str) else data
        for member, data in (files or {f"{distribution}/__init__.py": f"VERSION = {version!r}\n"}).items()
    }
    members[f"{info}/METADATA"] = ("\n".join(metadata) + "\n").encode()
    members[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: {pure}\nTag: {tag}\n".encode()
    )
    record = [
        f"{member},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}"
        for member, data in members.items()
    ]
    members[f"{info}/RECORD"] = ("\n".join([*record, f"{info}/RECORD,,"]) + "\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{distribution}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for member, data in members.items():
            entry = zipfile.ZipInfo(member, (2024, 1, 1, 0, 0, 0))
            entry.compress_type = compression
            entry.external_attr = (0o100755 if member in executables else 0o100644) << 16
            archive.writestr(entry, data)
    return path
