"""What is pasted into serverless.ts: an object literal that both languages read the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.service import code_file, render_code

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = {
    "slim": True,
    "noDeploy": ["boto3", "it's", 'a "b"\\'],
    "staticCacheMaxVersions": 3,
    "layer": {"name": "${self:service}-x", "x-y": [], "inner": {}},
    "vendor": "ü\u2028\n",
}
RENDERED = """\
custom: {
  pythonRequirements: {
    slim: true,
    noDeploy: ['boto3', 'it\\'s', 'a "b"\\\\'],
    staticCacheMaxVersions: 3,
    layer: {
      name: '${self:service}-x',
      'x-y': [],
      inner: {},
    },
    vendor: '\\u00fc\\u2028\\n',
  },
},
"""


def test_the_literal() -> None:
    assert render_code(OPTIONS) == RENDERED
    assert render_code({}) == "custom: {\n  pythonRequirements: {},\n},\n"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_javascript_reads_it_as_it_is_meant() -> None:
    script = f"process.stdout.write(JSON.stringify({{{RENDERED}}}))"

    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout) == {"custom": {"pythonRequirements": OPTIONS}}


def test_code_counts_only_where_the_framework_runs_it(tmp_path: Path) -> None:
    assert code_file(tmp_path) is None
    (tmp_path / "serverless.ts").write_text("")
    assert code_file(tmp_path) == tmp_path / "serverless.ts"
    (tmp_path / "serverless.yml").write_text("")
    assert code_file(tmp_path) is None
