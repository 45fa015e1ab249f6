"""TLS: always verified, and never left by a redirect."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.errors import FetchError
from hubkit.store.blobs import BlobStore
from hubkit.store.fetch import FetchOptions, fetch
from tests.requirements import needs_openssl
from tests.store.faults import fault_server
from tests.store.test_faults import CONTENT, DIGEST, GOOD, LIMITS, redirect

pytestmark = needs_openssl
OPTIONS = FetchOptions(limits=LIMITS)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, signed by nobody."""
    path = tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    command += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", tmp_path / "key.pem", "-out", path], check=True, capture_output=True)
    path.write_text(path.read_text() + (tmp_path / "key.pem").read_text())
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "store")


def test_a_server_that_nobody_vouches_for_is_refused_at_once(tls: ssl.SSLContext, store: BlobStore) -> None:
    with fault_server([GOOD], tls) as server:
        with pytest.raises(FetchError, match="its TLS certificate could not be verified"):
            fetch(f"{server.url}net.ckpt", DIGEST, store, OPTIONS)
        assert server.starts == []


def test_a_card_url_over_https_is_fetched_and_gone_on_with(
    tls: ssl.SSLContext, certificate: Path, store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with fault_server([replace(GOOD, stop_after=100_000), GOOD], tls) as server:
        assert fetch(f"{server.url}net.ckpt", DIGEST, store, OPTIONS).path.read_bytes() == CONTENT
        assert server.starts == [None, 100_000]


def test_a_redirect_from_https_to_http_is_not_followed(
    tls: ssl.SSLContext, certificate: Path, store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with fault_server([GOOD]) as plain, fault_server([redirect(f"{plain.url}net.ckpt")], tls) as server:
        with pytest.raises(FetchError, match=f"redirected from https to {plain.url}net.ckpt, which is not safe"):
            fetch(f"{server.url}net.ckpt", DIGEST, store, OPTIONS)
        assert plain.starts == []
