"""Packages that read dist-info at import, while slim takes it out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.build import plan, run
from pyreq_tui.findings.metadata import metadata_findings
from pyreq_tui.findings.metadata_reads import MetadataRead, metadata_reads
from tests.making import make_wheel
from tests.projects import Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.errors import Finding

OWN = MetadataRead("distribution", None, False)
VERSION = "from importlib.metadata import PackageNotFoundError, version\n"
GUARDED = MetadataRead("distribution", "fast", True)
NAMED = MetadataRead("distribution", "fast", False)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from importlib.metadata import version\n__version__ = version('fast')", [NAMED]),
        ("import importlib.metadata\nV = importlib.metadata.version(__name__)", [OWN]),
        ("import importlib.metadata as md\nV = md.version('fast')", [NAMED]),
        ("from importlib import metadata\nV = metadata.distribution('fast').version", [NAMED]),
        ("from importlib import metadata as m\nV = m.metadata('fast')['Version']", [NAMED]),
        ("import importlib_metadata\nV = importlib_metadata.version('fast')", [NAMED]),
        ("import pkg_resources\nV = pkg_resources.get_distribution('fast').version", [NAMED]),
        ("import pkg_resources as p\nclass A:\n    v = p.get_distribution('fast')", [NAMED]),
        (
            "from importlib.metadata import version\ndef get():\n    return version('fast')\nV = get()",
            [NAMED],
        ),
        (f"{VERSION}try:\n    V = version('fast')\nexcept KeyError:\n    V = 1", [NAMED]),
        (f"{VERSION}try:\n    V = version('fast')\nexcept PackageNotFoundError:\n    V = 1", [GUARDED]),
        (f"{VERSION}try:\n    V = version('fast')\nexcept:\n    V = 1", [GUARDED]),
        (
            "from importlib.metadata import entry_points\nA = entry_points(group='fast.plugins')",
            [MetadataRead("entry points", "fast.plugins", False)],
        ),
        (
            "from shop.util._importlib_metadata import entry_points\nA = entry_points(group='fast.plugins')",
            [MetadataRead("entry points", "fast.plugins", False)],
        ),
        ("from importlib.metadata import version\ndef get():\n    return version('fast')", []),
        ("from importlib.metadata import version\nget = lambda: version('fast')", []),
        ("from importlib.metadata import version\nif __name__ == '__main__':\n    version('fast')", []),
        ("# importlib.metadata\ndef version(name): ...\nversion('fast')", []),
        ("from .importlib.metadata import version\nversion('fast')", []),
        ("importlib.metadata is (not Python", []),
        ("from importlib.metadata import version\ndef a():\n    a()\n    version('fast')\na()", [NAMED]),
    ],
)
def test_what_runs_at_import_counts(code: str, expected: list[MetadataRead]) -> None:
    assert list(metadata_reads(code.encode())) == expected


@given(st.binary(max_size=100))
def test_any_bytes_are_answered(data: bytes) -> None:
    metadata_reads(b"import importlib.metadata\n" + data)


def found(project: Project, *, builds: bool = True, **options: object) -> list[Finding]:
    materials = project.materials(**options)
    made = plan(materials.service, materials)
    if builds:
        run(made, materials, report=lambda _: None, cancel=threading.Event())
    return list(metadata_findings(made, project.cache))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path, requirements=["fast"])
    code = "from importlib.metadata import version\n__version__ = version('fast')\n"
    make_wheel(project.wheels, "fast", files={"fast/__init__.py": code})
    return project


def test_a_package_that_needs_its_own_metadata(project: Project) -> None:
    assert not found(project, builds=False, slim=True), "what is not in the store is not known"

    [finding] = found(project, slim=True)

    assert (finding.severity, finding.code, finding.package) == ("warning", "metadata-removed", "fast")
    assert "fast/__init__.py" in finding.message
    assert not found(project)
    fixed = {change.key: change.value for change in finding.fix}
    assert not found(project, slim=True, **fixed)
    assert found(project, slim=True) == [finding], "as remembered"
    assert found(project, slim=True, zip=True)
    assert found(project, slim=True, layer=True)


def test_metadata_of_what_does_not_ship_was_never_there(project: Project) -> None:
    code = "from importlib.metadata import version\nv = version('absent')\n"
    make_wheel(project.wheels, "fast", files={"fast/__init__.py": code})

    assert not found(project, slim=True)


@pytest.mark.parametrize("member", ["fast/cli.py", "fast/__main__.py", "fast/tests/test_fast.py"])
def test_commands_and_tests_are_not_imported(project: Project, member: str) -> None:
    code = "from importlib.metadata import version\nv = version('fast')\n"
    make_wheel(project.wheels, "fast", files={member: code})

    assert not found(project, slim=True)


def test_a_file_that_slim_takes_too_reads_nothing(project: Project) -> None:
    assert not found(project, slim=True, slimPatterns=["**/fast/__init__.py"])


@pytest.mark.parametrize(("group", "expected"), [("fast.plugins", True), ("other.plugins", False)])
def test_entry_points_count_where_a_package_that_ships_registers_them(
    tmp_path: Path, group: str, *, expected: bool
) -> None:
    project = make_project(tmp_path, requirements=["fast", "plugin"])
    code = "from importlib.metadata import entry_points\nFOUND = entry_points(group='fast.plugins')\n"
    make_wheel(project.wheels, "fast", files={"fast/__init__.py": code})
    points = f"[console_scripts]\nrun = plugin:run\n\n[{group}]\none = plugin:one\n"
    make_wheel(
        project.wheels, "plugin",
        files={"plugin.py": "one = 1\n", "plugin-1.0.dist-info/entry_points.txt": points},
    )  # fmt: skip

    findings = found(project, slim=True)

    assert bool(findings) is expected
    if expected:
        assert "that plugin registers" in findings[0].message
