"""How the installer in a container is told where builds find what they require, as it would be here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.build.docker.places import WORK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.locks import Pin, Settings

_CERTIFICATES = f"{WORK}/certificates.pem"
_LINKS = f"{WORK}/links"
_ARCHIVES = (".whl", ".tar.gz", ".zip")


def index_environment(settings: Settings) -> dict[str, str]:
    """Variables for pip, and for uv; they may hold credentials, so they are given to one command only."""
    index, extra = _reachable([settings.index_url or ""]), _reachable(settings.extra_index_urls)
    links, hosts = _links(settings), " ".join(settings.trusted_hosts)
    certificates = _CERTIFICATES if _certificates(settings) else ""
    named = {
        "PIP_INDEX_URL": index,
        "PIP_EXTRA_INDEX_URL": extra,
        "PIP_FIND_LINKS": " ".join(links),
        "PIP_NO_INDEX": "1" if settings.no_index else "",
        "PIP_TRUSTED_HOST": hosts,
        "PIP_PROXY": settings.proxy or "",
        "PIP_TIMEOUT": settings.timeout_seconds or "",
        "PIP_RETRIES": settings.retries or "",
        "PIP_CERT": certificates,
    }
    if settings.installer == "uv":  # which pip may have to bring first
        named |= {
            "UV_DEFAULT_INDEX": index,
            "UV_INDEX": f"{extra} {_reachable([index.url for index in settings.uv_indexes])}".strip(),
            "UV_FIND_LINKS": ",".join(links),
            "UV_NO_INDEX": "1" if settings.no_index else "",
            "UV_INSECURE_HOST": hosts,
            "ALL_PROXY": settings.proxy or "",
            "SSL_CERT_FILE": certificates,
        }
    return {name: value for name, value in named.items() if value}


def index_files(settings: Settings) -> Mapping[str, Path]:
    """What they name on this machine: certificates, and what lies in folders of links."""
    certificates = _certificates(settings)
    files = {_CERTIFICATES: certificates} if certificates else {}
    for number, folder in enumerate(_local_folders(settings)):
        archives = (path for path in sorted(folder.iterdir()) if path.name.endswith(_ARCHIVES))
        files |= {f"{_LINKS}/{number}/{path.name}": path for path in archives}
    return files


def build_arguments(settings: Settings) -> tuple[str, ...]:
    """What the installer is told on its command line about building."""
    told = [word for text in settings.config_settings for word in ("--config-settings", text)]
    told += ["--no-build-isolation"] if settings.no_build_isolation else []
    if settings.installer == "uv":
        own = ((name, text) for name, texts in settings.package_settings for text in texts)
        told += [word for name, text in own for word in ("--config-settings-package", f"{name}:{text}")]
        return tuple(told)
    return (*told, *settings.pip_build)


def build_options(pin: Pin, settings: Settings) -> str:
    """What pip is told in a requirements file about building one package."""
    if settings.installer == "uv":
        return ""
    own = (text for name, texts in settings.package_settings if name == pin.name for text in texts)
    return "".join(f' --config-settings="{text}"' for text in own)


def _reachable(urls: tuple[str, ...] | list[str]) -> str:
    """Those that are not on this machine's disk."""
    return " ".join(url for url in urls if url and not url.startswith("file:"))


def _links(settings: Settings) -> list[str]:
    local = [f"{_LINKS}/{number}" for number, _ in enumerate(_local_folders(settings))]
    return local + [
        place for place in settings.find_links if "://" in place and not place.startswith("file:")
    ]


def _local_folders(settings: Settings) -> list[Path]:
    places = (Path(place.removeprefix("file://")) for place in settings.find_links)
    return [place for place in places if place.is_dir()]


def _certificates(settings: Settings) -> Path | None:
    """Those that the installer would trust here, where it was told which."""
    told = ("SSL_CERT_FILE",) if settings.installer == "uv" else ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    places = (settings.cert, *(os.environ.get(name) for name in told))
    path = next((Path(place) for place in places if place), None)
    return path if path and path.is_file() else None
