"""Services made of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from pyreq_tui.service import Service, load_service

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD = "service: shop\nprovider:\n  name: aws\n  runtime: python3.12\n"


class MakeService(Protocol):
    """Writes files into a fresh folder and loads the service in it."""

    def __call__(
        self,
        text: str,
        *,
        files: Mapping[str, str] | None = None,
        name: str = "serverless.yml",
        stage: str | None = None,
        params: Mapping[str, str] | None = None,
        overrides: Mapping[str, object] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Service: ...


@pytest.fixture
def make_service(tmp_path: Path) -> MakeService:
    def make(
        text: str,
        *,
        files: Mapping[str, str] | None = None,
        name: str = "serverless.yml",
        stage: str | None = None,
        params: Mapping[str, str] | None = None,
        overrides: Mapping[str, object] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Service:
        for file, content in {**(files or {}), name: text}.items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())
        return load_service(
            tmp_path / name, stage=stage, params=params, overrides=overrides, environ=environ or {}
        )

    return make
