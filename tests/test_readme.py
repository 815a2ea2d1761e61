"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from pyreq_tui.cli.command import commands
from pyreq_tui.service import option_table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_option_table_is_the_one_the_options_make() -> None:
    table = README.partition("<!-- options:")[2].partition("-->\n")[2].partition("<!-- end of options -->")[0]

    assert table.strip() == option_table().strip()


def test_every_command_is_in_the_table_and_helps() -> None:
    told = set(re.findall(r"`pyreq-tui ([a-z-]+)", README))

    assert told == set(commands.commands) - {"open"}
    for name in told:
        assert CliRunner().invoke(commands, [name, "--help"]).exit_code == 0


def test_pictures_and_links_are_there() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link
