"""Indexes and hosts that uv is configured with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.locks.uv_configuration import Index, uv_indexes, uv_trusted_hosts
from tests.sources.projects import write

if TYPE_CHECKING:
    from pathlib import Path


def test_every_place_that_names_an_index(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": """
                [tool.uv]
                extra-index-url = ["https://more/simple"]
                allow-insecure-host = ["project"]
                [[tool.uv.index]]
                name = "the.corp"
                url = "https://old:gone@corp/simple"
                default = true
                [tool.uv.pip]
                index-url = "https://pip/simple"
            """,
            "sub/pyproject.toml": "[project]\nname = 'no settings of uv'\n",
            "home/.config/uv/uv.toml": 'index-url = "https://user/simple"\nallow-insecure-host = ["user"]\n',
        },
    )
    environment = {
        "HOME": str(tmp_path / "home"),
        "UV_INDEX": "named=https://variable/simple https://plain/simple?x=1",
        "UV_DEFAULT_INDEX": "https://default/simple",
        "UV_INDEX_THE_CORP_USERNAME": "me@corp",
        "UV_INDEX_THE_CORP_PASSWORD": "p/w",
        "UV_INSECURE_HOST": "one two:8443",
    }
    assert uv_indexes(tmp_path / "sub", environment) == (
        Index(None, "https://default/simple", is_default=True),
        Index("named", "https://variable/simple", is_default=False),
        Index(None, "https://plain/simple?x=1", is_default=False),
        Index("the.corp", "https://me%40corp:p%2Fw@corp/simple", is_default=True),
        Index(None, "https://more/simple", is_default=False),
        Index(None, "https://pip/simple", is_default=True),
        Index(None, "https://user/simple", is_default=True),
    )
    assert uv_trusted_hosts(tmp_path / "sub", environment) == ("one", "two:8443", "project", "user")


def test_uv_toml_counts_before_pyproject_and_what_can_t_be_read_is_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "uv.toml": 'index-url = "https://uv/simple"\n',
            "pyproject.toml": '[tool.uv]\nindex-url = "https://pyproject/simple"\n',
            "broken/uv.toml": "index-url = ",
            "odd/uv.toml": 'extra-index-url = "x"\nindex = [1, {url = 2}, {name = 3, url = "https://odd/simple"}]',
            "home/none": "",
        },
    )
    environment = {"HOME": str(tmp_path / "home")}
    assert [index.url for index in uv_indexes(tmp_path, environment)] == ["https://uv/simple"]
    assert uv_indexes(tmp_path / "broken", environment) == ()
    assert uv_indexes(tmp_path / "odd", environment) == (Index(None, "https://odd/simple", is_default=False),)
    named = {**environment, "UV_CONFIG_FILE": str(tmp_path / "uv.toml")}
    assert [index.url for index in uv_indexes(tmp_path / "broken", named)] == ["https://uv/simple"]
