"""Pages in Debian's Chromium, and what goes on behind them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from threading import Thread
from typing import TYPE_CHECKING, Any

from hubkit.site.serve import SiteServer

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Request

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip


@dataclass
class Watched:
    """A page, and what went on behind it."""

    page: Page
    """The page."""
    complaints: list[str] = field(default_factory=list)
    """Messages of the console, errors, and dialogs."""
    requests: list[str] = field(default_factory=list)
    """Every URL that was asked for."""

    def listen(self) -> None:
        """Begin to note down."""
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("request", self._request)

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)


def open_page(context: BrowserContext, url: str) -> Watched:
    """A new page at ``url``, loaded."""
    watched = Watched(context.new_page())
    watched.listen()
    watched.page.goto(url, wait_until="load")
    return watched


@contextmanager
def serving(server: SiteServer) -> Iterator[str]:
    """The URL of a site while it is served."""
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join(timeout=10)


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds against the page as it stands: rule, help, and where."""
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {each['help']}: {json.dumps([node['target'] for node in each['nodes'][:5]])}"
        for each in found["violations"]
    ]
