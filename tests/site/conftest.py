"""Fixtures of the catalogue's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubkit.site.serve import make_server
from tests.requirements import chromium
from tests.site.browser import FLAGS, serving
from tests.site.examples import Hub, every_state

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def url(built: Hub) -> Iterator[str]:
    """Where the built site is served."""
    with serving(make_server(built.site, port=0)) as found:
        yield found


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    """An empty hub."""
    (tmp_path / "cards").mkdir()
    return Hub(tmp_path / "cards", tmp_path / "out")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """A hub with a card in every state, built once. Tests must not change it."""
    root = tmp_path_factory.mktemp("built")
    hub = Hub(root / "cards", root / "out")
    every_state(hub)
    return hub
