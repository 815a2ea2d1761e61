"""What ships, as CycloneDX: valid by its schema, and the same bytes for the same artifact."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.making import make_wheel
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projects import Project


def with_metadata(project: Project, name: str, *headers: str) -> None:
    """A wheel whose METADATA says more."""
    make_wheel(project.wheels, name, files={f"{name}.py": ""}, headers=headers)


def licensed(folder: Path) -> Project:
    """A service of two artifacts, whose packages tell their licenses in every way there is."""
    individually = SERVERLESS + "  other:\n    handler: handler.main\npackage: {individually: true}\n"
    project = make_project(folder, individually)
    with_metadata(project, "modern", "License-Expression: MIT OR Apache-2.0", "Summary: New.")
    with_metadata(project, "classic", "License: BSD", "Classifier: License :: OSI Approved :: BSD License")
    with_metadata(project, "both", "License: MIT", "Classifier: License :: OSI Approved :: MIT License")
    with_metadata(
        project, "odd", "License-Expression: my own\x1b[31m <b>", "Summary: \x00x", "License: " + "y" * 300
    )
    project.require("alpha", "modern", "classic", "both", "odd")
    return project


@pytest.mark.slow  # the validator reads grammars for a second and a half as it is imported
def test_each_sbom_follows_its_schema(tmp_path: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    project = licensed(tmp_path)
    assert project.command("build", "--sbom").returncode == 0

    written = list((project.root / ".serverless").glob("*.cdx.json"))
    assert len(written) == 2
    for path in written:
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(path.read_text()) is None, path


def test_each_artifact_gets_an_sbom_of_what_it_holds(tmp_path: Path) -> None:
    project = licensed(tmp_path)

    built = json.loads(project.command("build", "--json", "--sbom").stdout)

    assert [artifact["sbom"].rpartition("/")[2] for artifact in built["artifacts"]] == [
        "main.cdx.json",
        "other.cdx.json",
    ]
    text = (project.root / ".serverless" / "main.cdx.json").read_text()
    assert "\x1b" not in text
    document = json.loads(text)
    root = document["metadata"]["component"]
    assert root["name"] == "main.zip"
    assert root["hashes"] == [{"alg": "SHA-256", "content": built["artifacts"][0]["sha256"]}]
    assert "timestamp" not in document["metadata"]
    components = {each["name"]: each for each in document["components"]}
    assert set(components) == {"alpha", "beta", "modern", "classic", "both", "odd"}
    assert components["alpha"]["purl"].startswith("pkg:pypi/alpha@1.2")
    assert components["beta"]["hashes"][0]["alg"] == "SHA-256"
    assert components["modern"]["licenses"][0]["expression"] == "MIT OR Apache-2.0"
    assert [each["license"]["name"] for each in components["classic"]["licenses"]] == ["BSD", "BSD License"]
    assert [each["license"]["id"] for each in components["both"]["licenses"]] == ["MIT"]
    needs = {each["ref"].partition("@")[0]: each.get("dependsOn", []) for each in document["dependencies"]}
    assert [ref.partition("@")[0] for ref in needs["pkg:pypi/alpha"]] == ["pkg:pypi/beta"]
    assert "pkg:pypi/beta" not in [ref.partition("@")[0] for ref in needs["main.zip"]]


def test_the_same_artifact_has_the_same_sbom_wherever_it_is_put(tmp_path: Path) -> None:
    project = make_project(tmp_path)

    assert project.command("build", "--sbom", str(tmp_path / "one.json")).returncode == 0
    again = project.command("build", "--sbom", str(tmp_path), SOURCE_DATE_EPOCH="315532800")

    assert again.returncode == 0, again.stderr
    assert f"sbom {tmp_path / 'shop.cdx.json'}" in again.stdout
    first, second = (json.loads((tmp_path / name).read_text()) for name in ("one.json", "shop.cdx.json"))
    assert second["metadata"].pop("timestamp") == "1980-01-01T00:00:00+00:00"
    assert first == second


@pytest.mark.slow
def test_clean_takes_the_sbom_along(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    assert project.command("build", "--sbom").returncode == 0
    assert (project.root / ".serverless" / "shop.cdx.json").is_file()
    assert project.command("clean").returncode == 0
    assert not (project.root / ".serverless").exists()


@pytest.mark.slow
def test_several_sboms_do_not_go_into_one_file(tmp_path: Path) -> None:
    project = make_project(
        tmp_path, SERVERLESS + "  other:\n    handler: h.m\npackage: {individually: true}\n"
    )
    done = project.command("build", "--sbom", str(tmp_path / "one.json"))
    assert done.returncode == 2
    assert "there are 2 artifacts" in done.stderr
