"""Properties of the editor on made-up files: only the block changes, and it says what was asked."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyreq_tui.errors import OptionChange
from pyreq_tui.service import OPTION_SPECS, OptionSpec, edit_options, load_service
from pyreq_tui.service.configuration import Configuration, Inputs
from pyreq_tui.service.rendering import render_flow, render_scalar

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.from_regex(r"[a-z][a-z0-9*/._-]{0,8}", fullmatch=True)
COMMENTS = st.sampled_from(["", "", " # why", "   # slim: true", "\t# tab"])
INDENTS = st.sampled_from([2, 4, 3])


def values_of(spec: OptionSpec) -> st.SearchStrategy[object]:
    match spec.kind:
        case "bool":
            return st.booleans()
        case "text":
            return st.one_of(NAMES, TEXTS.filter(bool))
        case "list":
            return st.lists(st.one_of(NAMES, TEXTS), max_size=4)
        case "choice":
            return st.sampled_from(spec.choices)
        case "number":
            return st.integers(0, 1000)
        case "layer":
            return st.one_of(
                st.booleans(),
                st.fixed_dictionaries(
                    {"name": NAMES}, optional={"description": TEXTS, "compatibleRuntimes": st.lists(NAMES)}
                ),
            )


ENTRIES = st.sampled_from(OPTION_SPECS).flatmap(lambda spec: st.tuples(st.just(spec.key), values_of(spec)))


@st.composite
def blocks(draw: st.DrawFn, indent: int) -> str:
    """A block as a person might write it: in lines or in braces, with comments, blank lines, null, true."""
    entries = dict(draw(st.lists(ENTRIES, max_size=5)))
    style = draw(st.sampled_from(["block", "block", "block", "flow", "null", "true", "{}"]))
    if style == "null":
        return ""
    if style in {"true", "{}"}:
        return f" {style}{draw(COMMENTS)}"
    if style == "flow" or not entries:
        return f" {render_flow(entries)}{draw(COMMENTS)}"
    lines = [draw(COMMENTS)]
    pad = " " * (2 * indent)
    for key, value in entries.items():
        if draw(st.integers(0, 4)) == 0:
            lines.append(draw(st.sampled_from(["", f"{pad}# {key}: old", "# at the margin"])))
        if isinstance(value, list) and value and draw(st.booleans()):
            lines.append(f"{pad}{key}:{draw(COMMENTS)}")
            dash = draw(st.sampled_from(["", " " * indent]))
            lines += [f"{pad}{dash}- {render_flow(item)}{draw(COMMENTS)}" for item in value]
        elif isinstance(value, dict) and draw(st.booleans()):
            lines.append(f"{pad}{key}:{draw(COMMENTS)}")
            lines += [f"{pad}{' ' * indent}{part}: {render_flow(inner)}" for part, inner in value.items()]
        else:
            lines.append(f"{pad}{key}: {render_flow(value)}{draw(COMMENTS)}")
    return "\n".join(lines)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str, str]:
    """What stands above the block, the block's own lines, and what stands below."""
    indent = draw(INDENTS)
    pad = " " * indent
    above = "# head\nservice: shop\nprovider:\n" + f"{pad}name: aws\n{pad}runtime: python3.12\n\ncustom:\n"
    if draw(st.booleans()):
        above += f"{pad}mine: [1, 'x'] # mine\n"
    below = draw(st.sampled_from(["\n", "", f"\n{pad}yours: {{a: 1}}\n", "\n\n# below\nfunctions: {}\n"]))
    if below.startswith(("\n\n", "\n ")) and draw(st.booleans()):
        below = below.removesuffix("\n")
    block = f"{pad}pythonRequirements:" + draw(blocks(indent))
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return mark + above.replace("\n", ending), block.replace("\n", ending), below.replace("\n", ending)


CHANGES = st.lists(
    st.one_of(
        ENTRIES.map(lambda entry: OptionChange(*entry)),
        st.sampled_from(OPTION_SPECS).map(lambda spec: OptionChange(spec.key, is_unset=True)),
    ),
    min_size=1,
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(files(), CHANGES)
def test_only_the_block_changes_and_says_what_was_asked(
    parts: tuple[str, str, str], changes: list[OptionChange]
) -> None:
    above, block, below = parts
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "serverless.yml"
        path.write_bytes((above + block + below).encode())
        service = load_service(path, environ={})
        edit = edit_options(service, changes)
        assert edit.before == above + block + below
        assert edit.after.startswith(above)
        assert edit.after.endswith(below)
        edit.write()
        assert path.read_bytes() == edit.after.encode()
        after = load_service(path, environ={})
        expected = service.options
        wanted: dict[str, object] = {}
        for change in changes:
            wanted[change.key] = None if change.is_unset else change.value
        expected = expected.override(wanted)
        assert after.options == expected
        assert (
            edit_options(after, [change for change in changes if wanted[change.key] == change.value]).diff()
            == ""
        )


@given(files(), ENTRIES)
def test_unset_takes_back_what_set_added(parts: tuple[str, str, str], entry: tuple[str, object]) -> None:
    above, block, below = parts
    key, value = entry
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "serverless.yml"
        path.write_bytes((above + block + below).encode())
        service = load_service(path, environ={})
        before = Configuration(path, Inputs()).find("custom", "pythonRequirements")
        if before is None or before.scalar is True or key in before.entries():
            return
        edit_options(service, [OptionChange(key, value)]).write()
        assert service.config_file.read_bytes() != (above + block + below).encode()
        edit_options(service, [OptionChange(key, is_unset=True)]).write()
        assert path.read_bytes() == (above + block + below).encode()


@given(
    st.one_of(TEXTS, NAMES, st.text(alphabet="-:# ,[]{}'\"yno0123456789.eE_~!&*|>%@`<=?\n\t", max_size=10))
)
def test_a_text_written_is_read_back_by_every_reader(text: str) -> None:
    for written in (render_scalar(text), render_scalar(text, "single"), render_scalar(text, "double")):
        document = Configuration(
            Path("/s.yml"), Inputs(), {Path("/s.yml"): f"a: {written}\nb: [{render_flow([text])}]"}
        )
        raw = document.root.child("a")
        assert raw is not None
        assert raw.scalar == text
        if "\x85" not in text and "\u2028" not in text and "\u2029" not in text and "\ufeff" not in text:
            assert yaml.safe_load(f"a: {written}") == {"a": text}
