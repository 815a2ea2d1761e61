"""A report as JUnit XML, which most CI systems show as tests: those that fail are the errors.

There is no standard; this keeps to what the Jenkins, GitLab and Azure readers have in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from pyreq_tui.cli.reports.checked import path_in_repository
from pyreq_tui.cli.streams import without_controls

if TYPE_CHECKING:
    from pyreq_tui.cli.reports.checked import Checked
    from pyreq_tui.errors import Finding

_NO_CHARACTERS = {0xFFFE: "?", 0xFFFF: "?", **dict.fromkeys(range(0xD800, 0xE000), "?")}
"""What XML 1.0 has no place for besides control characters."""


def as_junit(checked: Checked) -> str:
    """A test case for each finding, kept budget and import; warnings pass and say what they say."""
    failures = sum(finding.severity == "error" for finding in checked.findings)
    imports = [done for done in checked.imports or () if done.imported.failure is None]
    kept = [use for use in checked.budgets if not use.is_over]
    cases = [_finding(finding) for finding in checked.findings]
    cases += [_case("budget", str(use)) for use in kept]
    cases += [_case("import", done.function, f"{done.imported.seconds:.3f}") for done in imports]
    if not cases:
        cases = [_case("check", "nothing to tell")]
    suite = ElementTree.Element(
        "testsuite",
        {"name": "pyreq-tui check", "tests": str(len(cases)), "failures": str(failures), "errors": "0"},
    )
    suite.extend(cases)
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suites, encoding="unicode")


def _case(kind: str, name: str, seconds: str = "0") -> ElementTree.Element:
    return ElementTree.Element("testcase", {"classname": kind, "name": _inert(name), "time": seconds})


def _finding(finding: Finding) -> ElementTree.Element:
    case = _case(finding.code, finding.message)
    place = ""
    if finding.where is not None:
        file = path_in_repository(finding.where.file).as_posix()
        place = f"{file}:{finding.where.line}" if finding.where.line else file
        case.set("file", _inert(file))
        if finding.where.line is not None:
            case.set("line", str(finding.where.line))
    text = _inert("\n".join(filter(None, (finding.message, place, finding.hint))))
    if finding.severity == "error":
        failure = {"type": finding.code, "message": _inert(finding.message)}
        ElementTree.SubElement(case, "failure", failure).text = text
    else:
        ElementTree.SubElement(case, "system-out").text = f"{finding.severity}: {text}"
    return case


def _inert(text: str) -> str:
    return without_controls(text).translate(_NO_CHARACTERS)
