"""What must never be shown, and what must stay readable."""

from __future__ import annotations

import pytest

from pyreq_tui.redact import redact


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://user:hunter2@host/simple",
        "--extra-index-url https://hunter2@host/simple",
        "PIP_PASSWORD: hunter2",
        'password = "hunter2 and more"',
        "{'api_key': 'hunter2'}",
        "AWS_SECRET_ACCESS_KEY=hunter2",
        "Authorization: Bearer hunter2.hunter2",
        "Authorization: Basic hunter2==",
        "--config=token=hunter2",
        "a=b&access_key=hunter2",
    ],
)
def test_secrets_do_not_survive(text: str) -> None:
    assert "hunter2" not in redact(text)
    assert "***" in redact(text)
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "git+ssh://git@github.com/team/project@v1",
        "https://host/simple/project",
        "numpy==2.3.4 --hash=sha256:abc",
        "basic authentication failed",
        "tokenizers 0.22 was built",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "part",
    [
        "x=",
        "://",
        *(pytest.param(part, marks=pytest.mark.slow) for part in ("a", "a:", "-token", "'", "basic ", "a@")),
    ],
)
def test_a_megabyte_of_anything_is_read_in_one_go(part: str) -> None:
    text = part * (2**20 // len(part))

    assert redact(redact(text)) == redact(text)
