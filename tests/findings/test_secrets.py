"""Files nobody should be able to download with the function's code."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.findings.telling import is_told, told
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

HEADER, FOOTER = "-----BEGIN {}PRIVATE KEY-----", "-----END {}PRIVATE KEY-----"
AWS, GITHUB = "AKIA", "ghp_"
"""In two parts, so that nobody's scanner finds a secret here."""
BODY = base64.encodebytes(bytes(range(200))).decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env", "A=1"),
        ("config/.env.production", "A=1"),
        ("deploy/id_rsa", "key"),
        ("id_ed25519", "key"),
        (".aws/credentials", "[default]"),
        (".netrc", "machine"),
        ("certificates/client.p12", "binary"),
        ("key.pem", f"{HEADER.format('')}\n{BODY}{FOOTER.format('')}\n"),
        ("account.json", f'{{"private_key": "{HEADER.format("")}\\n{BODY.splitlines()[0]}\\n"}}'),
        ("settings.py", f'KEY = """{HEADER.format("RSA ")}\n{BODY}"""'),
        ("settings.py", f"AWS_ACCESS_KEY_ID = '{AWS}ABCDEFGHIJKLMNOP'"),
        ("config.json", f'{{"token": "{GITHUB}{"a1" * 18}"}}'),
        (
            "requirements-dev.txt",
            "--extra-index-url https://reader:hunter22@pypi.example.com/simple\nalpha\n",
        ),
    ],
)
def test_what_is_a_secret_is_told(tmp_path: Path, name: str, content: str) -> None:
    project = make_project(tmp_path)
    project.write({name: content})

    [finding] = told(project.plan(), "secret-ships")

    assert finding.severity == "warning"
    assert name in finding.message
    assert f"!{name}" in str(finding.hint)
    assert BODY[:20] not in str(finding)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env.example", "A="),
        ("environment.py", "A = 1"),
        ("ca.pem", "-----BEGIN CERTIFICATE-----\n" + BODY),
        ("public.pem", "-----BEGIN PUBLIC KEY-----\n" + BODY),
        ("keys.py", f"if text.startswith('{HEADER.format('RSA ')}'):\n    pass\n"),
        ("id_rsa.pub", "ssh-rsa AAAA"),
        ("credentials.py", "def load(): ..."),
        ("docs.py", f"# as in {AWS}IOSFODNN7EXAMPLE"),
        ("requirements-dev.txt", "-i https://${USER}:${PASSWORD}@pypi.example.com/simple\nalpha\n"),
        ("requirements/test.txt", "alpha @ git+ssh://git@example.com:22/a:b/alpha@v1\n-i https://a:443/@b\n"),
        ("notes.py", "URL = 'https://user:password@example.com'"),
        ("words.py", f"NAME = 'X{AWS}ABCDEFGHIJKLMNOP'\nPREFIX = '{GITHUB}'"),
    ],
)
def test_what_only_looks_like_one_is_not(tmp_path: Path, name: str, content: str) -> None:
    project = make_project(tmp_path)
    project.write({name: content})

    assert not is_told(project.plan(), "secret-ships")


def test_what_patterns_leave_out_does_not_ship(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS + "package: {patterns: ['!.env']}\n")
    project.write({".env": "A=1"})

    assert not is_told(project.plan(), "secret-ships")


def test_packages_are_not_looked_into(tmp_path: Path) -> None:
    from tests.making import make_wheel

    project = make_project(tmp_path, requirements=["keys"])
    make_wheel(project.wheels, "keys", files={"keys/test.pem": f"{HEADER.format('')}\n{BODY}"})

    assert not is_told(project.plan(), "secret-ships")
