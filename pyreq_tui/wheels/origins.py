"""Where what must be built comes from: brings an archive, a revision or a folder to a place of its own."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pyreq_tui import processes
from pyreq_tui.errors import BuildError, Cancelled, PyreqError
from pyreq_tui.redact import redact
from pyreq_tui.wheels.local import local_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyreq_tui.locks import Unbuilt
    from pyreq_tui.processes import Cancel
    from pyreq_tui.wheels.web import Web

_SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".svn", "__pycache__", ".eggs", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache"}
    | {".serverless", ".tox", ".venv", "node_modules"}
)
_SKIPPED_AT_THE_TOP = frozenset({"build", "dist"})
"""What an earlier build left there would be packed again; unless it is a package."""
_UV_READS = (".tar.gz", ".tgz", ".zip")
"""Archives that uv unpacks itself; others, and those without an ending, are unpacked here."""
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REVISION = re.compile(r"[0-9A-Za-z][\w./+-]*")


def fingerprint(unbuilt: Unbuilt) -> str | None:
    """What tells one state of the origin from another; ``None`` where nothing vouches for that."""
    if unbuilt.kind == "vcs":  # a branch or a tag may move
        return unbuilt.revision if unbuilt.revision and _COMMIT.fullmatch(unbuilt.revision) else None
    if unbuilt.sha256 is not None:
        return unbuilt.sha256
    path = _folder(unbuilt) if unbuilt.kind == "directory" else local_path(unbuilt.url)
    if path is None:
        return None
    digest = hashlib.sha256()
    try:
        files = project_files(path) if path.is_dir() else [("", path)]
        for name, file in files:
            with file.open("rb") as opened:
                content = hashlib.file_digest(opened, "sha256").hexdigest()
            is_executable = bool(file.stat().st_mode & 0o100)
            digest.update(f"{name}\0{is_executable:d}\0{content}\n".encode("utf-8", "surrogateescape"))
    except OSError:
        return None  # whoever builds it will say what is wrong
    return digest.hexdigest()


def project_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a project by POSIX path, in order; without caches, environments and version control.

    Links are followed, each folder once.
    """
    seen = {os.path.realpath(folder)}
    for root, folders, files in os.walk(folder, followlinks=True):
        at = Path(root)
        kept = []
        for name in sorted(folders):
            real = os.path.realpath(at / name)
            if not _is_skipped(at / name, is_top=at == folder) and real not in seen:
                seen.add(real)
                kept.append(name)
        folders[:] = kept
        for name in sorted(files):
            if name != ".git" and (at / name).is_file():
                yield (at / name).relative_to(folder).as_posix(), at / name


def bring_archive(unbuilt: Unbuilt, workshop: Path, *, web: Web, cancel: Cancel) -> Path:
    """Download an archive into ``workshop``, verified; its path, or that of the folder in it to build."""
    from pyreq_tui.wheels.transfer import Wanted, transfer

    filename = unquote(urlsplit(unbuilt.url).path.rpartition("/")[2])
    path = workshop / (re.sub(r"[^\w.+-]", "_", filename).lstrip(".") or "archive")
    wanted = Wanted(filename, unbuilt.url.partition("#")[0], unbuilt.sha256, unbuilt.size_bytes)
    transfer(wanted, path, web=web, stop=cancel, advance=lambda _: None)
    if unbuilt.subdirectory is None and path.name.endswith(_UV_READS):
        return path
    unpacked = workshop / "unpacked"
    try:
        if zipfile.is_zipfile(path):
            shutil.unpack_archive(path, unpacked, "zip")
        else:
            with tarfile.open(path) as archive:
                archive.extractall(unpacked, filter="data")
    except (tarfile.TarError, zipfile.BadZipFile, shutil.ReadError, EOFError) as error:
        raise BuildError(f"{redact(filename)} can't be unpacked: {error}.") from error
    tops = list(unpacked.iterdir())  # sdists have one folder at the top, other archives need not
    is_at_top = unbuilt.subdirectory is not None and (unpacked / unbuilt.subdirectory).is_dir()
    is_below = len(tops) == 1 and tops[0].is_dir() and not is_at_top
    return _subdirectory(tops[0] if is_below else unpacked, unbuilt)


def bring_revision(
    unbuilt: Unbuilt, workshop: Path, *, offline: bool, cancel: Cancel, on_line: Callable[[str], None]
) -> Path:
    """Clone a repository into ``workshop``, with the history that versions are made of; the folder to build.

    Raises BuildError where git is missing or fails.
    """
    url = unbuilt.url.removeprefix("git+")
    is_local = "://" not in url or url.startswith("file://")
    if offline and not is_local:
        raise BuildError(f"Offline, and {redact(url)} must be cloned.", hint="Run once without --offline.")
    revision = unbuilt.revision or "HEAD"
    if not _REVISION.fullmatch(revision):
        raise PyreqError(f"{redact(revision)!r} is not a revision of {redact(url)}.")
    clone = workshop / "clone"
    env = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}

    def git(*arguments: str) -> None:
        processes.run(["git", *arguments], cwd=workshop, env=env, on_line=on_line, cancel=cancel)

    partial = () if is_local else ("--filter=blob:none",)
    git("clone", "--quiet", "--no-checkout", *partial, "--", url, "clone")
    checkout = ("-C", "clone", "-c", "advice.detachedHead=false", "checkout", "--quiet", "--detach")
    try:
        git(*checkout, revision)
    except processes.ProcessError:  # a commit of no branch and no tag, a pull request's say
        git("-C", "clone", "fetch", "--quiet", "origin", revision)
        git(*checkout, "FETCH_HEAD")
    git("-C", "clone", "submodule", "--quiet", "update", "--init", "--recursive")
    return _subdirectory(clone, unbuilt)


def bring_folder(unbuilt: Unbuilt, workshop: Path, *, cancel: Cancel) -> Path:
    """Copy a project into ``workshop``, for build backends write into the folder they build."""
    folder = _folder(unbuilt)
    if not folder.is_dir():
        raise PyreqError(f"There is no folder {folder} to build.", hint="Correct its path, then lock again.")
    copy = workshop / "copy" / (folder.name or "project")
    copy.mkdir(parents=True)
    for name, file in project_files(folder):
        if cancel.is_set():
            raise Cancelled
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
    _lend_repository(folder / ".git", copy / ".git")
    return copy


def _lend_repository(git: Path, copy: Path) -> None:
    """Give a copy of a project its repository, which some backends ask for files and versions.

    As a worktree has it (gitrepository-layout): HEAD and index of its own, everything else in common. git
    rewrites an index when it looks at it, so the user's must not be the one.
    """
    if git.is_file():  # of a worktree or a submodule: names the repository, maybe relative to itself
        git = git.parent / git.read_text("utf-8").removeprefix("gitdir:").strip()
    if not (git / "HEAD").is_file():
        return
    copy.mkdir()
    for name in ("HEAD", "index"):
        if (git / name).is_file():
            shutil.copy2(git / name, copy)
    common = git / "commondir"
    shared = git / common.read_text("utf-8").strip() if common.is_file() else git
    (copy / "commondir").write_text(f"{shared.resolve()}\n", "utf-8")


def _folder(unbuilt: Unbuilt) -> Path:
    folder = local_path(unbuilt.url) or Path(unbuilt.url)
    return folder / unbuilt.subdirectory if unbuilt.subdirectory else folder


def _subdirectory(folder: Path, unbuilt: Unbuilt) -> Path:
    if unbuilt.subdirectory is None:
        return folder
    inner = (folder / unbuilt.subdirectory).resolve()
    if not inner.is_relative_to(folder.resolve()) or not inner.is_dir():
        raise PyreqError(f"{redact(unbuilt.url)} has no folder {unbuilt.subdirectory}.")
    return inner


def _is_skipped(folder: Path, *, is_top: bool) -> bool:
    name = folder.name
    return (
        name in _SKIPPED_FOLDERS
        or name.endswith(".egg-info")
        or (is_top and name in _SKIPPED_AT_THE_TOP and not (folder / "__init__.py").is_file())
        or (folder / "pyvenv.cfg").is_file()
    )
