"""YAML as the Framework's reader takes it, and hostile files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import OptionChange, PyreqError
from pyreq_tui.service import edit_options, load_service
from pyreq_tui.service.compose import compose
from pyreq_tui.service.configuration import Configuration, Inputs
from pyreq_tui.service.document import parse_document, read_text

if TYPE_CHECKING:
    from pyreq_tui.service.nodes import Node

HERE = Path("/service/serverless.yml")


def plain(text: str) -> object:
    configuration = Configuration(HERE, Inputs(), {HERE: text})
    return configuration.plain(configuration.root)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing\n", None),
        ("a: yes\nb: 'true'\nc: \"1\"\nd: 0o17", {"a": "yes", "b": "true", "c": "1", "d": 15}),
        (
            "a: !Ref Name\nb: !Sub 12\nc: !GetAtt [A, B]\nd: !X {e: 1}",
            {"a": "Name", "b": "12", "c": ["A", "B"], "d": {"e": 1}},
        ),
        ("a: !!str 12\nb: !!int '3'\nc: !!set {x}", {"a": "12", "b": 3, "c": {"x": None}}),
        ("true: 1\nnull: 2\n0x10: 3\n[a, b]: 4", {"true": 1, "null": 2, "16": 3, "[a, b]": 4}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3", {"a": {"b": 1, "c": 2}, "d": {"c": 3, "b": 1}}),
        ("a: {<<: [{b: 1}, {b: 2, c: 3}]}", {"a": {"b": 1, "c": 3}}),
        ("a:\n  <<: &y {b: 1}\n  <<: {b: 2, c: 3}", {"a": {"b": 1, "c": 3}}),
        ("a: true\t\nb:\t1\t# why\nc: [x,\ty]", {"a": True, "b": 1, "c": ["x", "y"]}),
        ("\ufeffa: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
        ('{"a": {"b": [1, "\\u00e9"]}}', {"a": {"b": [1, "é"]}}),
        ("a: |\n  b\n  c\nd: >-\n  e\n  f\n", {"a": "b\nc\n", "d": "e f"}),
        ("a: http://x/y?z=1#2\nb: [http://x]", {"a": "http://x/y?z=1#2", "b": ["http://x"]}),
    ],
)
def test_reads_yaml(text: str, value: object) -> None:
    assert plain(text) == value


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice in one map, first on line 1"),
        ("a:\n  true: 1\n  'true': 2\n", 3, "stands twice"),
        ("a: [1\n", 2, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "not valid YAML"),
        ("a: *b\n", 1, "names no anchor"),
        ("org: ***\n", 1, "not valid YAML"),
        ("a: &x\n  b: *x\n", 2, "inside the value it names"),
        ("a: 1\n---\nb: 1\n", 2, "more than one"),
        ("a: 1\nb: \x07\n", 2, "not valid YAML"),
        ("a:\n  <<: 3\n", 2, "can be merged"),
        ("a: " + "[" * 5000, 1, "levels deep"),
        ("- " * 5000 + "a", 1, "levels deep"),
    ],
)
def test_refuses_with_file_and_line(text: str, line: int, message: str) -> None:
    with pytest.raises(PyreqError, match=message) as caught:
        parse_document(HERE, text)
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.line) == (HERE, line)


def test_says_how_to_mend_a_star() -> None:
    with pytest.raises(PyreqError) as caught:
        parse_document(HERE, "org: ***\n")
    assert caught.value.hint is not None
    assert "quotes" in caught.value.hint


def test_stops_at_an_alias_bomb() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    with pytest.raises(PyreqError, match="too large"):
        plain("a0: &a0 x\n" + levels)


def test_stops_at_a_merge_bomb() -> None:
    levels = "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: 1}}\n" for n in range(1, 40))
    text = "a0: &a0 {k0: 1}\n" + levels
    configuration = Configuration(HERE, Inputs(), {HERE: text})
    assert configuration.find("a39", "missing") is None


def test_refuses_a_huge_file(tmp_path: Path) -> None:
    path = tmp_path / "serverless.yml"
    with path.open("wb") as stream:
        stream.truncate(20_000_000)
    with pytest.raises(PyreqError, match="too large"):
        read_text(path)
    with pytest.raises(PyreqError, match="too large"):
        parse_document(path, "# " + "x" * 9_000_000)


def test_refuses_what_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "serverless.yml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(PyreqError, match="not UTF-8") as caught:
        read_text(path)
    assert caught.value.where is not None
    assert caught.value.where.line == 2


def test_marks_count_characters() -> None:
    document = parse_document(HERE, "\ufeffé: 'ü'\r\nb: 𝄞x # c\r\n")
    mapping = document.root
    sources = [document.source(pair.value) for pair in mapping.pairs]  # type: ignore[union-attr]  # a map
    assert sources == ["'ü'", "𝄞x"]
    place = document.where(mapping.pairs[1].value)  # type: ignore[union-attr]  # a map
    assert (place.line, place.column) == (2, 4)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is parsed, in order."""
    parsed: list[str] = []

    def counted(path: Path, text: str) -> tuple[Node, dict[int, int]]:
        parsed.append(text)
        return compose(path, text)

    monkeypatch.setattr("pyreq_tui.service.document.compose", counted)
    return parsed


def test_a_text_is_parsed_once_until_others_take_its_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parsed: list[str]
) -> None:
    monkeypatch.setattr("pyreq_tui.service.document.MOST_KEPT_CHARACTERS", 8)
    path = tmp_path / "serverless.yml"
    for text in ("a: 1", "b: 2", "a: 1", "c: 3", "a: 1", "b: 2"):
        assert parse_document(path, text).text == text

    assert parsed == ["a: 1", "b: 2", "c: 3", "b: 2"]


def test_an_option_is_saved_with_two_readings_of_the_file(tmp_path: Path, parsed: list[str]) -> None:
    (tmp_path / "serverless.yml").write_text("service: a\nprovider: {name: aws}\n")
    edit = edit_options(load_service(tmp_path), [OptionChange("slim", value=True)])
    edit.write()

    assert load_service(tmp_path).options.slim
    assert parsed == [edit.before, edit.after]
