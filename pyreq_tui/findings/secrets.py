"""Would a secret ship? Files of the user's own that are keys or credentials, by name or by content."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pyreq_tui.bundle import SERVICE_CODE, VENDOR, DeflatedBytes
from pyreq_tui.errors import Finding, ItemChange, Where
from pyreq_tui.findings.shipping import artifact_path
from pyreq_tui.findings.source_code import MAX_SOURCE_BYTES, read_user_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.bundle import Entry
    from pyreq_tui.errors import Change
    from pyreq_tui.service import Service

LARGEST_KEY_FILE_BYTES = 64 * 1024
"""Keys are small: larger files are not looked into."""
MOST_FILES = 3_000
"""Files of an artifact that are looked into: a forgotten virtual environment holds tens of thousands."""

_MAGIC = frozenset("*?[]{}()!+@\\")
"""What a pattern would read as more than a name."""
_NAMES = re.compile(
    r"""(^|/)(
        \.env(\.(?!.*(?:example|sample|template|dist|schema|defaults?)$)[^/]+)?
      | id_(?:rsa|dsa|ecdsa|ed25519)
      | \.aws/credentials
      | \.netrc | \.pypirc | \.git-credentials | \.htpasswd | \.pgpass | \.vault-token
      | \.docker/config\.json
      | [^/]+\.(?:p12|pfx|jks|keystore|kdbx|ppk)
    )$""",
    re.VERBOSE,
)
_PRIVATE_KEY = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\n|\\r|\s)+"
    rb"(?:[A-Za-z0-9+/]{40}|Proc-Type:|Version:|Comment:)"
)
"""The header of a private key (RFC 7468) with a key behind it; alone it stands in code that reads keys."""
_TOKEN = re.compile(
    rb"(?<![A-Za-z0-9])(?:"
    rb"A(?:KIA|SIA)(?![A-Z0-9]*EXAMPLE)[A-Z2-7]{16}"
    rb"|gh[pousr]_[A-Za-z0-9]{36}"
    rb"|github_pat_[A-Za-z0-9_]{82}"
    rb"|xox[abp]-[0-9]{10,13}-[0-9]{10,13}-[A-Za-z0-9-]{20,}"
    rb"|pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"
    rb")(?![A-Za-z0-9])"
)
"""Credentials that their issuers gave a form of their own: AWS access keys (IAM's documentation says how they
begin), GitHub's, Slack's and PyPI's tokens. AWS's documentation writes its examples with EXAMPLE in them."""
_LISTS_PACKAGES = re.compile(
    r"(^|/)([^/]*requirements[^/]*\.(txt|in)|requirements/[^/]+\.(txt|in)|Pipfile(\.lock)?|pyproject\.toml"
    r"|uv\.(lock|toml)|pdm\.(lock|toml)|poetry\.(lock|toml)|pip\.conf|pip\.ini)$"
)
"""Files that name indexes of packages, now and then with a password."""
_PASSWORD_IN_URL = re.compile(rb"://[^\s/:@'\"]+:(?!\$|%[({]|\*|<|\{)[^\s/@'\"]{4,}@")
"""``https://user:password@host``, but for variables and what is masked."""


def secret_findings(plan: Plan) -> Iterator[Finding]:
    """One finding for each artifact with something in it that nobody should be able to download with it."""
    for artifact in plan.artifacts:
        own = [entry for entry in artifact.bundle.entries if entry.owner in (SERVICE_CODE, VENDOR)]
        found = [entry for entry in own if _NAMES.search(entry.path)]
        found += [entry for entry in own[:MOST_FILES] if entry not in found and _holds_key(entry)]
        if not found:
            continue
        names = sorted(entry.path for entry in found)
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        first = min(found).source
        yield Finding(
            "warning",
            "secret-ships",
            f"{artifact.filename} would hold {', '.join(names[:3])}{more}: "
            "whoever may download the function's code may read it.",
            where=Where(first.path) if isinstance(first, DeflatedBytes) else None,
            hint=f"Leave it out: package.patterns: ['!{names[0]}']; keep secrets in Secrets Manager or SSM.",
            fix=_leave_out(found, artifact, plan.service),
        )


def _leave_out(found: list[Entry], artifact: PlannedArtifact, service: Service) -> tuple[Change, ...]:
    """A pattern against each; those of vendor folders no pattern reaches."""
    path = (*artifact_path(artifact, service), "package", "patterns")
    own = [entry.source.path for entry in found if isinstance(entry.source, DeflatedBytes)]
    names = [file.relative_to(service.root).as_posix() for file in own if file.is_relative_to(service.root)]
    if len(names) < len(found) or any(entry.owner != SERVICE_CODE for entry in found):
        return ()
    return tuple(ItemChange(path, f"!{name}") for name in sorted(names) if not _MAGIC & set(name))


@lru_cache(maxsize=20_000)
def _holds_key(entry: Entry) -> bool:
    """Whether a key, a token or an index's password stands in it. Remembered: an Entry names its content."""
    lists_packages = _LISTS_PACKAGES.search(entry.path) is not None
    most = MAX_SOURCE_BYTES if lists_packages else LARGEST_KEY_FILE_BYTES
    if entry.owner != SERVICE_CODE or entry.size_bytes > most:
        return False
    data = read_user_file(entry) or b""
    found = _PRIVATE_KEY.search(data) or _TOKEN.search(data)
    return bool(found or (lists_packages and _PASSWORD_IN_URL.search(data)))
