"""A report as SARIF 2.1.0, which code hosts show beside the code.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; GitHub, "SARIF support for
code scanning".
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote

from pyreq_tui import __version__
from pyreq_tui.cli.reports.checked import path_in_repository
from pyreq_tui.cli.streams import without_controls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyreq_tui.cli.reports.checked import Checked
    from pyreq_tui.errors import Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(checked: Checked) -> dict[str, object]:
    """One run with a rule for each code and a result for each finding."""
    codes = sorted({finding.code for finding in checked.findings})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "pyreq-tui",
                        "semanticVersion": __version__,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": True}],
                "results": [_result(finding, codes) for finding in checked.findings],
            }
        ],
    }


def _rule(code: str) -> dict[str, object]:
    return {"id": code, "shortDescription": {"text": code.replace("-", " ").capitalize() + "."}}


def _result(finding: Finding, codes: Sequence[str]) -> dict[str, object]:
    text = without_controls(" ".join(filter(None, (finding.message, finding.hint))))
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
    }
    named = "" if finding.where is None else path_in_repository(finding.where.file).as_posix()
    identity = "\n".join((finding.code, named, finding.package or "", finding.message))
    result["partialFingerprints"] = {
        "finding/v1": hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
    }
    if finding.where is not None:
        physical: dict[str, object] = {"artifactLocation": _artifact(path_in_repository(finding.where.file))}
        if finding.where.line is not None:
            physical["region"] = {"startLine": finding.where.line}
        result["locations"] = [{"physicalLocation": physical}]
    return result


def _artifact(file: Path) -> dict[str, object]:
    """Relative to the checkout where it lies in it. A URI: what is no plain character is percent-encoded."""
    path = quote(file.as_posix().encode("utf-8", "surrogatepass"))
    return {"uri": f"file://{path}"} if file.is_absolute() else {"uri": path, "uriBaseId": "%SRCROOT%"}
