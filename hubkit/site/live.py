"""Showing a site while it is worked on: it is built again when a card changes, and the browser loads it again.

What tells the browser is added by the server alone, to the pages that it sends; no published file holds it. It is a
script of the server's own and a stream of server-sent events, so the pages' policy holds as it is.
Source: HTML Living Standard, section 9.2 (server-sent events).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from hubkit.errors import HubkitError
from hubkit.site.build import build_site
from hubkit.site.serve import SiteHandler, SiteServer, make_server

SCRIPT_PATH = "/.hubkit/reload.js"
EVENTS_PATH = "/.hubkit/events"

_SCRIPT = b"""\
"use strict";
new EventSource("/.hubkit/events").addEventListener("reload", () => location.reload());
"""
_TAG = b'<script src="/.hubkit/reload.js" defer></script>\n</head>'
_POLL_SECONDS = 0.5
_SHARE_OF_TIME = 0.1  # of one core, that looking for changes may take
_SIGN_OF_LIFE_SECONDS = 15.0


class Changes:
    """How often the site has changed, for threads that wait for the next time."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    @property
    def count(self) -> int:
        """How often it has changed."""
        return self._count

    def tell(self) -> None:
        """The site has changed."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def after(self, count: int, seconds: float) -> int:
        """How often it has changed, once that is more than ``count`` or ``seconds`` have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > count, timeout=seconds)
            return self._count


class _LiveHandler(SiteHandler):
    """The site's pages, each with the script that loads it again."""

    def __init__(self, *args: Any, changes: Changes, **options: Any) -> None:
        self._changes = changes
        super().__init__(*args, **options)

    def do_GET(self) -> None:  # noqa: N802 (its name in the library)
        if self.path == EVENTS_PATH:
            self._send_events()
        elif self.path == SCRIPT_PATH:
            self._send(_SCRIPT, "text/javascript; charset=utf-8")
        else:
            super().do_GET()

    def page_content(self, content: bytes) -> bytes:
        return content.replace(b"</head>", _TAG, 1)

    def _send(self, content: bytes, content_type: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send_events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.end_headers()
        count = self._changes.count
        while True:
            seen, count = count, self._changes.after(count, _SIGN_OF_LIFE_SECONDS)
            # A comment, when nothing happened: a browser that is gone shows when it is written to.
            self.wfile.write(b"event: reload\ndata: \n\n" if count > seen else b":\n\n")
            self.wfile.flush()


def make_live_server(site_dir: Path, changes: Changes, host: str = "127.0.0.1", port: int = 8000) -> SiteServer:
    """A server whose pages load again when ``changes`` tells of one. Raises SiteError as make_server does."""
    return make_server(site_dir, host, port, handler=partial(_LiveHandler, changes=changes))


def serve_live(
    cards_dir: Path,
    site_dir: Path,
    *,
    templates_dir: Path | None = None,
    cache_dir: Path | None = None,
    links: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[str], None],
    say: Callable[[str], None],
) -> None:
    """Build the site, show it until Ctrl-C, and build it again when what it is made of changes.

    ``ready`` is called with its URL once it can be reached, ``say`` with every problem, once. Receipts and models are
    those that lie beside the site. Raises HubkitError where the first build fails or the address cannot be had.
    """
    build = partial(
        build_site,
        cards_dir,
        site_dir,
        receipts_dir=site_dir.parent / "receipts",
        models_dir=site_dir.parent / "models",
        templates_dir=templates_dir,
        cache_dir=cache_dir,
        links=links,
    )
    said = _say_new(say, [str(problem) for problem in build().problems], [])
    changes = Changes()
    stop = threading.Event()
    with make_live_server(site_dir, changes, host, port) as server, suppress(KeyboardInterrupt):
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        ready(server.url)
        try:
            keep_building(build, changes, stop, partial(_say_new, say), said)
        finally:
            server.shutdown()


def keep_building(
    build: Callable[[], Any],
    changes: Changes,
    stop: threading.Event,
    say_new: Callable[[list[str], list[str]], list[str]],
    said: list[str],
) -> None:
    """Build again and again until ``stop``; what has not changed is not made, so that most times nothing happens."""
    while not stop.is_set():
        start = time.thread_time()  # by the clock, others' work would keep this waiting
        try:
            result = build()
        except HubkitError as error:
            said = say_new([str(error)], said)
        else:
            said = say_new([str(problem) for problem in result.problems], said)
            if result.written or result.removed:
                changes.tell()
        stop.wait(max(_POLL_SECONDS, (time.thread_time() - start) / _SHARE_OF_TIME))


def _say_new(say: Callable[[str], None], problems: list[str], said: list[str]) -> list[str]:
    for problem in problems:
        if problem not in said:
            say(problem)
    return problems
