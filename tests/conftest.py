"""Fixtures that all tests share."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.requirements import CI, PROJECT, SHARED

# How fast examples come is a matter of the machine, which no test asserts.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_configure() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so would every program that a test starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def project_dir() -> Path:
    """The checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Golden data and real cards; skipped where they are missing, a failure under CI."""
    if not SHARED.is_dir():
        reason = f"the folder {SHARED.name} with golden data and real cards is not beside the project"
        if CI:
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED


@pytest.fixture(scope="session")
def corpus_dir(shared_dir: Path) -> Path:
    """2,800 real cards."""
    return shared_dir / "corpus" / "mindspore-hub"


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks a name server or leaves this machine."""
    resolve = socket.getaddrinfo

    def guarded(host: str | bytes | None, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in (None, "", "localhost", "::1") or str(name).startswith("127."):
            return resolve(host, *args, **kwargs)
        raise socket.gaierror(socket.EAI_NONAME, f"tests use no network: {name}")

    monkeypatch.setattr(socket, "getaddrinfo", guarded)


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or fills the user's blob store."""
    monkeypatch.setenv("HUBKIT_CACHE", str(tmp_path_factory.getbasetemp() / "blobs"))
