"""Packages without wheels, made here."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.projects import Project

NATIVE = {
    "pyproject.toml": (
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "native"\nversion = "1.0"\n'
    ),
    "setup.py": (
        "from setuptools import Extension, setup\nsetup(ext_modules=[Extension('native', ['native.c'])])\n"
    ),
    "native.c": (
        "#include <Python.h>\n"
        'static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "native", 0, -1, 0};\n'
        "PyMODINIT_FUNC PyInit_native(void) { return PyModule_Create(&module); }\n"
    ),
    "PKG-INFO": "Metadata-Version: 2.1\nName: native\nVersion: 1.0\n",
}
"""A C extension of which there is no wheel."""


WAITING = {
    **NATIVE,
    "pyproject.toml": NATIVE["pyproject.toml"]
    .replace('["setuptools"]', '[]\nbackend-path = ["."]')
    .replace("setuptools.build_meta", "backend"),
    "backend.py": (
        "import sys, time\n"
        "def build_wheel(*_, **__):\n"
        "    print('the backend waits', file=sys.stderr, flush=True)\n"
        "    time.sleep(600)\n"
        "prepare_metadata_for_build_wheel = build_wheel\n"
    ),
}
"""A package that never gets built."""


def make_sdist(folder: Path, name: str, files: Mapping[str, str]) -> None:
    """Write ``name`` as an sdist."""
    with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as archive:
        for path, text in files.items():
            info = tarfile.TarInfo(f"{name}/{path}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))


def require_waiting(project: Project) -> None:
    """Have the service require a package that never gets built."""
    make_sdist(project.wheels, "native-1.0", WAITING)
    project.require("native")
