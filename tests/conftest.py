"""Fixtures that all tests share."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.requirements import CI, PROJECT, SHARED

# How fast examples come is a matter of the machine, which no test asserts.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


LONGEST = (
    "convert/test_lowering_ops.py", "compat/test_mint.py", "site/test_browser.py", "convert/test_divergence.py",
    "test_build.py", "convert/test_pipeline.py", "convert/test_pynative.py", "convert/test_foreign.py",
    "zoo/test_zoo.py", "convert/test_forked_runs.py", "site/test_incremental.py", "test_batch.py",
    "convert/test_forecasts.py", "convert/test_foreign_hostile.py", "convert/test_foreign_errors.py",
    "convert/test_from_mindir.py", "convert/test_status.py", "convert/test_fuzz.py", "convert/test_foreign_names.py",
    "site/test_hostile.py", "nets/test_u2net.py", "site/test_browser_search.py", "smoke/test_fitting.py",
    "compat/test_kernels.py", "site/test_changed_cards.py", "site/test_build.py", "site/test_templates.py",
    "house/test_quality.py",
)  # fmt: skip
"""Files that take longest: begun first, so that the processes that share the files end at about the same time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files of LONGEST in that order, then the others."""
    places = {PROJECT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(LONGEST)))


def pytest_configure() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so would every program that a test starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


_MANY_MODULES = 100
_modules_kept = 0


def pytest_runtest_teardown() -> None:
    """Spare collections of garbage what large imports left, which stays to the end.

    MindSpore collects it all at each compilation, which with MindSpore loaded takes longer than most of them.
    """
    global _modules_kept
    if len(sys.modules) - _modules_kept > _MANY_MODULES:
        _modules_kept = len(sys.modules)
        gc.collect()
        gc.freeze()


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


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Builds that name no folder for compiled templates have this one: compiling takes longer than most small hubs.

    Given `cache_dir=None` a build compiles them anew, which one test compares with these.
    """
    from hubkit.site.build import build_site

    base = tmp_path_factory.getbasetemp()
    assert build_site.__kwdefaults__ is not None
    build_site.__kwdefaults__["cache_dir"] = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compiled"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or fills the user's blob store."""
    monkeypatch.setenv("HUBKIT_CACHE", str(tmp_path_factory.getbasetemp() / "blobs"))
