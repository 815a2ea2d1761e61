"""What uv says when it finds no answer, told to the person who has to act on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from packaging.utils import canonicalize_name

from pyreq_tui.errors import BuildError, PyreqError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.errors import Where
    from pyreq_tui.locks.target import Target
    from pyreq_tui.processes import ProcessError
    from pyreq_tui.sources import Requirement

LINES_SHOWN = 24
"""Of uv's explanation: its end, where the cause stands."""
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning)\b(?::|$)")
"""The last line of a traceback."""
_PIP_PROGRESS = re.compile(
    r"(?:Looking in|Processing|Collecting|Obtaining|Downloading|Using cached|Requirement already"
    r"|Usage:|\S+ -m pip install \[options\]"
    r"|Installing build|Getting requirements|Preparing metadata|INFO:|note:|\[end of output\])"
)
"""What pip says on its way."""
_PIP_TAKES_WHEELS_ONLY = (
    "pip takes only wheels for another platform than its own: with dockerizePip: true it may build as well."
)
_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")


class _Cause(NamedTuple):
    """How to tell a cause, whose fault it is, what happened, and what to do."""

    pattern: str
    kind: type[PyreqError]
    what: str
    hint: str


_CAUSES = (
    _Cause(
        r"no such option:|unexpected argument '",
        PyreqError,
        "The installer does not know an argument",
        "Correct pipCmdExtraArgs, or use a release of the installer that has it.",
    ),
    _Cause(
        r"no space left|read-only file system|quota exceeded|failed to initialize cache|os error 13\b",
        BuildError,
        "uv can't write where it has to",
        "Make room there or give write access; cacheLocation moves the caches, TMPDIR the temporary files.",
    ),
    _Cause(
        r"network was disabled|not found in the cache|network connectivity is disabled",
        BuildError,
        "Not everything that is needed has been downloaded before",
        "Run once without --offline.",
    ),
    _Cause(
        r"\b401\b|\b403\b|unauthorized|forbidden|authentication|credentials",
        BuildError,
        "An index refused the request",
        "Check the user and password in the index URL, in .netrc or in the environment.",
    ),
    _Cause(
        r"git operation failed|failed to clone|git fetch",
        BuildError,
        "A repository could not be fetched",
        "Check its address, the branch or tag, and that git may read it.",
    ),
    _Cause(
        r"\b(?:404|410) (?:not found|gone|client error)",
        BuildError,
        "A file is gone from its index, or was never at that address",
        "Allow another version of it, lock again, or correct the URL.",
    ),
    _Cause(
        r"request failed|failed to fetch|dns error|connection (?:refused|reset)|timed out|sending request",
        BuildError,
        "The package index could not be reached",
        "Check the connection and the index URL; with --offline what was downloaded before is used.",
    ),
    _Cause(
        r"invalid package format|failed to read from zip|failed to extract archive|bad crc",
        BuildError,
        "A file is damaged, or broke off on its way",
        "Try again; if it stays so, choose another version of it, or tell whoever runs the index.",
    ),
    _Cause(
        r"failed to build|build backend|failed to prepare distributions|subprocess-exited-with-error",
        BuildError,
        "A package has to be built to tell what it needs, and that failed",
        "Choose a version that has a wheel, or install what its build needs.",
    ),
    _Cause(
        r"hash mismatch",
        PyreqError,
        "A file does not have the hash that is expected of it",
        "Check where it comes from before changing the hash.",
    ),
    _Cause(
        r"not found in the package registry|not found in the provided package locations",
        PyreqError,
        "A package does not exist where it was looked for",
        "Check the spelling, or add the index that has it (--extra-index-url).",
    ),
    _Cause(
        r"no wheels with a matching|no source distribution|no wheels are usable|no matching distribution",
        PyreqError,
        "A package has no file that serves",
        "Allow another version of it, or change the runtime or the architecture.",
    ),
    _Cause(
        r"does not satisfy Python|requires-python|current python version|requested python version",
        PyreqError,
        "A package is not for this Python",
        "Allow another version of it, or change the runtime.",
    ),
    _Cause(
        r"there (?:is|are) no versions? of|only \S+ is available and you require",
        PyreqError,
        "A version does not exist",
        "Check the number, or add the index that has it (--extra-index-url).",
    ),
    _Cause(
        r"no solution found|unsatisfiable|conflict",
        PyreqError,
        "The requirements contradict each other",
        "Loosen one of them.",
    ),
    _Cause(
        r"distribution not found at|file not found|no such file|be a python project|couldn't parse",
        PyreqError,
        "A requirement points to nothing that can be installed",
        "Correct the path or the URL.",
    ),
)
"""The first whose pattern is found counts."""
_NO_NEWS = ("warning:", "error: no solution found")
_UNKNOWN = _Cause("", BuildError, "uv could not resolve the requirements", "")


def explain(
    error: ProcessError, requirements: Sequence[Requirement], target: Target, *, tool: str = "uv"
) -> PyreqError:
    """A failure of uv or pip, explained: a PyreqError where the input is at fault, else a BuildError."""
    text, hints = _essence(error.output)
    flat = " ".join(" ".join((text, *hints)).split())  # uv breaks its lines where a terminal would end
    cause = next((cause for cause in _CAUSES if re.search(cause.pattern, flat, re.IGNORECASE)), _UNKNOWN)
    what = cause.what.replace("uv ", f"{tool} ", 1)
    said = "\n".join(f"    {line}" for line in text.splitlines())
    if tool == "pip" and "no matching distribution" in flat.lower():
        hints = (*hints, _PIP_TAKES_WHEELS_ONLY)
    advice = " ".join(part for part in (cause.hint, *hints) if part)
    return cause.kind(f"{what} ({target}):\n{said}", hint=advice or None, where=_where(text, requirements))


def _essence(output: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """uv's explanation without its labels, and its hints."""
    lines: list[str] = []
    hints: list[str] = []
    for line in output:
        bare = line.strip()
        if not bare or bare.lower().startswith(_NO_NEWS) or _PIP_PROGRESS.match(bare):
            continue
        if bare.startswith("hint:"):
            hints.append(bare.removeprefix("hint:").strip())
        else:
            lines.append(re.sub(r"^(?:error|cause):\s*", "", bare, flags=re.IGNORECASE))
    return "\n".join(_without_frames(lines)[-LINES_SHOWN:]), tuple(hints)


def _without_frames(lines: Sequence[str]) -> list[str]:
    """Without the frames of Python's tracebacks: where in a build tool it failed helps nobody here."""
    kept: list[str] = []
    in_traceback = False
    for line in lines:
        if line.startswith("Traceback (most recent call last)"):
            in_traceback = True
        elif in_traceback and _EXCEPTION.match(line):
            in_traceback = False
            kept.append(line)
        elif not in_traceback:
            kept.append(line)
    return kept or list(lines)


def _where(text: str, requirements: Sequence[Requirement]) -> Where | None:
    """The requirement whose URL uv names, or the first one that it names."""
    places = {
        requirement.name: requirement.where for requirement in reversed(requirements) if requirement.name
    }
    for requirement in requirements:
        if requirement.url and requirement.url in text:
            return requirement.where
    names = (canonicalize_name(match[0]) for match in _NAME.finditer(re.sub(r"[=<>!~]=?[\w.*]+", " ", text)))
    return next((places[name] for name in names if name in places), None)
