"""From a PEP 751 lock to the one file of each package that serves the Target."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packaging.markers import InvalidMarker, Marker
from packaging.pylock import Package, Pylock, PylockUnsupportedVersionError, PylockValidationError
from packaging.tags import Tag, create_compatible_tags_selector
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.locks.model import Pin, Unbuilt, WheelFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packaging.pylock import PackageArchive, PackageSdist, PackageWheel

    from pyreq_tui.locks.target import Target


@dataclass(frozen=True)
class Selection:
    """What a lock gives for a Target."""

    pins: tuple[Pin, ...]
    """Sorted by name."""
    unloadable: Mapping[str, str]
    """Packages with wheels of which none loads on the Target: name, and the version that was locked."""


def select(
    pylock: str,
    target: Target,
    *,
    base: Path,
    hashes: Mapping[str, frozenset[str]] | None = None,
    where: Where | None = None,
    places: Mapping[str, Where] | None = None,
    is_final: bool = True,
) -> Selection:
    """Choose for each package that the Target needs: a wheel, by the order of its tags, or what to build.

    ``base`` is where relative paths start. ``hashes`` allows, by package, only files with one of its
    ``algorithm:digest``. ``places`` says where a package was asked for, ``where`` what to name otherwise. A
    package that has neither a wheel that loads nor anything to build is an error, unless the selection is not
    the final one: then it is only listed as unloadable. Raises PyreqError.
    """
    lock, sourceless = _read(pylock, where)
    _check_environment(lock, target, where)
    environment: dict[str, str | frozenset[str]] = {
        **target.environment(),
        "extras": frozenset(),
        "dependency_groups": frozenset(lock.default_groups or ()),
    }
    pins: dict[str, Pin] = {}
    unloadable: dict[str, str] = {}
    for package in lock.packages:
        if package.marker is not None and not package.marker.evaluate(environment, context="lock_file"):
            continue
        if package.name in pins or package.name in unloadable:
            raise PyreqError(f"The lock holds {package.name} twice for {target}.", where=where)
        allowed = (hashes or {}).get(package.name, frozenset())
        place = (places or {}).get(package.name, where)
        pin, is_unloadable = _pin(package, target, base, allowed, place)
        if is_unloadable:
            unloadable[package.name] = str(package.version or "")
        if pin is not None:
            pins[package.name] = pin
        elif is_final:
            raise _nothing_loads(package, target, place)
    for name, marker in sourceless.items():
        if name not in pins and (marker is None or marker.evaluate(environment, context="lock_file")):
            raise PyreqError(
                f"{name} has no file for Python {target.python[0]}.{target.python[1]} at all.",
                hint="Lock it for the Python of the runtime, or choose another version of it.",
                where=where,
            )
    return Selection(tuple(pins[name] for name in sorted(pins)), unloadable)


def _read(pylock: str, where: Where | None) -> tuple[Pylock, Mapping[str, Marker | None]]:
    """The lock, and packages it has no file for (uv leaves out what ``requires-python`` rules out)."""
    try:
        data = tomllib.loads(pylock)
        packages = data.get("packages")
        sourceless: dict[str, Marker | None] = {}
        if isinstance(packages, list):
            for package in [package for package in packages if _is_sourceless(package)]:
                packages.remove(package)
                marker = package.get("marker")
                sourceless[canonicalize_name(package["name"])] = Marker(marker) if marker else None
        return Pylock.from_dict(data), sourceless
    except (
        tomllib.TOMLDecodeError,
        RecursionError,
        InvalidMarker,
        PylockValidationError,
        PylockUnsupportedVersionError,
        TypeError,  # a marker that is no text
    ) as error:
        raise PyreqError(f"The lock is not a valid pylock.toml: {error}.", where=where) from error


def _is_sourceless(package: object) -> bool:
    if not isinstance(package, dict) or not isinstance(package.get("name"), str):
        return False
    return not {"wheels", "sdist", "vcs", "directory", "archive"} & set(package)


def _check_environment(lock: Pylock, target: Target, where: Where | None) -> None:
    if lock.requires_python is not None and not lock.requires_python.contains(target.python_full_version):
        raise PyreqError(
            f"The lock is for Python {lock.requires_python}, not for {target.runtime}.",
            hint="Widen requires-python and lock again, or change the runtime.",
            where=where,
        )
    environment: dict[str, str | frozenset[str]] = {**target.environment()}
    if lock.environments and not any(marker.evaluate(environment) for marker in lock.environments):
        raise PyreqError(
            f"The lock is not for {target}: it names other environments.",
            hint="Lock again for Linux on this architecture.",
            where=where,
        )


def _pin(
    package: Package, target: Target, base: Path, allowed: frozenset[str], where: Where | None
) -> tuple[Pin | None, bool]:
    """The package's Pin, if it has one, and whether it has wheels of which none loads."""
    version = str(package.version) if package.version is not None else None
    if package.vcs is not None:
        url = package.vcs.url or _location(package.vcs.path, None, base)
        unbuilt = Unbuilt("vcs", url, package.vcs.commit_id, package.vcs.subdirectory)
        return Pin(package.name, version, unbuilt=unbuilt), False
    if package.directory is not None:
        folder = str(_path(package.directory.path, base))
        unbuilt = Unbuilt("directory", folder, subdirectory=package.directory.subdirectory)
        return Pin(package.name, version, unbuilt=unbuilt), False
    if package.archive is not None:
        return _archive(package, package.archive, target, base, allowed, where), False
    wheels = [wheel for wheel in package.wheels or () if _is_allowed(wheel.hashes, allowed)]
    sdist = package.sdist if package.sdist and _is_allowed(package.sdist.hashes, allowed) else None
    if not wheels and sdist is None:
        raise PyreqError(
            f"No file of {package.name} {version} has one of the hashes that its requirement allows.",
            hint="The release may have got new files, or the index may serve others: pin the hashes again.",
            where=where,
        )
    best = _best(wheels, target.tags())
    if best is not None:
        return Pin(package.name, version, wheel=_wheel(best, best.filename, base)), False
    unbuilt_sdist = _sdist(sdist, base, has_wheels=bool(wheels)) if sdist else None
    return (Pin(package.name, version, unbuilt=unbuilt_sdist) if unbuilt_sdist else None), bool(wheels)


def _archive(
    package: Package,
    archive: PackageArchive,
    target: Target,
    base: Path,
    allowed: frozenset[str],
    where: Where | None,
) -> Pin:
    """A direct reference to a file: it is that file or nothing."""
    version = str(package.version) if package.version is not None else None
    if not _is_allowed(archive.hashes, allowed):
        raise PyreqError(
            f"The file of {package.name} does not have the hash that its requirement allows.",
            hint="Check where it comes from before changing the hash.",
            where=where,
        )
    url = _location(archive.path, archive.url, base)
    filename = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    if not filename.endswith(".whl"):
        unbuilt = Unbuilt(
            "sdist", url, None, archive.subdirectory, archive.hashes.get("sha256"), archive.size
        )
        return Pin(package.name, version, unbuilt=unbuilt)
    if not set(target.tags()) & _file_tags(filename):
        raise _nothing_loads(package, target, where, filename)
    return Pin(package.name, version, wheel=_wheel(archive, filename, base))


def _best(wheels: Sequence[PackageWheel], tags: Sequence[Tag]) -> PackageWheel | None:
    candidates = ((wheel, _file_tags(wheel.filename)) for wheel in wheels)
    return next(iter(create_compatible_tags_selector(tags)(candidates)), None)


def _file_tags(filename: str) -> frozenset[Tag]:
    try:
        return parse_wheel_filename(filename)[-1]
    except InvalidWheelFilename:
        return frozenset()


def _wheel(file: PackageWheel | PackageArchive, filename: str, base: Path) -> WheelFile:
    url = _location(file.path, file.url, base)
    return WheelFile(filename, url, _sha256(file.hashes), _size(file.size, url))


def _sdist(sdist: PackageSdist, base: Path, *, has_wheels: bool) -> Unbuilt:
    url = _location(sdist.path, sdist.url, base)
    size_bytes = _size(sdist.size, url)
    return Unbuilt("sdist", url, sha256=_sha256(sdist.hashes), size_bytes=size_bytes, has_wheels=has_wheels)


def _location(path: str | None, url: str | None, base: Path) -> str:
    return url or _path(path or "", base).as_uri()


def _path(path: str, base: Path) -> Path:
    return (base / path.replace("\\", "/")).resolve()


def _size(size_bytes: int | None, url: str) -> int | None:
    """What the lock says, or what a local file has."""
    if size_bytes is not None or not url.startswith("file:"):
        return size_bytes
    # Here, for urllib.request brings http.client and email along, which most runs can do without.
    from urllib.request import url2pathname

    file = Path(url2pathname(urlsplit(url).path))
    return file.stat().st_size if file.is_file() else None


def _sha256(hashes: Mapping[str, str]) -> str | None:
    digest = hashes.get("sha256", "").lower()
    return digest if re.fullmatch(r"[0-9a-f]{64}", digest) else None


def _is_allowed(hashes: Mapping[str, str], allowed: frozenset[str]) -> bool:
    return not allowed or any(f"{name}:{digest.lower()}" in allowed for name, digest in hashes.items())


def _nothing_loads(
    package: Package, target: Target, where: Where | None, filename: str | None = None
) -> PyreqError:
    """Says what there is, so that it can be seen what is missing."""
    filenames = [filename] if filename else [wheel.filename for wheel in package.wheels or ()]
    tags = {str(tag) for name in filenames for tag in _file_tags(name)}
    shown = sorted(tags)[:8] + (["…"] if len(tags) > 8 else [])
    glibc = ".".join(map(str, target.glibc))
    return PyreqError(
        f"{package.name} {package.version or ''} has no wheel that loads on {target} (glibc {glibc}), "
        f"and no source to build one from. It has wheels for: {', '.join(shown)}.",
        hint="Allow another version of it, or change the runtime or the architecture.",
        where=where,
    )
