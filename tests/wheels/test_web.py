"""What HTTP needs besides the requests themselves: certificates, proxies, names."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError
from pyreq_tui.locks import Network
from pyreq_tui.wheels import connections
from pyreq_tui.wheels.web import describe
from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.wheels.conftest import Desk, served

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def no_certificates_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, "SSL_CERT_DIR", "PIP_CLIENT_CERT"):
        monkeypatch.delenv(name, raising=False)


def make_certificate(folder: Path, name: str) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    path = folder / "certificate.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=index"
    )
    places = ["-keyout", path, "-out", folder / "public.pem", "-addext", f"subjectAltName={name}"]
    subprocess.run([*command.split(), *places], check=True, capture_output=True)
    path.write_text(path.read_text() + (folder / "public.pem").read_text())
    return path


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path, desk: Desk) -> None:
    certificate = make_certificate(tmp_path, "IP:127.0.0.1")
    with IndexServer(tmp_path, certificate=certificate) as index:
        with pytest.raises(BuildError, match=r"certificate .* of tiny.*can't be verified") as raised:
            desk.inspect(served(index, make_wheel(tmp_path, "tiny")))
        assert "PIP_CERT" in (raised.value.hint or "")
        assert desk.pauses == []


@pytest.mark.parametrize("variable", NAMES)
def test_a_bundle_named_by_the_environment_is_trusted(
    tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    certificate = make_certificate(tmp_path, "IP:127.0.0.1")
    monkeypatch.setenv(variable, str(certificate))
    with IndexServer(tmp_path, certificate=certificate) as index:
        wheel = served(index, make_wheel(tmp_path, "tiny"))
        assert desk.inspect(wheel).contents[wheel].members
        assert desk.fetch(wheel) == wheel.size_bytes


def test_a_certificate_for_another_name_is_refused(
    tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "DNS:other.example")
    monkeypatch.setenv("PIP_CERT", str(certificate))
    with (
        IndexServer(tmp_path, certificate=certificate) as index,
        pytest.raises(BuildError, match=r"can't be verified.*127"),
    ):
        desk.inspect(served(index, make_wheel(tmp_path, "tiny")))


def test_a_bundle_that_is_none_is_said(
    index: IndexServer, tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CERT", str(tmp_path / "missing.pem"))
    with pytest.raises(BuildError, match=r"missing.pem can't be read as certificates"):
        desk.inspect(served(index, make_wheel(index.folder, "tiny")))


def test_a_proxy_is_used(index: IndexServer, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = served(index, make_wheel(index.folder, "tiny"))
    monkeypatch.setenv("http_proxy", index.file_url("").removesuffix("/files/"))
    monkeypatch.setenv("no_proxy", "")
    afar = replace(wheel, url=f"http://index.invalid/files/{wheel.filename}")
    assert desk.inspect(afar).contents[afar].members


def test_a_host_is_looked_up_once(index: IndexServer, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def count(host: str, *arguments: object, **more: object) -> object:
        asked.append(host)
        return look_up(host, *arguments, **more)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(connections, "_addresses", connections._Addresses())
    monkeypatch.setattr(connections.socket, "getaddrinfo", count)
    wheels = [served(index, make_wheel(index.folder, f"tiny{number}")) for number in range(8)]
    desk.inspect(*(replace(one, url=one.url.replace("127.0.0.1", "localhost")) for one in wheels))
    assert asked.count("localhost") <= 2  # once more where localhost is ::1 first, which nobody serves here


def test_a_name_that_is_unknown_is_said(index: IndexServer, desk: Desk) -> None:
    wheel = replace(served(index, make_wheel(index.folder, "tiny")), url="http://index.invalid/tiny.whl")
    with pytest.raises(BuildError, match=r"connection for tiny.whl at index.invalid failed"):
        desk.inspect(wheel)


def test_a_server_that_says_nothing_is_given_up(index: IndexServer, desk: Desk) -> None:
    desk.network = Network(timeout_seconds=0.2, retries=1)
    index.hang = threading.Event()
    with pytest.raises(BuildError, match=r"tiny.* did not answer in time"):
        desk.inspect(served(index, make_wheel(index.folder, "tiny")))
    assert len(desk.pauses) == 1


@pytest.mark.parametrize("retry_after", ["Wed, 21 Oct 2026 07:28:00 GMT", "nan", "-5"])
def test_a_retry_after_that_is_no_number_is_not_waited_for(
    index: IndexServer, desk: Desk, retry_after: str
) -> None:
    index.fail_first, index.fail_status, index.fail_headers = 1, 503, {"Retry-After": retry_after}
    desk.inspect(served(index, make_wheel(index.folder, "tiny")))
    assert desk.pauses == [0.25]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://user:token@host:8080/a/b/tiny.whl?sig=1", "tiny.whl at host:8080"),
        ("https://host/", "/ at host"),
        ("https://[x/", "'https://[x/'"),
    ],
)
def test_urls_are_described_without_secrets(url: str, text: str) -> None:
    assert describe(url) == text


def test_what_pip_is_configured_with_counts_for_downloads_too(tmp_path: Path, desk: Desk) -> None:
    certificate = make_certificate(tmp_path, "IP:127.0.0.1")
    with IndexServer(tmp_path, certificate=certificate) as index:
        wheel = served(index, make_wheel(tmp_path, "tiny"))
        other = served(index, make_wheel(tmp_path, "other"))
        with pytest.raises(BuildError, match="can't be verified"):
            desk.inspect(wheel)
        desk.network = Network(cert=str(certificate))
        assert desk.inspect(wheel).contents[wheel].members
        desk.network = Network(
            trusted_hosts=("elsewhere", f"127.0.0.1:{wheel.url.split(':')[2].split('/')[0]}")
        )
        assert desk.inspect(other).contents[other].members
        assert desk.fetch(wheel, other)


def test_a_configured_proxy_is_asked(tmp_path: Path, desk: Desk) -> None:
    with IndexServer(tmp_path) as proxy:
        path = make_wheel(tmp_path, "tiny")
        afar = replace(served(proxy, path), url=f"http://index.invalid/files/{path.name}")
        desk.network = Network(proxy=proxy.url.removesuffix("/simple/"))
        assert desk.inspect(afar).contents[afar].members
    assert {one.path for one in proxy.served} == {f"http://index.invalid/files/{path.name}"}


def test_no_more_attempts_than_configured(tmp_path: Path, desk: Desk) -> None:
    desk.network = Network(retries=1)
    with IndexServer(tmp_path, fail_first=9, fail_status=503) as index:
        with pytest.raises(BuildError, match="503"):
            desk.inspect(served(index, make_wheel(tmp_path, "tiny")))
        assert index.requests == 2
