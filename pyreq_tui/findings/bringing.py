"""Who could bring a module: a package by another name, or a file of the user's own."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pyreq_tui.errors import ItemChange
from pyreq_tui.findings.shipping import artifact_path

if TYPE_CHECKING:
    from pyreq_tui.findings.shipping import Shipment
    from pyreq_tui.service import Service

PACKAGES = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python-headless",
    "distutils": "setuptools",
    "dotenv": "python-dotenv",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "pkg_resources": "setuptools",
    "psycopg2": "psycopg2-binary",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}
"""Packages that are imported under another name than they are installed by."""


def package_of(top: str) -> str:
    """The package to require for the module ``top``: mostly it has the same name."""
    return PACKAGES.get(top, top.replace("_", "-"))


def own_file(base: str, shipment: Shipment, service: Service) -> str | None:
    """The user's own file or package, as a pattern names it from the service's folder."""
    for folder in dict.fromkeys((shipment.function.module, ".")):
        if (service.root / folder / f"{base}.py").is_file():
            return PurePosixPath(folder, f"{base}.py").as_posix()
        if any((service.root / folder / base).glob("*.py")):
            return PurePosixPath(folder, base, "**").as_posix()
    return None


def let_in(pattern: str, shipment: Shipment, service: Service) -> tuple[str, ItemChange]:
    """The hint, and the change, that have files ship which package.patterns leave out."""
    path = (*artifact_path(shipment.artifact, service), "package", "patterns")
    return f"Let it in: package.patterns: ['{pattern}'].", ItemChange(path, pattern)
