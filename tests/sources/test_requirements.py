"""Requirements files are read as pip reads them."""

from __future__ import annotations

import logging
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement as Specification

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.sources import Source
from pyreq_tui.sources.arguments import BadArguments, parse_arguments
from pyreq_tui.sources.requirement import parse_requirement
from pyreq_tui.sources.requirements_txt import read_requirements
from tests.making import make_wheel
from tests.sources.projects import requirements, write

HASH = "sha256:" + "ab" * 32
OTHER_HASH = "sha512:" + "cd" * 64


def read_one(root: Path, line: str) -> tuple[str | None, tuple[str, ...], str | None, str | None]:
    [requirement] = requirements(root, line + "\n").requirements
    return requirement.name, requirement.extras, requirement.marker, requirement.url


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("boto3", ("boto3", (), None, None)),
        ("Python_DateUtil==2.9", ("python-dateutil", (), None, None)),
        ("boto3[CRT, foo_bar]~=1.2,!=1.3", ("boto3", ("crt", "foo-bar"), None, None)),
        ("six>=1;python_version<'3'", ("six", (), 'python_version < "3"', None)),
        ("six===1.0.post0+local", ("six", (), None, None)),
        ("six (>=1)", ("six", (), None, None)),
        ("x @ https://h/x-1.tar.gz ; extra == 'y'", ("x", (), 'extra == "y"', "https://h/x-1.tar.gz")),
        ("git+https://h/r@v1#egg=My.Name[b]&subdirectory=s", ("my-name", ("b",), None, "git+https://h/r@v1#egg=My.Name[b]&subdirectory=s")),
        ("-e git+ssh://git@h/r#egg=name", ("name", (), None, "git+ssh://git@h/r#egg=name")),
        ("https://h/d/my_pkg-1.0-py3-none-any.whl", ("my-pkg", (), None, "https://h/d/my_pkg-1.0-py3-none-any.whl")),
        ("https://h/archive/main.zip", (None, (), None, "https://h/archive/main.zip")),
        ("https://h/a;b.zip ; python_version > '3'", (None, (), "python_version > '3'", "https://h/a;b.zip")),
    ],
)  # fmt: skip
def test_kinds_of_requirements(
    tmp_path: Path, line: str, expected: tuple[str | None, tuple[str, ...], str | None, str | None]
) -> None:
    assert read_one(tmp_path, line) == expected


@pytest.mark.parametrize(
    "line", ["./lib", "lib/", "-e lib[x]", "-e ./lib", "file:lib", "--editable=lib", "lib/.#egg=local-lib"]
)
def test_local_projects(tmp_path: Path, line: str) -> None:
    write(tmp_path, {"lib/pyproject.toml": "[project]\nname = 'Local_Lib'\n"})
    if "#" in line:
        line = line.replace("lib/.", "file:lib")
    [requirement] = requirements(tmp_path, line).requirements
    assert (requirement.name, requirement.path) == ("local-lib", tmp_path / "lib")
    assert str(requirement.url).startswith((tmp_path / "lib").as_uri())
    assert requirement.extras == (("x",) if "[x]" in line else ())


def test_local_files(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "with space", "alpha")
    found = requirements(
        tmp_path, f"with space/{wheel.name}\n{wheel.as_uri()}\nbeta @ {wheel.as_uri()}\n"
    ).requirements
    assert [requirement.path for requirement in found] == [wheel] * 3
    assert [requirement.name for requirement in found] == ["alpha", "alpha", "beta"]


def test_a_path_starts_at_the_service_or_else_beside_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"lib/setup.py": "", "fn/lib/setup.py": "", "fn/own/setup.py": ""})
    read = requirements(tmp_path, "./lib\n./own\n", module="fn")
    assert [requirement.path for requirement in read.requirements] == [tmp_path / "lib", tmp_path / "fn/own"]


def test_a_named_file_that_is_missing_may_still_be_left_out_later(tmp_path: Path) -> None:
    [requirement] = requirements(tmp_path, "six @ file:///nowhere/six-1.0-py3-none-any.whl").requirements
    assert (requirement.name, requirement.path) == ("six", None)


def test_hashes_and_settings_of_one_requirement(tmp_path: Path) -> None:
    upper = HASH.replace("ab", "AB")
    text = f"six==1.0 ; python_version > '3' \\\n  --hash={upper} \\\n  --hash {OTHER_HASH} -C k=v\n"
    [requirement] = requirements(tmp_path, text).requirements
    assert requirement.text == "six==1.0 ; python_version > '3'"
    assert requirement.hashes == (HASH, OTHER_HASH)
    assert requirement.config_settings == ("k=v",)


def test_options_are_collected_in_their_long_form(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    text = """
        -i https://one/simple
        --extra-index-url=https://two/simple --pre
        -f wheels
        -fhttps://links
        --no-index
        --no-binary :all:
        --only-binary=a,b
        --prefer-binary
        --require-hashes
        --trusted-host h
        --use-feature fast-deps
        --extra-index https://short
        """
    assert requirements(tmp_path, text).options == (
        *("--index-url", "https://one/simple"),
        *("--extra-index-url", "https://two/simple", "--pre"),
        *("--find-links", str(tmp_path / "wheels")),
        *("--find-links", "https://links", "--no-index"),
        *("--no-binary", ":all:", "--only-binary", "a,b"),
        *("--prefer-binary", "--require-hashes", "--trusted-host", "h", "--use-feature", "fast-deps"),
        *("--extra-index-url", "https://short"),
    )


def test_nested_files_are_relative_to_the_file_they_stand_in(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "requirements.txt": """
                -r a/one.txt  # why
                --requirement b/two.txt
                --requirement=b/three.txt
                -cc.txt
                last
                """,
            "a/one.txt": "-r ../b/two.txt\none\n",
            "b/two.txt": "two\n-c ../c.txt\n",
            "b/three.txt": f"-r {(tmp_path / 'b/four.txt').as_uri()}\n",
            "b/four.txt": "four",
            "c.txt": "limit<2\n",
        },
    )
    read = requirements(tmp_path)
    assert [requirement.name for requirement in read.requirements] == ["two", "one", "two", "four", "last"]
    assert [constraint.name for constraint in read.constraints] == ["limit"] * 3
    assert read.requirements[0].where == Where(tmp_path / "b/two.txt", 1)
    assert len(read.files) == 6


def test_circles_are_shown(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "-r a.txt\n", "a.txt": "\n-r requirements.txt\n"})
    with pytest.raises(PyreqError, match=r"requirements\.txt → a\.txt → requirements\.txt") as caught:
        requirements(tmp_path)
    assert caught.value.where == Where(tmp_path / "a.txt", 2)


def test_files_that_multiply_come_to_an_end(tmp_path: Path) -> None:
    write(tmp_path, {f"{n}.txt": f"-r {n + 1}.txt\n" * 2 for n in range(12)} | {"12.txt": "six\n"})
    with pytest.raises(PyreqError, match="More than"):
        requirements(tmp_path, "-r 0.txt\n")


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("boto3=1.0", "write ==", 6),
        ("  boto3=>1.0", ">= or <=", 8),
        ("boto3>=", "version", None),
        ("--unknown", "no such option", 1),
        ("six --hash=md5:00", "md5 is not one of the hashes", 12),
        ("six --hash=sha256:00", "64 hexadecimal digits", 12),
        ("six --hash=00", "sha256", 12),
        ("six ; nonsense", "", None),
        ("./lib ; nonsense", "no such file or folder", 1),
        ("https://h/x.zip ; nonsense", "marker", 19),
        ("--index-url", "requires 1 argument", None),
        ("-f 'open", "quotation is not closed", None),
        ("-e nowhere", "no such file or folder", 4),
        ("-r https://h/requirements.txt", "on the network", None),
        ("-r missing.txt", "can't be read", None),
        ("[", "", None),
        ("file://host/share", "this machine", 1),
    ],
)
def test_bad_lines_are_pointed_at(tmp_path: Path, text: str, message: str, column: int | None) -> None:
    with pytest.raises(PyreqError) as caught:
        requirements(tmp_path, f"six\n\n{text}\n")
    assert message in caught.value.message
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.line) == (tmp_path / "requirements.txt", 3)
    if column:
        assert caught.value.where.column == column
        assert "^" in caught.value.message


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    with pytest.raises(PyreqError, match="neither pyproject"):
        requirements(tmp_path, "./lib\n")


def test_values_of_variables_show_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDEX_TOKEN", "s3sam3-0pen")
    with pytest.raises(PyreqError) as caught:
        requirements(tmp_path, "x @@ https://host/${INDEX_TOKEN}/x\n")
    assert "${INDEX_TOKEN}" in str(caught.value)
    assert "s3sam3" not in str(caught.value)
    read = requirements(tmp_path, "--index-url https://host/${INDEX_TOKEN}/simple\nsix --pre s3sam3-0pen\n")
    assert read.options[1] == "https://host/s3sam3-0pen/simple"
    assert read.secrets == ("s3sam3-0pen",)
    assert "s3sam3" not in repr(read.problems)


def test_what_pip_drops_silently_is_said(tmp_path: Path) -> None:
    read = requirements(tmp_path, f"six --pre\n--hash={HASH}\n")
    assert [(problem.code, problem.where) for problem in read.problems] == [
        ("requirement-options-ignored", Where(tmp_path / "requirements.txt", 1)),
        ("requirement-options-ignored", Where(tmp_path / "requirements.txt", 2)),
    ]


def test_an_oversized_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyreq_tui.sources.requirements_txt.SIZE_LIMIT_BYTES", 10)
    with pytest.raises(PyreqError, match="too large"):
        requirements(tmp_path, "six\n" * 10)


NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}(?:[-_.][a-z0-9]{1,4})?", fullmatch=True)
VERSIONS = st.from_regex(r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}", fullmatch=True)
SPECIFIERS = st.lists(st.tuples(st.sampled_from(["==", ">=", "<", "!=", "<=", ">"]), VERSIONS), max_size=2)
MARKERS = st.sampled_from(["", " ; python_version >= '3.9'", "; sys_platform == 'linux' and extra == 'x'"])


@given(
    name=NAMES,
    extras=st.lists(NAMES, max_size=2),
    specifiers=SPECIFIERS,
    marker=MARKERS,
    hashes=st.lists(st.from_regex(r"[0-9a-f]{64}", fullmatch=True), max_size=2),
    comment=st.sampled_from(["", "  # why", " #"]),
    joint=st.sampled_from([" ", " \\\n    ", " \\\r\n"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read_back(
    tmp_path: Path,
    name: str,
    extras: list[str],
    specifiers: list[tuple[str, str]],
    marker: str,
    hashes: list[str],
    comment: str,
    joint: str,
) -> None:
    written = name + (f"[{','.join(extras)}]" if extras else "")
    written += ",".join(operator + version for operator, version in specifiers) + marker
    line = written + "".join(f"{joint}--hash=sha256:{digest}" for digest in hashes) + comment
    [requirement] = requirements(tmp_path, line + "\n").requirements
    assert Specification(requirement.text) == Specification(written)
    assert requirement.hashes == tuple(f"sha256:{digest}" for digest in hashes)
    assert requirement.name == Specification(written).name.lower().replace("_", "-").replace(".", "-")


@given(st.text(max_size=40))
def test_no_line_breaks_the_reader(text: str) -> None:
    with suppress(BadArguments):
        said = parse_arguments(text)
        parse_requirement(said.requirement or "x", bases=(Path("/nowhere"),), where=Where(Path("x")))


TRICKY = [
    "six\n  requests >= 2 # c\n\n#x\n",
    "six \\\n# gone\nrequests\n",
    "a \\\n  ; python_version > '3' \\\n  --hash=" + HASH + "\nb\n",
    "\ufeffsix\n",
    "six\r\nrequests[a,b]==1 ; python_version<'4'\r\n",
    "-e git+https://h/r#egg=x\ngit+https://h/r@v#egg=y\n",
    "-i https://h\nsix --pre\n",
    "-r nested/more.txt\n-c nested/limits.txt\nsix\n",
    "--requirement nested/more.txt\n--requirement=nested/more.txt\n-rnested/more.txt\n",
    "six==1.0    --hash=" + HASH + "    --hash=" + OTHER_HASH + "\n",
    "x @ https://user:${UNSET_VARIABLE}@h/x.whl\n",
    "six\x0brequests\x85idna\n",
    "six # comment\\\nrequests\n",
    "a==1 \\\\\n; python_version > '3'\n",
    "   \\\nsix\n",
]


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_files_read_as_pip_reads_them(tmp_path: Path, text: str) -> None:
    write(
        tmp_path,
        {
            "nested/more.txt": "more\n-r deeper.txt\n",
            "nested/deeper.txt": "deep\n",
            "nested/limits.txt": "l<2\n",
        },
    )
    read = requirements(tmp_path, text)
    ours = [(line.text, line.is_editable) for line in (*read.requirements, *read.constraints)]
    assert sorted(ours) == sorted(by_pip(tmp_path / "requirements.txt"))


def corpus() -> list[Path]:
    root = Path(__file__).parents[3] / "shared" / "corpus"
    return sorted(root.rglob("*requirements*.txt")) if root.is_dir() else []


@pytest.mark.slow
def test_real_files_read_as_pip_reads_them() -> None:
    files = corpus()
    if not files:
        pytest.skip("no corpus of services beside the checkout")
    for file in files:
        try:
            theirs = by_pip(file)
            ours = requirements_of(file)
        except PyreqError as error:
            # pip only finds these out later, when it installs.
            assert "no such file or folder" in error.message or "not an operator" in error.message  # noqa: PT017
            continue
        assert ours == theirs, file


def requirements_of(file: Path) -> list[tuple[str, bool]]:
    read = read_requirements(Source("requirements", ".", file.parent, file, None, None))
    return [(line.text, line.is_editable) for line in read.requirements]


def by_pip(file: Path) -> list[tuple[str, bool]]:
    """What pip's own parser says, if this pip still has it where it was."""
    logging.getLogger("pip").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pip brings along warns of its own age
        parser = pytest.importorskip("pip._internal.req.req_file", reason="pip is not installed here")
        network = pytest.importorskip("pip._internal.network.session")
        with network.PipSession() as session:
            lines = list(parser.parse_requirements(str(file), session=session))
    return [(line.requirement.strip(), line.is_editable) for line in lines]
