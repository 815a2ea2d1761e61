"""One package of a lock, as a requirement that nothing else answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from packaging.utils import canonicalize_name
from packaging.version import Version

from pyreq_tui.sources.arguments import HASHES
from pyreq_tui.sources.lines import SHORTEST_SECRET
from pyreq_tui.sources.requirement import is_url, parse_requirement
from pyreq_tui.sources.specification import parse_marker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.errors import Where
    from pyreq_tui.sources.model import Requirement

DEFAULT_INDEX = re.compile(r"https://pypi\.(?:org|python\.org)/simple/?")
"""Where packages come from unless something else is said; the machine may be configured otherwise."""
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|(?P<bare>\w+))")
_SCP = re.compile(r"(?P<user>[\w.-]+@)?(?P<host>[\w.-]+):(?!//)(?P<path>[^\s]+)")


def pinned(
    name: str,
    reference: str,
    *,
    extras: Iterable[str] = (),
    marker: str | None = None,
    hashes: Iterable[str] = (),
    base: Path,
    where: Where,
) -> Requirement:
    """The requirement for a package at ``reference``: ``==1.0``, or ``@`` and a URL.

    Relative paths start at ``base``. Hashes that pip takes for weak do not count. Raises ValueError.
    """
    name = canonicalize_name(name, validate=True)
    wanted = f"[{','.join(sorted(extras))}]" if extras else ""
    guard = f" ; {parse_marker(marker)}" if marker else ""
    separator = " " if reference.startswith("@") else ""
    return parse_requirement(
        f"{name}{wanted}{separator}{reference}{guard}",
        bases=(base,),
        where=where,
        hashes=[value.lower() for value in hashes if value.partition(":")[0].lower() in HASHES],
    )


def version_reference(version: str) -> str:
    """``==`` and the version. Raises ValueError for what is none."""
    return f"=={Version(version)}"


def vcs_reference(kind: str, url: str, revision: str | None, subdirectory: str | None) -> str:
    """A repository at a revision. ``git@host:path``, as git itself writes it, becomes a URL."""
    url = url.removeprefix(f"{kind}+")
    if "://" not in url and (match := _SCP.fullmatch(url)):
        url = f"ssh://{match['user'] or ''}{match['host']}/{match['path'].lstrip('/')}"
    at = f"@{quote(revision, safe='/')}" if revision else ""
    part = f"#subdirectory={quote(subdirectory)}" if subdirectory else ""
    return f"@ {kind}+{_plain(url)}{at}{part}"


def url_reference(url: str, subdirectory: str | None = None) -> str:
    """A file on the network."""
    part = f"#subdirectory={quote(subdirectory)}" if subdirectory else ""
    return f"@ {_plain(url)}{part}"


def path_reference(path: str, subdirectory: str | None = None) -> str:
    """A file or a folder, from where the lock stands."""
    if is_url(path):
        return url_reference(path, subdirectory)
    part = f"#subdirectory={quote(subdirectory)}" if subdirectory else ""
    return f"@ file:{quote(path)}{part}"


def filled(
    url: str, environment: Mapping[str, str], *, takes_bare: bool = False
) -> tuple[str, frozenset[str]]:
    """A URL with ``${NAME}`` filled in, and the secrets that came into it; ``takes_bare``: ``$NAME``, too.

    What is not set stays as it is written.
    """
    values = set[str]()

    def value(match: re.Match[str]) -> str:
        found = environment.get(match["braced"] or match["bare"]) if match["braced"] or takes_bare else None
        values.update([found] if found and len(found) >= SHORTEST_SECRET else [])
        return found or match[0]

    return _VARIABLE.sub(value, url), frozenset(values)


def index_options(urls: Sequence[str], *, is_everything: bool) -> tuple[str, ...]:
    """What tells the resolver of a lock's indexes. The usual one is left to the machine's configuration.

    ``is_everything``: nothing comes from anywhere else, so the first stands in place of the usual one.
    """
    is_replaced = is_everything and bool(urls) and not DEFAULT_INDEX.fullmatch(urls[0])
    options: list[str] = []
    for url in urls:
        if is_replaced or not DEFAULT_INDEX.fullmatch(url):
            options += ["--extra-index-url" if options or not is_replaced else "--index-url", url]
        parts = urlsplit(url)
        if parts.scheme == "http":
            options += ["--trusted-host", parts.netloc.rpartition("@")[2]]
    return tuple(options)


def text(data: Mapping[str, object], key: str) -> str:
    """A text that has to be there. Raises ValueError."""
    value = data.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} is missing" if value is None else f"{key} is no text")  # noqa: TRY004 - one kind of error for hostile input
    return value


def optional_text(data: Mapping[str, object], key: str) -> str | None:
    """A text; ``None`` where there is none. Raises ValueError for anything else."""
    return None if data.get(key) in (None, "") else text(data, key)


def _plain(url: str) -> str:
    """A URL without what would end it: blanks and quotes are encoded."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")
