"""``slim: true`` on packages that strip is known to break: what ships is imported, and computes."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pyreq_tui.build.stripping import find_stripper
from tests.projects import make_project

pytestmark = [pytest.mark.index, pytest.mark.slow]

USE = """\
import sys
sys.path.insert(0, sys.argv[1])
import numpy, scipy.linalg, scipy.special, pandas
assert all(module.__file__.startswith(sys.argv[1]) for module in (numpy, scipy, pandas))
matrix = numpy.array([[2.0, 1.0], [1.0, 3.0]])
assert numpy.allclose(numpy.linalg.inv(matrix) @ matrix, numpy.eye(2))
assert numpy.allclose(scipy.linalg.lu_solve(scipy.linalg.lu_factor(matrix), matrix @ [1.0, 2.0]), [1.0, 2.0])
assert scipy.special.gamma(5) == 24
frame = pandas.DataFrame({"kind": ["a", "b", "a"], "value": [1, 2, 3]})
print(frame.groupby("kind")["value"].sum().to_json())
"""


def python_of(runtime: str) -> Path | None:
    """A real interpreter of the runtime's version on this machine."""
    version = runtime.removeprefix("python")
    found = [*Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python"), shutil.which(runtime)]
    return next((Path(path) for path in found if path), None)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64" or find_stripper("x86_64") is None,
    reason="needs Linux on x86_64 and its strip",
)
@pytest.mark.parametrize("runtime", ["python3.12", "python3.13"])
def test_what_slim_leaves_can_be_imported_and_used(tmp_path: Path, runtime: str) -> None:
    if (python := python_of(runtime)) is None:
        pytest.skip(f"there is no {runtime} on this machine")
    project = make_project(tmp_path, requirements=None)
    project.write(
        {
            "serverless.yml": (project.root / "serverless.yml").read_text().replace("python3.12", runtime),
            "requirements.txt": "numpy\nscipy\npandas\n",
        }
    )

    sizes = {}
    for slim in ("false", "true"):
        done = project.command("build", "--json", "--set", f"slim={slim}")
        assert done.returncode == 0, done.stderr
        [artifact] = json.loads(done.stdout)["artifacts"]
        sizes[slim] = artifact["unzipped_bytes"]
    with zipfile.ZipFile(artifact["path"]) as archive:
        archive.extractall(tmp_path / "task")
    used = subprocess.run(
        [python, "-I", "-B", "-c", USE, tmp_path / "task"], capture_output=True, text=True, timeout=300
    )

    assert (used.returncode, used.stdout.strip()) == (0, '{"a":4,"b":2}'), used.stderr
    assert sizes["true"] < 0.97 * sizes["false"]
    again = json.loads(project.command("build", "--json", "--set", "slim=true", "-o", "again").stdout)
    assert "strip" not in [step["name"] for step in again["steps"]]
    assert again["artifacts"][0]["sha256"] == artifact["sha256"]
