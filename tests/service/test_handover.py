"""Handing over and taking back, in every way a service may be written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.service import ValueChange, edit_values, hand_over, load_service, take_back
from pyreq_tui.service.configuration import Configuration
from tests.service.conftest import HEAD
from tests.service.test_corpus import CORPUS, configurations

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.service import Service
    from tests.service.conftest import MakeService

BLOCK = "custom:\n  pythonRequirements: {}\n"
TWO = "functions:\n  one:\n    handler: a.b\n  two:\n    handler: a.b # c\n"

SERVICES = {
    "shared": BLOCK + TWO,
    "options": "custom:\n  a: 1\n  pythonRequirements:\n    slim: true # yes\n\n  # end\n" + TWO,
    "explicitly on": "custom:\n  pythonRequirements:\n    enabled: true # on\n    slim: true\n" + TWO,
    "explicitly off": "custom:\n  pythonRequirements:\n    enabled: false\n    slim: true\n" + TWO,
    "no block": TWO,
    "package with patterns": BLOCK + "package:\n  patterns:\n    - '!x/**'\n" + TWO,
    "empty package": BLOCK + "package: {}\n" + TWO,
    "individually": BLOCK + "package:\n  individually: true\n\n" + TWO,
    "flow": "custom: {pythonRequirements: {slim: true}}\npackage: {individually: true}\n"
    "functions: {one: {handler: a.b}, two: {handler: a.b, package: {patterns: [x]}}}\n",
    "one individually": BLOCK + TWO + "    package:\n      individually: true\n  three:\n    handler: a.b\n",
    "another language": BLOCK + TWO + "  web:\n    handler: a.b\n    runtime: nodejs22.x\n",
    "modules": BLOCK + "package: {individually: true}\n" + TWO.replace("# c", "# c\n    module: ./fn/two"),
    "layer": "custom:\n  pythonRequirements:\n    layer: true\n" + TWO,
    "described layer": "custom:\n  pythonRequirements:\n    layer: {name: deps, retain: true}\n" + TWO,
    "nothing but a layer": "custom:\n  pythonRequirements:\n    layer: true\n",
    "a layer for images": "custom:\n  pythonRequirements:\n    layer: true\n"
    "functions:\n  one:\n    image: an/image\n",
    "an image beside": BLOCK + TWO + "  web:\n    image: an/image\n",
    "own layers": "custom:\n  pythonRequirements:\n    layer: true\nlayers:\n  own:\n    path: x\n" + TWO,
    "list": BLOCK + "functions:\n  - ${file(functions.yml)}\n",
    "list, individually": BLOCK + "package: {individually: true}\n"
    "functions:\n  - ${file(functions.yml)}\n  - ${file(more.yml)}\n",
    "included": "custom: ${file(custom.yml)}\nfunctions: ${file(functions.yml)}\n"
    "package: {individually: true}\n",
}  # fmt: skip
FILES = {
    "more.yml": "three:\n  handler: a.b\n",
    "functions.yml": "one:\n  handler: a.b\ntwo:\n  handler: a.b\n",
    "custom.yml": "pythonRequirements:\n  slim: true\n",
}


def save(service: Service) -> Service:
    for edit in hand_over(service):
        edit.write()
    return load_service(service.config_file, environ={})


@pytest.mark.parametrize("text", SERVICES.values(), ids=SERVICES.keys())
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_there_and_back(make_service: MakeService, text: str, ending: str) -> None:
    before = (HEAD + text).replace("\n", ending)
    service = make_service(before, files=FILES)

    handed = save(service)

    assert handed.is_handed_over
    assert handed.enabled
    assert not handed.has_block or not handed.options.enabled
    assert handed.output == service.root / ".pyreq"
    assert [f.packaged for f in handed.functions] == [f.packaged for f in service.functions]
    assert [f.individually for f in handed.functions] == [f.individually for f in service.functions]
    assert not [problem for problem in handed.problems if problem not in service.problems]
    assert hand_over(handed) == ()

    for edit in take_back(handed):
        edit.write()

    assert service.config_file.read_bytes().decode() == before
    assert {name: (service.root / name).read_text() for name in FILES} == FILES
    assert take_back(load_service(service.config_file, environ={})) == ()


def names(service: Service) -> dict[str, object]:
    """What each function, the service and its layer name, by reading the file as the Framework does."""
    configuration = Configuration(service.config_file, service.inputs)
    found = {}
    for name, path in {
        "service": ("package", "artifact"),
        "layer": ("layers", "pythonRequirements", "package", "artifact"),
        **{
            function.name: ("functions", function.name, "package", "artifact")
            for function in service.functions
        },
    }.items():
        if (place := configuration.find(*path)) is not None:
            found[name] = place.scalar
    return found


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("shared", {"service": ".pyreq/shop.zip"}),
        ("individually", {"one": ".pyreq/one.zip", "two": ".pyreq/two.zip"}),
        ("one individually", {"service": ".pyreq/shop.zip", "two": ".pyreq/two.zip"}),
        ("another language", {"one": ".pyreq/shop.zip", "two": ".pyreq/shop.zip"}),
        ("modules", {"one": ".pyreq/one.zip", "two": ".pyreq/fn-two-shop-dev-two.zip"}),
        ("layer", {"service": ".pyreq/shop.zip", "layer": ".pyreq/pythonRequirements.zip"}),
        ("nothing but a layer", {"layer": ".pyreq/pythonRequirements.zip"}),
        ("a layer for images", {"layer": ".pyreq/pythonRequirements.zip"}),
        ("an image beside", {"one": ".pyreq/shop.zip", "two": ".pyreq/shop.zip"}),
    ],
)
def test_what_names_what(make_service: MakeService, kind: str, expected: dict[str, str]) -> None:
    assert names(save(make_service(HEAD + SERVICES[kind], files=FILES))) == expected


def test_a_modules_artifact_follows_the_stage(make_service: MakeService) -> None:
    service = save(make_service(HEAD + SERVICES["modules"]))

    for stage in ("dev", "prod"):
        loaded = load_service(service.config_file, stage=stage, environ={})
        assert names(loaded)["two"] == f".pyreq/fn-two-shop-{stage}-two.zip"
        assert all(function.packaged for function in loaded.functions)


@pytest.mark.parametrize(
    ("artifact", "is_ours"),
    [
        (".serverless/shop.zip", True),
        ("./.serverless/shop.zip", True),
        (".pyreq/shop.zip", True),
        (".serverless/other.zip", False),
        ("dist/shop.zip", False),
        (".serverless/../shop.zip", False),
        ("s3://bucket/.serverless/shop.zip", False),
    ],
)
def test_an_artifact_counts_as_ours_by_folder_and_name(
    make_service: MakeService, artifact: str, is_ours: bool
) -> None:
    service = make_service(HEAD + BLOCK + f"package:\n  artifact: {artifact}\n" + TWO)

    assert {function.packaged for function in service.functions} == {is_ours}
    assert service.is_handed_over is is_ours


def test_a_shared_map_is_not_edited(make_service: MakeService) -> None:
    text = (
        "x: &p\n  individually: true\n" + BLOCK + TWO.replace("# c", "# c\n    package: *p") + "package: *p\n"
    )

    with pytest.raises(PyreqError, match="more than once"):
        hand_over(make_service(HEAD + text))


def test_values_are_set_and_unset_where_their_keys_lead(make_service: MakeService) -> None:
    service = make_service(HEAD + BLOCK + "functions: ${file(functions.yml)}\n", files=FILES)

    edits = edit_values(
        service,
        [
            ValueChange(("provider", "memorySize"), 512),
            ValueChange(("functions", "two", "timeout"), 9),
            ValueChange(("functions", "one", "handler"), "c.d"),
            ValueChange(("provider", "name"), "aws"),
            ValueChange(("absent", "key"), is_unset=True),
        ],
    )

    after = {edit.path.name: edit.after for edit in edits}
    assert after == {
        "serverless.yml": (HEAD + BLOCK + "functions: ${file(functions.yml)}\n").replace(
            "python3.12\n", "python3.12\n  memorySize: 512\n"
        ),
        "functions.yml": "one:\n  handler: c.d\ntwo:\n  handler: a.b\n  timeout: 9\n",
    }


def test_public_services_come_back_byte_for_byte(tmp_path: Path) -> None:
    copied = tmp_path / "corpus"
    places = [path.relative_to(CORPUS) for path in configurations().values()]
    shutil.copytree(CORPUS, copied)
    before = {path: path.read_bytes() for path in copied.rglob("*") if path.is_file()}
    handed_over = 0
    for place in places:
        try:
            service = load_service(copied / place, environ={})
        except PyreqError:
            continue
        if any(function.packaged for function in service.functions):
            handed = save(service)
            assert handed.is_handed_over, place
            assert [f.packaged for f in handed.functions] == [f.packaged for f in service.functions], place
            for edit in take_back(handed):
                edit.write()
            handed_over += 1

    assert handed_over > 50
    assert {path: path.read_bytes() for path in before} == before
