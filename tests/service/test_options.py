"""The one table of options, and what a value may be."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.errors import PyreqError
from pyreq_tui.service import OPTION_SPECS, LayerOptions, Options, option_table, spec_of

PARITY = [
    "enabled",
    "fileName",
    "usePipenv",
    "usePoetry",
    "useUv",
    "requirePoetryLockFile",
    "poetryWithGroups",
    "poetryWithoutGroups",
    "poetryOnlyGroups",
    "uvWithGroups",
    "uvWithoutGroups",
    "uvOnlyGroups",
    "uvOptionalDependencies",
    "installer",
    "pythonBin",
    "pipCmdExtraArgs",
    "noDeploy",
    "zip",
    "cleanupZipHelper",
    "slim",
    "strip",
    "slimPatterns",
    "slimPatternsAppendDefaults",
    "layer",
    "vendor",
    "dockerizePip",
    "dockerImage",
    "dockerFile",
    "dockerSsh",
    "dockerPrivateKey",
    "dockerEnv",
    "dockerBuildCmdExtraArgs",
    "dockerRunCmdExtraArgs",
    "dockerExtraFiles",
    "dockerRootless",
    "useStaticCache",
    "useDownloadCache",
    "cacheLocation",
    "staticCacheMaxVersions",
    "invalidateCaches",
]


def test_has_every_option_of_the_framework() -> None:
    assert {spec.key for spec in OPTION_SPECS} == set(PARITY)


@pytest.mark.parametrize("spec", OPTION_SPECS, ids=lambda spec: spec.key)
def test_every_default_is_a_value_of_its_option(spec: object) -> None:
    assert spec in OPTION_SPECS
    spec = next(known for known in OPTION_SPECS if known == spec)
    assert Options().value(spec.key) == spec.default
    assert Options().override({spec.key: spec.default}) == Options()
    assert Options().override({spec.key: None}) == Options()
    assert spec.help.endswith(".")
    assert f"| `{spec.key}` |" in option_table()


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("slim", True, True),
        ("slim", "True", True),
        ("slim", " false ", False),
        ("fileName", "a.txt", "a.txt"),
        ("fileName", 3, "3"),
        ("vendor", False, ""),
        ("noDeploy", "boto3", ("boto3",)),
        ("noDeploy", ["a", 1, 1.5, True], ("a", "1", "1.5", "true")),
        ("noDeploy", False, ()),
        ("noDeploy", "", ()),
        ("dockerizePip", "true", True),
        ("dockerizePip", "non-linux", "non-linux"),
        ("installer", "uv", "uv"),
        ("staticCacheMaxVersions", "3", 3),
        ("layer", True, LayerOptions()),
        ("layer", "false", None),
        ("layer", {}, LayerOptions()),
        (
            "layer",
            {"name": "x", "retain": "true", "allowedAccounts": "*"},
            LayerOptions("x", retain=True, allowed_accounts=("*",)),
        ),
        ("layer", {"description": None}, LayerOptions()),
        ("layer", LayerOptions("y"), LayerOptions("y")),
    ],
)
def test_takes(key: str, value: object, field: object) -> None:
    options = Options().override({key: value})
    assert getattr(options, spec_of(key).field) == field
    assert options.origin(key) == "override"
    assert options.where(key) is None
    assert Options().override({key: options.value(key)}) == options


@pytest.mark.parametrize(
    ("key", "value", "message", "hint"),
    [
        ("slim", "yes", "slim must be true or false, not 'yes'", None),
        ("slim", 1, "true or false", None),
        ("fileName", ["a"], "text, not a list", None),
        ("noDeploy", {"a": 1}, "a list, not a map", "noDeploy: [first"),
        ("noDeploy", [None], "is empty", "Remove"),
        ("noDeploy", [["a"]], "a list itself", "own line"),
        ("pipCmdExtraArgs", [{"--only-binary=:all": None}], "because YAML", "- '--only-binary=:all:'"),
        ("pipCmdExtraArgs", [{"--x": "y"}], "because YAML", "- '--x: y'"),
        ("dockerizePip", "windows", "one of false, true, non-linux", None),
        ("installer", True, "one of pip, uv", None),
        ("staticCacheMaxVersions", -1, "0 or more", None),
        ("staticCacheMaxVersions", "many", "whole number", None),
        ("layer", "deps", "true, false or a map", None),
        ("layer", {"nam": 1}, "no option 'nam' in layer", "name"),
        ("layer", {"retain": "x"}, "layer.retain must be true or false", None),
        ("layer", {"compatibleRuntimes": [{}]}, "is a map", None),
        ("Slim", True, "no option 'Slim'", "Did you mean slim?"),
        ("docker_image", "x", "no option", "dockerImage"),
        ("qqq", "x", "no option", "README"),
    ],
)
def test_refuses(key: str, value: object, message: str, hint: str | None) -> None:
    with pytest.raises(PyreqError) as caught:
        Options().override({key: value})
    assert message in caught.value.message
    assert hint is None or hint in str(caught.value.hint)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.none() | st.integers(), max_size=3))
def test_any_layer_is_read_or_refused(value: dict[str, object]) -> None:
    try:
        options = Options().override({"layer": value})
    except PyreqError:
        return
    assert options.layer == LayerOptions()


def test_options_are_plain_and_frozen() -> None:
    options = Options()
    assert options.origin("zip") == "default"
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.slim = True  # type: ignore[misc]  # what is tested
    assert hash(options) == hash(Options())
    assert Path(options.file_name) == Path("requirements.txt")
