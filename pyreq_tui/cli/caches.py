"""``clean``, ``clean-cache`` and ``cache``: what was left behind, and what is kept for next time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from click.exceptions import Exit

from pyreq_tui.build import (
    cache_folder,
    clear_caches,
    clear_docker,
    last_build,
    list_caches,
    prune_caches,
    verify_caches,
)
from pyreq_tui.build import clean as clean_service
from pyreq_tui.cli.messages import say
from pyreq_tui.cli.output import write_json, write_text
from pyreq_tui.cli.work import working
from pyreq_tui.errors import BuildError
from pyreq_tui.service import CONFIG_NAMES
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from pyreq_tui.build import Removed
    from pyreq_tui.cli.arguments import Arguments
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service


def clean(arguments: Arguments) -> None:
    """Remove what build and install left in .serverless, then print it."""
    removed = clean_service(arguments.load())
    write_text("\n".join(f"removed {path}" for path in removed) or "There was nothing to remove.")


def clean_cache(arguments: Arguments) -> None:
    """Remove everything that is kept, then print how much it was."""
    with working(arguments) as (_, cancel):
        removed = clear_caches(cache_folder(_service(arguments)), cancel=cancel)
        has_docker = any(each.kind == "docker" and each.count for each in removed)
        lines = [f"{name} of Docker" for name in _clear_docker(cancel)] if has_docker else []
    write_text("\n".join([*lines, _removed_text(removed)]))


def _clear_docker(cancel: Cancel) -> tuple[str, ...]:
    """What the engine kept; where it can't be reached that is said, and the rest is removed all the same."""
    try:
        return clear_docker(cancel)
    except BuildError as error:
        say(f"What Docker keeps for pyreq-tui stays: {error.message}")
        return ()


def list_cache(arguments: Arguments, *, as_json: bool) -> None:
    """Print what is kept."""
    service = _service(arguments)
    folder = cache_folder(service)
    kept = list_caches(folder)
    last = last_build(service, folder) if service else None
    if as_json:
        write_json(
            {
                "folder": str(folder),
                "kinds": [
                    {
                        "kind": each.kind,
                        "count": each.count,
                        "bytes": each.size_bytes,
                        "last_used": _moment(each.last_used),
                    }
                    for each in kept
                ],
                "bytes": sum(each.size_bytes for each in kept),
                "last_build": {"when": _moment(last.written), "reason": last.cause} if last else None,
            }
        )
        return
    lines = [str(folder)]
    for each in kept:
        used = f"last used {(_moment(each.last_used) or '')[:10]}" if each.count else ""
        lines.append(f"  {each.kind:<9} {each.count:>7}  {format_size(each.size_bytes):>9}  {used}".rstrip())
    lines.append(f"  in all {format_size(sum(each.size_bytes for each in kept))}")
    if last and service:
        cause = f", for: {last.cause}" if last.cause else ""
        lines.append(f"  {service.name} was last built anew on {(_moment(last.written) or '')[:10]}{cause}")
    write_text("\n".join(lines))


def prune_cache(arguments: Arguments, *, days: int) -> None:
    """Remove what no build used for ``days``, then print how much it was."""
    service = _service(arguments)
    with working(arguments) as (_, cancel):
        removed = prune_caches(
            cache_folder(service),
            days=days,
            max_versions=service.options.static_cache_max_versions if service else 0,
            cancel=cancel,
        )
    write_text(_removed_text(removed))


def verify_cache(arguments: Arguments) -> None:
    """Check what is kept; exit 1 where something was damaged."""
    with working(arguments) as (_, cancel):
        damaged = verify_caches(cache_folder(_service(arguments)), cancel=cancel)
    write_text("\n".join(f"damaged, removed: {path}" for path in damaged) or "ok: everything kept is whole")
    if damaged:
        raise Exit(1)


def _service(arguments: Arguments) -> Service | None:
    """The service whose ``cacheLocation`` counts; ``None`` where nothing was named and none is here."""
    is_named = str(arguments.path) != "." or arguments.config or arguments.overrides
    if not is_named and not any((arguments.path / name).is_file() for name in CONFIG_NAMES):
        return None
    return arguments.load()


def _moment(time: float | None) -> str | None:
    """In ISO 8601, for seconds since 1970."""
    return None if time is None else datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")


def _removed_text(removed: tuple[Removed, ...]) -> str:
    lines = [
        f"{each.kind}: {each.count} files, {format_size(each.size_bytes)}" for each in removed if each.count
    ]
    total = sum(each.size_bytes for each in removed)
    return "\n".join([*lines, f"removed {format_size(total)}" if lines else "There was nothing to remove."])
