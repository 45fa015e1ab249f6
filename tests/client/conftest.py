"""A hub of a few models: cards, a build, a published catalogue, and a server that plays them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.hubs import PublishedHub
from tests.servers import asset_host


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PublishedHub]:
    """A hub in its own folder, which is the working folder, with a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUBKIT_CACHE", str(tmp_path / "store"))
    monkeypatch.delenv("HUBKIT_OFFLINE", raising=False)
    with asset_host() as host:
        yield PublishedHub(tmp_path, host)
