"""A server for looking at a site on one's own machine. It shows the site's files and nothing else."""

from __future__ import annotations

import errno
import gzip
import re
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

from hubkit.errors import SiteError
from hubkit.site.paths import HOME, NOT_FOUND

_CONTENT_TYPES: dict[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".xml": "application/xml; charset=utf-8",
    "": "application/octet-stream",
}
_TEXTS = frozenset({".html", ".css", ".js", ".json", ".svg", ".xml"})
_GZIP_LEVEL = 6  # as most hosts of static files have it
_TAKES_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q\s*=\s*(?:1|0\.0*[1-9])[\d.]*\s*)?(?=,|$)", re.IGNORECASE)


class SiteServer(ThreadingHTTPServer):
    """The server of one site."""

    daemon_threads = True

    @property
    def url(self) -> str:
        """Where it can be reached."""
        host, port = self.server_address[:2]
        name = host.decode() if isinstance(host, (bytes, bytearray)) else host
        return f"http://{name}:{port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def make_server(
    site_dir: Path, host: str = "127.0.0.1", port: int = 8000, *, handler: Callable[..., SiteHandler] | None = None
) -> SiteServer:
    """A server that is bound but does not serve yet; port 0 takes a free one.

    ``handler`` answers what is asked; SiteHandler where it is left out.

    Raises SiteError where there is no site, or the address cannot be had.
    """
    if not (site_dir / HOME).is_file():
        raise SiteError(f"{site_dir}: no site here", hint="Build it first: hubkit site build.")
    try:
        return SiteServer((host, port), partial(handler or SiteHandler, directory=str(site_dir.resolve())))
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        unknown = isinstance(error, socket.gaierror) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL
        hint = "Choose another port with --port; 0 takes a free one."
        raise SiteError(
            f"cannot listen on {host}, port {port}: {reason}",
            hint="Name an address of this machine with --host, such as 127.0.0.1." if unknown else hint,
        ) from error


def serve(
    site_dir: Path, host: str = "127.0.0.1", port: int = 8000, *, ready: Callable[[str], None] | None = None
) -> None:
    """Show a site until Ctrl-C. ``ready`` is called with its URL once it can be reached.

    Raises SiteError as make_server does.
    """
    with make_server(site_dir, host, port) as server, suppress(KeyboardInterrupt):
        if ready:
            ready(server.url)
        server.serve_forever()


class SiteHandler(SimpleHTTPRequestHandler):
    """Files of one folder: none that begins with a dot, none outside by a symbolic link, no list of a folder."""

    extensions_map = _CONTENT_TYPES
    server_version = "hubkit"
    sys_version = ""

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        root = Path(self.directory)
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if hidden or "\0" in str(path) or not path.resolve().is_relative_to(root):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        if self.path.partition("?")[0].endswith("/"):
            path /= HOME
        try:
            is_text = path.suffix in _TEXTS and path.is_file() and path.resolve().is_relative_to(root)
        except OSError:  # such as a name that is too long
            is_text = False
        return self._send_text_head(HTTPStatus.OK, path) if is_text else super().send_head()

    def page_content(self, content: bytes) -> bytes:
        """The bytes that are sent for a page whose file holds ``content``."""
        return content

    def _send_text_head(self, code: HTTPStatus, path: Path) -> BytesIO:
        content = path.read_bytes()
        if path.suffix == ".html":
            content = self.page_content(content)
        self.send_response(code)
        self.send_header("Content-Type", _CONTENT_TYPES[path.suffix])
        self.send_header("Vary", "Accept-Encoding")
        if _TAKES_GZIP.search(self.headers.get("Accept-Encoding", "")):
            content = gzip.compress(content, _GZIP_LEVEL, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return BytesIO(content)

    def list_directory(self, path: Any) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / NOT_FOUND
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = self._send_text_head(HTTPStatus.NOT_FOUND, page)
        if self.command != "HEAD":
            self.wfile.write(content.getvalue())

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: what a reader looks at is nobody's business."""
