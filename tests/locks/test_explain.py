"""What uv says, told again."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyreq_tui.errors import BuildError, PyreqError, Where
from pyreq_tui.locks import target_for
from pyreq_tui.locks.explain import explain
from pyreq_tui.processes import ProcessError
from pyreq_tui.sources.requirement import parse_requirement

REQUIREMENTS = tuple(
    parse_requirement(text, bases=(), where=Where(Path("requirements.txt"), number))
    for number, text in enumerate(("six==1.0", "Python_Dateutil", "numpy"), 1)
)


def told(*output: str) -> PyreqError:
    error = ProcessError("uv failed", exit_code=1, output=output)
    return explain(error, REQUIREMENTS, target_for("python3.12", "x86_64"))


@pytest.mark.parametrize(
    ("output", "kind", "message"),
    [
        (
            "error: Failed to fetch: `https://h/six/`\n  cause: HTTP error (401 Unauthorized)",
            BuildError,
            "refused",
        ),
        (
            "error: Failed to fetch: `https://h/six.whl`\n  cause: HTTP error (404 Not Found) for url",
            BuildError,
            "gone from its index",
        ),
        ("error: Request failed after 3 retries\n  cause: dns error", BuildError, "could not be reached"),
        ("error: Git operation failed\n  cause: failed to clone into: /x", BuildError, "repository"),
        ("error: Failed to build `numpy==1.0`\n  cause: exit status 1", BuildError, "to be built"),
        (
            "error: Failed to build `numpy==1.0`\n  cause: No space left on device (os error 28)",
            BuildError,
            "can't write",
        ),
        ("error: Git operation failed\n  cause: Permission denied (publickey)", BuildError, "repository"),
        (
            "error: x\n  cause: Because six==1.0 has an invalid package format\n  cause: Failed to read zip",
            BuildError,
            "damaged",
        ),
        ("error: Hash mismatch for `six==1.0`", PyreqError, "hash"),
        (
            "error: x\n  cause: the Python version does not satisfy Python>=3.13",
            PyreqError,
            "not for this Python",
        ),
        ("error: something nobody has seen", BuildError, "could not resolve"),
    ],
)
def test_whose_fault_it_is(output: str, kind: type[PyreqError], message: str) -> None:
    error = told(*output.splitlines())
    assert type(error) is kind
    assert message in error.message
    assert "python3.12 on x86_64" in error.message


def test_the_explanation_is_kept_without_its_labels() -> None:
    error = told(
        "warning: not this",
        "error: No solution found when resolving dependencies",
        "  cause: Because there is no version of",
        "         python-dateutil==99 …",
        "",
        "hint: Try another.",
    )
    assert error.message.splitlines()[1:] == [
        "    Because there is no version of",
        "    python-dateutil==99 …",
    ]
    assert error.hint is not None
    assert error.hint.endswith("Try another.")
    assert error.where == Where(Path("requirements.txt"), 2)


def test_a_build_tools_frames_are_left_out_and_its_exception_is_kept() -> None:
    error = told(
        "error: Failed to build `numpy==1.0`",
        "  cause: The build backend returned an error",
        "         [stderr]",
        "         Traceback (most recent call last):",
        '           File "<string>", line 14, in <module>',
        "             run_setup()",
        "             ^^^^^^^^^^^",
        "         ImportError: cannot import name 'Feature' from 'setuptools'",
    )
    assert error.message.splitlines()[1:] == [
        "    Failed to build `numpy==1.0`",
        "    The build backend returned an error",
        "    [stderr]",
        "    ImportError: cannot import name 'Feature' from 'setuptools'",
    ]


def test_a_url_tells_the_line_even_where_its_path_names_another_package() -> None:
    url = "file:///gone/numpy/tomli-1.0-py3-none-any.whl"
    line = parse_requirement(f"tomli @ {url}", bases=(), where=Where(Path("requirements.txt"), 4))
    output = (f"error: Distribution not found at: {url}",)
    error = explain(
        ProcessError("uv failed", exit_code=1, output=output),
        (*REQUIREMENTS, line),
        target_for("python3.12", "x86_64"),
    )
    assert error.where == Where(Path("requirements.txt"), 4)
