"""Git repositories for tests: real ones, made in a folder, and served from loopback by git's own server."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

BACKEND = Path("/usr/lib/git-core/git-http-backend")
needs_backend = pytest.mark.skipif(
    not BACKEND.is_file() and not os.environ.get("CI"), reason="git's HTTP server (git-http-backend) is not installed"
)

ENTRY = """
from src.net import Net

def create_network(name, *args, **kwargs):
    if name == "net":
        return Net(*args, **kwargs)
    raise NotImplementedError(f"{name} is not implemented in the repo")
"""

_IDENTITY = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@b.example",
    "GIT_AUTHOR_DATE": "2024-01-02T03:04:05Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
_ENVIRONMENT = {**os.environ, **_IDENTITY} | {
    name.replace("AUTHOR", "COMMITTER"): value for name, value in _IDENTITY.items() if "AUTHOR" in name
}


def git(folder: Path, *arguments: str) -> str:
    """What git prints in ``folder``."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=_ENVIRONMENT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def make_repository(folder: Path, files: Mapping[str, str], branch: str = "r1.9") -> str:
    """A repository of one commit in ``folder``; the commit. A text that begins with -> makes a link to what follows."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "-b", branch)
    return commit(folder, files)


def commit(folder: Path, files: Mapping[str, str]) -> str:
    """Write the files and commit everything; the commit."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("->"):
            path.symlink_to(text[2:])
        else:
            path.write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "a change")
    return git(folder, "rev-parse", "HEAD")


@dataclass
class GitHost:
    """A server of repositories and what it was asked."""

    url: str
    """Where it listens, with a slash at the end."""
    requests: list[str] = field(default_factory=list)
    """The requests' paths with their queries."""
    headers: list[dict[str, str]] = field(default_factory=list)
    """The requests' headers."""
    moved_to: str = ""
    """Where all requests are sent on to; empty where they are answered."""


@contextmanager
def git_host(root: Path) -> Iterator[GitHost]:
    """git's own HTTP server for the repositories below ``root``, on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_GET(self) -> None:
            host.requests.append(self.path)
            host.headers.append(dict(self.headers))
            if host.moved_to:
                self.send_response(301)
                self.send_header("Location", host.moved_to + self.path)
                self.end_headers()
                return
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            done = subprocess.run(
                [str(BACKEND)],
                env={
                    "GIT_PROJECT_ROOT": str(root),
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                    "REQUEST_METHOD": self.command,
                    "PATH_INFO": parts.path,
                    "QUERY_STRING": parts.query,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    "CONTENT_LENGTH": str(len(body)),
                    "PATH": os.environ["PATH"],
                    **_IDENTITY,
                },
                input=body,
                capture_output=True,
                check=False,
                timeout=30,
            )
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
            self.send_response(int(fields.pop("Status", "200").split()[0]))
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 (the server's name for it)

        def log_message(self, format: str, *args: object) -> None:
            """A test's output is not the place for an access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host = GitHost(f"http://127.0.0.1:{server.server_address[1]}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
