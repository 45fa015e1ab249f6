"""A server that misbehaves as it is told, and a proxy that spoils what passes through it; both on loopback."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

SECONDS = 15.0


@dataclass(frozen=True)
class Reply:
    """How one request is answered."""

    content: bytes = b""
    """The file."""
    status: int | None = None
    """The status; None for 200, or 206 where a part was asked for and is given."""
    ranges: bool = True
    """Whether parts are given."""
    etag: str = '"v1"'
    """``ETag``; empty for none. ``If-Range`` is held against it."""
    changed: datetime | None = None
    """``Last-Modified``."""
    length: int | str = "right"
    """``Content-Length``: a number, "right", "none", or "chunked" for chunks instead of it."""
    shift: int = 0
    """How far the part that is sent lies from the one that was asked for; ``Content-Range`` says so."""
    content_range: str = ""
    """``Content-Range`` in the right one's stead."""
    headers: tuple[tuple[str, str], ...] = ()
    """Further header fields."""
    stop_after: int | None = None
    """The connection is closed after so many bytes of the body."""
    reset: bool = False
    """Whether it is then reset instead."""
    extra: bytes = b""
    """Sent after the body."""
    pieces: tuple[int, float] = (1 << 20, 0.0)
    """Bytes that are sent at a time, and the seconds between them."""
    raw: bytes | None = None
    """Sent in the stead of any answer."""
    silent: bool = False
    """Whether nothing is sent, until the client goes away."""


@dataclass
class FaultServer:
    """What it serves and what it saw."""

    url: str
    """Where it listens, with a slash at the end."""
    script: Sequence[Reply] = ()
    """How the first request is answered, the second, ...; the last one stands for all that follow."""
    starts: list[int | None] = field(default_factory=list)
    """For each request, the byte from which the file was asked for; None where no range was."""
    conditions: list[str] = field(default_factory=list)
    """For each request, its ``If-Range``."""
    sent: int = 0
    """Bytes of bodies that were handed to the network."""
    counting: threading.Lock = field(default_factory=threading.Lock)
    """Held while ``sent`` is changed: each connection has a thread of its own."""
    closing: threading.Event = field(default_factory=threading.Event)
    """Set when the test ends."""


@contextmanager
def fault_server(script: Sequence[Reply] = (), tls: ssl.SSLContext | None = None) -> Iterator[FaultServer]:
    """A server on a free port that plays ``script``, behind TLS where ``tls`` says how."""
    lock = threading.Lock()

    def serve(plain: socket.socket) -> None:
        if tls is None:
            answer(plain)
        else:
            with tls.wrap_socket(plain, server_side=True) as connection:
                answer(connection)

    def answer(connection: socket.socket) -> None:
        head = _head(connection)
        if not head:
            return
        fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        wanted = fields.get("range", "")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else None
        with lock:
            reply = host.script[min(len(host.starts), len(host.script) - 1)]
            host.starts.append(start)
            host.conditions.append(fields.get("if-range", ""))
        _play(host, reply, connection, start, fields.get("if-range", ""))

    with _listening(serve) as port:
        host = FaultServer(f"http{'s' if tls else ''}://127.0.0.1:{port}/", script)
        try:
            yield host
        finally:
            host.closing.set()


def _play(host: FaultServer, reply: Reply, connection: socket.socket, start: int | None, condition: str) -> None:
    if reply.silent:
        while connection.recv(4096):
            pass
        return
    if reply.raw is not None:
        _send(host, reply, connection, reply.raw)
        return
    date = format_datetime(reply.changed, usegmt=True) if reply.changed else ""
    partial = reply.ranges and start is not None and condition in ("", reply.etag.lower(), date.lower())
    size = len(reply.content)
    status = reply.status or (200 if not partial else 416 if (start or 0) >= size else 206)
    lines = [
        f"HTTP/1.1 {status} Played",
        "Connection: close",
        f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}",
    ]
    begin = (start or 0) + reply.shift if status == 206 else 0
    body = b"" if status == 416 or (reply.status and reply.status not in (200, 206)) else reply.content[begin:]
    if status == 206:
        lines.append(f"Content-Range: {reply.content_range or f'bytes {begin}-{size - 1}/{size}'}")
    if status == 416:
        lines.append(f"Content-Range: bytes */{size}")
    if reply.etag:
        lines.append(f"ETag: {reply.etag}")
    if date:
        lines.append(f"Last-Modified: {date}")
    if reply.length == "chunked":
        lines.append("Transfer-Encoding: chunked")
    elif reply.length != "none":
        lines.append(f"Content-Length: {len(body) if reply.length == 'right' else reply.length}")
    lines += [f"{name}: {value}" for name, value in reply.headers]
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    _send_body(host, reply, connection, body)


def _send_body(host: FaultServer, reply: Reply, connection: socket.socket, body: bytes) -> None:
    whole = reply.stop_after is None
    _send(host, reply, connection, body if whole else body[: reply.stop_after])
    if reply.reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif whole:
        connection.sendall((b"0\r\n\r\n" if reply.length == "chunked" else b"") + reply.extra)


def _send(host: FaultServer, reply: Reply, connection: socket.socket, data: bytes) -> None:
    step, wait = reply.pieces
    for offset in range(0, len(data), step):
        piece = data[offset : offset + step]
        # Counted before it goes: whoever got the last byte may ask for the count at once.
        with host.counting:
            host.sent += len(piece)
        connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if reply.length == "chunked" else piece)
        if wait and host.closing.wait(wait):
            return


# What a proxy does to the pieces that the server sent: bytes in, pieces out.
Spoil = Callable[[Iterator[bytes]], Iterator[bytes]]


@contextmanager
def proxy(target: str, spoils: Sequence[Spoil]) -> Iterator[str]:
    """A TCP proxy before the server at ``target``: the first connection is spoilt by the first of ``spoils``, ...;
    the last one stands for all that follow. Yields its URL."""
    port = int(target.rstrip("/").rpartition(":")[2])
    count = 0

    def serve(connection: socket.socket) -> None:
        nonlocal count
        spoil = spoils[min(count, len(spoils) - 1)]
        count += 1
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as server:
            server.sendall(_head(connection).encode() + b"\r\n\r\n")
            for piece in spoil(iter(lambda: server.recv(4096), b"")):
                connection.sendall(piece)

    with _listening(serve) as own:
        yield f"http://127.0.0.1:{own}/"


def passing(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Everything as it is."""
    yield from pieces


def cutting(after: int) -> Spoil:
    """Ends the connection after so many bytes."""

    def spoil(pieces: Iterator[bytes]) -> Iterator[bytes]:
        left = after
        for piece in pieces:
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return

    return spoil


def corrupting(at: int) -> Spoil:
    """Turns one bit of the byte at this offset of the stream."""

    def spoil(pieces: Iterator[bytes]) -> Iterator[bytes]:
        seen = 0
        for piece in pieces:
            inside = at - seen
            seen += len(piece)
            if 0 <= inside < len(piece):
                yield piece[:inside] + bytes([piece[inside] ^ 1]) + piece[inside + 1 :]
            else:
                yield piece

    return spoil


def delaying(seconds: float, every: int) -> Spoil:
    """Waits before every so many pieces."""

    def spoil(pieces: Iterator[bytes]) -> Iterator[bytes]:
        for number, piece in enumerate(pieces):
            if number % every == 0:
                time.sleep(seconds)
            yield piece

    return spoil


def reordering(after: int) -> Spoil:
    """Swaps two halves of what follows the first so many bytes."""

    def spoil(pieces: Iterator[bytes]) -> Iterator[bytes]:
        data = b"".join(pieces)
        middle = (after + len(data)) // 2
        yield data[:after] + data[middle:] + data[after:middle]

    return spoil


@contextmanager
def _listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port on which each connection is given to ``serve`` in a thread."""

    def handle(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(SECONDS)
            serve(connection)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


def _head(connection: socket.socket) -> str:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return ""
        head += piece
    return head.decode("latin-1").partition("\r\n\r\n")[0]
