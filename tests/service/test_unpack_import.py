"""The import that unpacks the nested zip goes before all others, and nothing else of the handler changes."""

from __future__ import annotations

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.service import with_unpacking

PUT = "try:\n    import unzip_requirements  # noqa: F401\nexcept ImportError:\n    pass\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import numpy\n", f"{PUT}\nimport numpy\n"),
        ("", PUT),
        ('"""Says."""\n\nimport a\n', f'"""Says."""\n\n{PUT}\nimport a\n'),
        ('"""Says."""', f'"""Says."""\n\n{PUT}'),
        (
            '"""Says."""\nfrom __future__ import annotations\nimport a\n',
            f'"""Says."""\nfrom __future__ import annotations\n\n{PUT}\nimport a\n',
        ),
        ("#!/bin/sh\n# coding: utf-8\nimport a\n", f"#!/bin/sh\n# coding: utf-8\n\n{PUT}\nimport a\n"),
        ("@a\ndef b(): pass\n", f"{PUT}\n@a\ndef b(): pass\n"),
        ("\ufeffimport a\n", f"\ufeff{PUT}\nimport a\n"),
        ("import a\r\nimport b\r\n", f"{PUT}\nimport a\nimport b\n".replace("\n", "\r\n")),
        ("'''a\fb'''\n\fimport a\n", f"'''a\fb'''\n\n{PUT}\n\fimport a\n"),
    ],
)
def test_the_import_comes_first_and_the_rest_stays(before: str, after: str) -> None:
    assert with_unpacking(before) == after
    assert with_unpacking(after) == after
    compile(after.removeprefix("\ufeff"), "handler.py", "exec")


@pytest.mark.parametrize(
    "text",
    [
        "import unzip_requirements\nimport numpy\n",
        "try:\n    import unzip_requirements\nexcept ImportError:\n    pass\n",
    ],
)
def test_a_handler_that_imports_it_is_left_alone(text: str) -> None:
    assert with_unpacking(text) == text


@pytest.mark.parametrize("text", ["print 'two'\n", "'Says.'; import numpy\n", "a = '\0'\n"])
def test_a_handler_that_cant_be_changed_safely_is_refused(text: str) -> None:
    with pytest.raises(PyreqError) as refused:
        with_unpacking(text)
    assert "by hand" in str(refused.value.hint)
