"""Unpacks the requirements that ``zip: true`` ships as ``.requirements.zip``, and makes them importable.

Import it before anything that comes from the requirements. It does nothing where there is no
``.requirements.zip``, as on a developer's machine. Needs Python 3.6 and its standard library. Only one
process unpacks at a time; what one that was stopped left half done, or what another package left, is
removed by the next.
"""

# Every import delays a function's start, so pathlib stays out.
# ruff: noqa: PTH100, PTH101, PTH104, PTH109, PTH118, PTH120, PTH123

import binascii
import os
import shutil
import sys
import zipfile

TARGET = "/tmp/sls-py-req"  # noqa: S108 - under Lambda's one writable folder
MARKER = ".unpacked-from"
"""In the folder once it is whole: what it was unpacked from."""


def find_archive() -> str:
    """The nested zip: beside this file, in Lambda's task root or where the process runs; empty for none."""
    folders = [os.path.dirname(os.path.abspath(__file__)), os.getcwd()]
    if os.environ.get("IS_LOCAL") != "true":
        folders.insert(1, os.environ.get("LAMBDA_TASK_ROOT", ""))
    candidates = [os.path.join(folder, ".requirements.zip") for folder in folders if folder]
    return next(filter(os.path.isfile, candidates), "")


def identity(archive: str) -> str:
    """What tells one archive from another: its size, and a checksum of the directory at its end."""
    with open(archive, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 22, 0))
        directory_bytes = int.from_bytes(file.read()[12:16], "little")
        file.seek(max(size - 22 - directory_bytes, 0))
        return f"{size}-{binascii.crc32(file.read())}"


def is_unpacked(target: str, wanted: str) -> bool:
    """Whether the folder is whole, and from that archive."""
    try:
        with open(os.path.join(target, MARKER)) as marker:
            return marker.read() == wanted
    except OSError:
        return False


def unpack(archive: str, target: str, wanted: str) -> None:
    """Unpack beside the target, then rename: whoever looks sees all of it or nothing."""
    partial = target + ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    with zipfile.ZipFile(archive) as requirements:
        members = requirements.infolist()
        refuse_if_too_large(sum(member.file_size for member in members), os.path.dirname(target))
        requirements.extractall(partial)
        for member in members:
            if member.external_attr >> 16 & 0o100:
                os.chmod(os.path.join(partial, member.filename), 0o755)  # noqa: S103 - as the package has it
    with open(os.path.join(partial, MARKER), "w") as marker:
        marker.write(wanted)
    os.rename(partial, target)


def refuse_if_too_large(needed: int, folder: str) -> None:
    """Say what is wrong before a half-filled disk does."""
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise OSError(
            f"The requirements need {needed >> 20} MB in {folder}, where {free >> 20} MB are free. Raise the"
            " function's ephemeralStorageSize, or make the requirements smaller (slim, noDeploy, a layer)."
        )


def unpack_once(archive: str, target: str) -> None:
    """Unpack unless it has been done; the lock falls with the process that holds it."""
    wanted = identity(archive)
    if is_unpacked(target, wanted):
        return
    import fcntl

    with open(target + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_unpacked(target, wanted):
            unpack(archive, target, wanted)


if find_archive():
    unpack_once(find_archive(), TARGET)
    if TARGET not in sys.path:
        sys.path.insert(1, TARGET)
