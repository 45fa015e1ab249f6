"""HTTP servers for tests: on loopback, ended by the test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class AssetHost:
    """What a server serves and what it was asked."""

    url: str
    """Where it listens, with a slash at the end."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Path without its first slash -> content."""
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    """Path -> what answers a request in another way than with a file."""
    requests: list[str] = field(default_factory=list)
    """The paths that were asked for, in order."""


@contextmanager
def asset_host() -> Iterator[AssetHost]:
    """A server on a free port of 127.0.0.1 that plays an asset host until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            host.requests.append(name)
            if name in host.answers:
                host.answers[name](self)
            elif name in host.files:
                send(self, host.files[name])
            else:
                self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            """A test's output is not the place for an access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host = AssetHost(f"http://127.0.0.1:{server.server_address[1]}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def send(handler: BaseHTTPRequestHandler, content: bytes, *, announced: int | None = None) -> None:
    """Answer with ``content``; ``announced`` lies about its length."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content) if announced is None else announced))
    handler.end_headers()
    handler.wfile.write(content)


def redirect(target: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer that sends the client to ``target``."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer
