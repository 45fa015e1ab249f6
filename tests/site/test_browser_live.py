"""A page that is open while the cards change, in a real browser: it loads again by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.requirements import PROJECT, needs_chromium
from tests.site.browser import open_page
from tests.site.examples import U2NET, Hub

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_chromium


@pytest.fixture
def served(hub: Hub) -> Iterator[str]:
    """The URL of a hub that ``hubkit site serve --cards`` shows."""
    hub.add(U2NET)
    command = [sys.executable, "-m", "hubkit", "site", "serve", str(hub.site), "--cards", str(hub.cards), "--port", "0"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line.startswith("Serving ")
        yield line.split(" at ")[1].split()[0]
        server.kill()


def test_an_open_page_loads_again_when_its_card_changes(browser: Browser, hub: Hub, served: str) -> None:
    with browser.new_context() as context:
        watched = open_page(context, f"{served}models/{U2NET}.html")
        page = watched.page
        page.evaluate("window.kept = true")
        path = hub.cards / f"{U2NET}.md"
        path.write_text(path.read_text(encoding="utf-8") + "\nWords that are new.\n", encoding="utf-8")
        page.get_by_role("paragraph").filter(has_text="Words that are new.").wait_for(timeout=30_000)
        assert page.evaluate("window.kept") is None  # it is another document
        assert watched.complaints == []
        assert all(request.startswith(served) for request in watched.requests)
