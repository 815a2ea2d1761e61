from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.bundle import (
    SERVICE_CODE,
    ZIP_HELPER,
    Bundle,
    Entry,
    LiteralBytes,
    NestedBytes,
    compose,
    move_to_root,
    nest,
    omit,
    package_sizes,
    relocate,
    size_tree,
    zip_size,
)
from pyreq_tui.errors import PyreqError


def literal(path: str, text: str = "x", owner: str = "demo") -> Entry:
    data = text.encode()
    return Entry(path, len(data), len(data), owner, LiteralBytes(data), crc=zlib.crc32(data), method=0)


def paths_of(bundle: Bundle) -> list[str]:
    return [entry.path for entry in bundle.entries]


def test_later_layers_stand_over_earlier_ones_in_the_order_of_bytes() -> None:
    bundle = compose(
        [literal("b", owner="one"), literal("a-b"), literal("a/c")],
        [literal("é"), literal("𝄞"), literal("\uffee"), literal("b", owner="two")],
    )
    assert paths_of(bundle) == sorted(paths_of(bundle), key=str.encode)
    assert [entry.owner for entry in bundle.entries if entry.path == "b"] == ["two"]


@given(st.lists(st.lists(st.text("abé", min_size=1, max_size=3), max_size=9), max_size=4))
def test_compose_is_a_merge_of_dictionaries(layers: list[list[str]]) -> None:
    bundle = compose(*[[literal(path, str(index)) for path in layer] for index, layer in enumerate(layers)])
    merged = {path: str(index) for index, layer in enumerate(layers) for path in layer}
    assert {entry.path: entry.source for entry in bundle.entries} == {
        path: LiteralBytes(text.encode()) for path, text in merged.items()
    }


def test_a_file_in_place_of_a_folder_is_refused() -> None:
    with pytest.raises(PyreqError, match=r"^demo is a file of one, but a folder of two"):
        compose([literal("demo", owner="one")], [literal("demo-x"), literal("demo/a/b.py", owner="two")])


def test_the_same_layers_give_the_same_bundle_but_a_list_may_change() -> None:
    layer = (literal("a"),)
    assert compose(layer) is compose(layer)
    changing = [literal("a")]
    assert paths_of(compose(changing)) == ["a"]
    changing.append(literal("b"))
    assert paths_of(compose(changing)) == ["a", "b"]


def test_omit_goes_by_normalised_name() -> None:
    bundle = compose([literal("a", owner="python-dateutil"), literal("b", owner="six")])
    assert paths_of(omit(bundle, ["Python.DateUtil"])) == ["b"]
    assert paths_of(omit(bundle, {"PYTHON_dateutil", "six"})) == []
    assert omit(bundle, ()) is bundle


def test_relocate_moves_everything_under_a_folder() -> None:
    bundle = compose([literal("a/b"), literal("c")])
    assert paths_of(relocate(bundle, "python/")) == ["python/a/b", "python/c"]
    assert relocate(bundle, "") is bundle


def test_a_module_moves_to_the_root_with_what_is_named_beside_it() -> None:
    run = literal("fn/run.sh")._replace(is_executable=True)
    bundle = compose(
        [
            run,
            literal("fn/shared/a.py", "mine"),
            literal("shared/a.py", "theirs"),
            literal("shared/b.py"),
            literal("x.py"),
        ]
    )
    moved = move_to_root(bundle, "fn", frozenset({"shared/a.py", "shared/b.py"}))
    assert paths_of(moved) == ["run.sh", "shared/a.py", "shared/b.py"]
    assert moved.entries[0].is_executable
    assert moved.entries[1].source == LiteralBytes(b"mine")
    assert move_to_root(bundle, ".") is bundle


def test_nesting_ships_one_zip_and_its_helper() -> None:
    requirements = compose([literal("a/b.py"), literal("c.py", owner="six")])
    archive, helper = nest(requirements)
    assert (archive.path, helper.path) == (".requirements.zip", "unzip_requirements.py")
    assert isinstance(archive.source, NestedBytes)
    assert archive.size_bytes == archive.compressed_bytes == zip_size(requirements.entries)
    assert archive.method == 0
    assert {archive.owner, helper.owner} == {ZIP_HELPER}
    assert b"sls-py-req" in helper.source.data  # type: ignore[union-attr]  # it is LiteralBytes


def test_packages_add_up_to_the_zip() -> None:
    bundle = compose(
        [
            literal("a/b.py", "x" * 100),
            literal("a/c.py"),
            literal("six.py", "x" * 500, "six"),
            literal("é", "", "z"),
        ]
    )
    packages = package_sizes(bundle, {"demo": "1.0"}, lambda name: (f"needs {name}",))
    assert [(p.name, p.version, p.unzipped_bytes, p.files) for p in packages] == [
        ("six", "", 500, 1),
        ("demo", "1.0", 101, 2),
        ("z", "", 0, 1),
    ]
    assert packages[0].required_by == ("needs six",)
    assert sum(p.zipped_bytes for p in packages) + 22 == bundle.zipped_bytes
    assert sum(p.unzipped_bytes for p in packages) == bundle.unzipped_bytes


def test_packages_and_tree_look_into_a_nested_zip() -> None:
    bundle = compose(
        nest(compose([literal("a/b.py", "x" * 9_000)])), [literal("handler.py", owner=SERVICE_CODE)]
    )
    names = [p.name for p in package_sizes(bundle, {}, lambda _: ())]
    assert names == ["demo", ZIP_HELPER, SERVICE_CODE]
    assert [node.name for node in size_tree(bundle).children] == names


def test_the_tree_unfolds_by_package_folder_and_file() -> None:
    bundle = compose(
        [
            literal("a/b/one.py", "x" * 10),
            literal("a/b/two.py", "x" * 20),
            literal("a/c.py", "x" * 5),
            literal("six.py", "x" * 50, "six"),
        ]
    )
    root = size_tree(bundle, "shop.zip")
    assert (root.name, root.unzipped_bytes, root.zipped_bytes, root.files) == (
        "shop.zip",
        85,
        bundle.zipped_bytes,
        4,
    )
    six, demo = root.children
    assert (six.name, demo.name, demo.unzipped_bytes, demo.files) == ("six", "demo", 35, 3)
    (folder,) = demo.children
    assert (folder.name, folder.path, folder.is_file) == ("a", "a", False)
    inner, file = folder.children
    assert (inner.path, inner.owner, [child.path for child in inner.children]) == (
        "a/b",
        "demo",
        ["a/b/two.py", "a/b/one.py"],
    )
    assert (file.name, file.is_file, file.children) == ("c.py", True, ())


@given(st.sets(st.lists(st.sampled_from("abcd"), min_size=3, max_size=3).map("/".join), min_size=1))
def test_every_level_of_the_tree_adds_up(paths: set[str]) -> None:
    waiting = [size_tree(compose([literal(path, path * 3, owner=path[0]) for path in paths]))]
    while waiting:
        node = waiting.pop()
        if node.children:
            assert sum(child.unzipped_bytes for child in node.children) == node.unzipped_bytes
            assert sum(child.files for child in node.children) == node.files
            sizes = [child.unzipped_bytes for child in node.children]
            assert sizes == sorted(sizes, reverse=True)
        else:
            assert node.is_file
        waiting.extend(node.children)
