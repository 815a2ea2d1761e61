"""A service that is there: what is asked of it, and which of its lines change."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import gather
from pyreq_tui.setup import Journey, survey, told, weigh
from pyreq_tui.sizes import format_size
from tests.making import make_wheel
from tests.projects import SERVERLESS, make_project
from tests.setup.folders import HANDLER, SERVICE, added, diffs, journey, make_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projects import Project

PLUGIN = "serverless-python-requirements"


def keys(one: Journey) -> list[str]:
    """The questions that stand."""
    return [step.key for step in one.course.steps]


def test_the_block_is_added_even_where_nothing_else_is(tmp_path: Path) -> None:
    found = journey(tmp_path, {"serverless.yml": SERVICE, "main.py": HANDLER, "requirements.txt": "six\n"})

    assert keys(found) == ["support", "installer"]
    assert added(found) == ["+", "+custom:", "+  pythonRequirements: {}"]
    left = Journey(found.survey, {"support": frozenset({"off"})})
    assert keys(left) == ["support"]
    assert left.course.edits() == ()
    assert found.skipped().course.edits() == ()


def test_support_that_was_turned_off_stays_off_unless_asked_for(tmp_path: Path) -> None:
    block = "custom:\n  pythonRequirements:\n    enabled: false  # for now\n"
    found = journey(tmp_path, {"serverless.yml": SERVICE + block})
    assert found.course.edits() == ()
    turned_on = Journey(found.survey, {"support": frozenset({"on"})})
    assert added(turned_on) == ["-    enabled: false  # for now", "+    enabled: true  # for now"]


def test_the_community_plugin_goes_from_both_files(tmp_path: Path) -> None:
    found = journey(
        tmp_path,
        {
            "serverless.yml": f"frameworkVersion: '4'\n{SERVICE}"
            f"custom: {{pythonRequirements: {{}}}}\nplugins:\n  - {PLUGIN}  # old\n"
            "  - serverless-offline # kept\n",
            "package.json": f'{{\n  "devDependencies": {{\n    "{PLUGIN}": "^6.1.0"\n  }}\n}}\n',
        },
    )
    assert keys(found) == ["installer", "plugin"]
    assert added(found) == [
        f"-  - {PLUGIN}  # old",
        '-  "devDependencies": {',
        f'-    "{PLUGIN}": "^6.1.0"',
        "-  }",
        '+  "devDependencies": {}',
    ]
    for edit in found.course.edits():
        edit.write()
    assert journey(tmp_path, {}).course.edits() == ()


def test_with_version_3_the_plugin_is_needed(tmp_path: Path) -> None:
    old = f"frameworkVersion: ^3.38\n{SERVICE}plugins: [{PLUGIN}]\n"
    found = journey(tmp_path, {"serverless.yml": old})
    [support, _, plugin] = found.course.steps
    assert "Framework ^3.38 has no Python support" in support.found
    assert plugin.recommended == {"no"}


def test_where_no_version_is_known_the_plugin_stays_for_version_3_would_ship_nothing(tmp_path: Path) -> None:
    found = journey(tmp_path, {"serverless.yml": f"{SERVICE}plugins: [{PLUGIN}]\n"})
    plugin = found.course.steps[-1]
    assert plugin.recommended == {"no"}
    assert "version 3 would ship no packages without the plugin" in plugin.found
    assert PLUGIN not in diffs(found).replace(f" plugins: [{PLUGIN}]", "")
    assert f"-plugins: [{PLUGIN}]" in added(Journey(found.survey, {"plugin": frozenset({"yes"})}))


def test_the_version_that_npm_installed_counts(tmp_path: Path) -> None:
    files = {
        "serverless.yml": f"{SERVICE}plugins: [{PLUGIN}]\n",
        "node_modules/serverless/package.json": '{"version": "3.40.0"}',
    }
    assert journey(tmp_path, files).course.steps[-1].recommended == {"no"}


def test_a_service_without_python_is_left_alone(tmp_path: Path) -> None:
    found = journey(tmp_path, {"serverless.yml": SERVICE.replace("python3.12", "nodejs22.x")})
    assert found.course.steps == ()
    assert found.course.edits() == ()


def test_a_lock_beside_plain_requirements_is_asked_about(tmp_path: Path) -> None:
    files = {
        "serverless.yml": SERVICE + "custom:\n  pythonRequirements: {}\n",
        "requirements.txt": "six\n",
        "uv.lock": 'version = 1\nrequires-python = ">=3.12"\n',
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
    }
    found = journey(tmp_path, files)
    assert keys(found) == ["source", "installer"]
    assert found.course.edits() == (), "what was set up before stays as it is"
    files["serverless.yml"] = SERVICE
    found = journey(tmp_path, files)
    assert added(found) == ["+", "+custom:", "+  pythonRequirements:", "+    installer: uv"]

    plain = Journey(found.survey, {"source": frozenset({"plain"})})
    assert "+    useUv: false" in added(plain)
    assert "installer" not in diffs(plain)


def estimated(tmp_path: Path, library_bytes: int = 0, serverless: str = SERVERLESS) -> Journey:
    """A service whose packages are known; ``library_bytes`` is the size of one that is compiled."""
    project = make_project(tmp_path, serverless)
    if library_bytes:
        name = "gamma/core.cpython-312-x86_64-linux-gnu.so"
        tag = "cp312-cp312-manylinux_2_17_x86_64"
        make_wheel(project.wheels, "gamma", "1.0", {name: bytes(library_bytes)}, tag=tag)
        project.require("alpha", "gamma")
    return with_estimate(project)


def with_estimate(project: Project) -> Journey:
    """A way through its questions, with sizes known."""
    one = Journey(survey(project.root))
    wanted = one.course.to_estimate
    assert wanted is not None
    materials = gather(wanted, report=lambda _: None, cancel=threading.Event(), cache=project.cache)
    return one.estimated(wanted, weigh(wanted, materials))


def test_sizes_are_asked_about_once_they_are_known(tmp_path: Path) -> None:
    one = estimated(tmp_path)

    assert keys(one) == ["installer", "size"]
    size = one.course.steps[1]
    assert "it fits" in size.found
    assert size.recommended == frozenset(), "what fits is left as it is"
    assert [choice.key for choice in size.choices][:1] == ["tests"]
    assert size.choices[0].change_bytes is not None
    assert size.choices[0].change_bytes < 0
    assert one.course.edits() == ()
    [outcome] = one.comes_to()
    assert outcome.before_bytes == outcome.after_bytes


def test_what_is_chosen_is_summed_up_together(tmp_path: Path) -> None:
    one = estimated(tmp_path)
    assert one.estimate is not None
    changes = {remedy.key: remedy.change_bytes for remedy in one.estimate.fit.remedies}
    both = Journey(one.survey, {"size": frozenset({"tests", "metadata"})}, one.estimate)

    [outcome] = both.comes_to()

    assert outcome.after_bytes - outcome.before_bytes == changes["tests"] + changes["metadata"] < 0
    assert told(outcome) == (
        f"shop.zip: {format_size(outcome.before_bytes)} → {format_size(outcome.after_bytes)}, fits"
    )
    unknown = Journey(one.survey, {"installer": frozenset({"uv"})}, one.estimate)
    assert unknown.comes_to() == (), "another estimate is needed for that"


def test_zip_brings_the_question_of_the_handlers(tmp_path: Path) -> None:
    one = estimated(tmp_path, library_bytes=99_000)
    zipped = Journey(one.survey, {"size": frozenset({"zip"})}, one.estimate)

    assert keys(zipped) == ["installer", "docker", "size", "unpack"]
    assert added(zipped) == [
        "-  pythonRequirements: {}",
        "+  pythonRequirements:",
        "+    zip: true",
        "+try:",
        "+    import unzip_requirements  # noqa: F401",
        "+except ImportError:",
        "+    pass",
        "+",
    ]
    for edit in zipped.course.edits():
        edit.write()
    again = Journey(survey(one.survey.folder))
    assert again.course.edits() == ()
    assert "unpack" not in keys(again)


@pytest.mark.slow
def test_what_does_not_fit_is_made_to_fit(tmp_path: Path) -> None:
    one = estimated(tmp_path, library_bytes=300 * 2**20)

    [_, docker, size, _] = one.course.steps
    assert "gamma has compiled parts, and wheels for python3.12" in docker.found
    assert docker.recommended == {"false"}
    assert "over Lambda's 250.0 MB. What is checked is enough" in size.found
    assert "zip" in size.recommended
    assert "+    zip: true" in added(one)
    [outcome] = one.comes_to()
    assert outcome.before_bytes > 300 * 2**20
    assert outcome.excess_bytes == 0


def test_another_answer_asks_for_another_estimate(tmp_path: Path) -> None:
    one = estimated(tmp_path)
    assert one.course.is_estimated
    other = one.answered(frozenset({"uv"}))
    assert not other.course.is_estimated
    assert other.onward().awaited == other.course.to_estimate
    unknown = other.onward().estimated(other.course.to_estimate, None)
    assert unknown.awaited is None, "it is not tried again"
    assert unknown.is_over
    assert unknown.back().step is not None


def test_what_has_no_wheel_may_be_built_in_a_container(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    project.write({"local/pyproject.toml": "[project]\nname = 'local-thing'\nversion = '3'\n"})
    project.require("alpha", "./local")
    one = with_estimate(project)
    [_, docker, *_] = one.course.steps
    assert "local-thing has no wheel for python3.12 and must be built" in docker.found
    assert docker.recommended == {"false"}, "a pure one needs no container"

    chosen = Journey(one.survey, {"docker": frozenset({"auto"})}, one.estimate)

    assert added(chosen) == ["+  pyreq:", "+    docker: auto"]
    for edit in chosen.course.edits():
        edit.write()
    again = with_estimate(project)
    assert again.course.steps[1].recommended == {"auto"}
    assert again.course.edits() == ()
    off = Journey(again.survey, {"docker": frozenset({"false"})}, again.estimate)
    assert "-    docker: auto" in added(off)


def test_what_was_printed_from_code_gets_what_to_paste(tmp_path: Path) -> None:
    files = {"serverless.ts": "export default {}\n", "uv.lock": "", "main.py": HANDLER}
    make_folder(tmp_path, {**files, "printed.yml": SERVICE})

    one = Journey(survey(tmp_path, config="printed.yml"))

    assert one.course.edits() == (), "neither the code nor what was printed from it is edited"
    assert one.course.snippet() == "custom: {\n  pythonRequirements: {\n    installer: 'uv',\n  },\n},\n"
    off = Journey(one.survey, {"support": frozenset({"off"})})
    assert off.course.snippet() == ""
