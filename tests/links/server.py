"""An HTTP host that plays tricks: on loopback, in a thread, ended by the test."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

CERTIFICATE = Path(__file__).with_name("self_signed.pem")
"""Self-signed, for models.example, localhost and 127.0.0.1, with its key; it protects nothing."""


@dataclass(frozen=True)
class Reply:
    """One answer; ``{host}`` in a header stands for the server's own URL."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    announced: int | None = None
    """A Content-Length that lies."""
    manner: str = ""
    """``cut``: the connection is closed instead; ``silent``: nothing comes; ``drip``: a byte now and then;
    ``trickle``: the head at once, and a byte of the body now and then; ``last``: the connection is closed as soon as
    another request comes on it, which does not count as a visit."""


# Replies to HEAD and to GET by the number of the visit, the last one for all that follow.
Script: TypeAlias = Reply | Sequence[Reply] | Mapping[str, Reply | Sequence[Reply]]


@dataclass
class Host:
    """What the server does and what it saw."""

    script: Mapping[str, Script]
    """Path -> its replies; 404 for others."""
    url: str = ""
    """Where it listens, without a slash at the end."""
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(method, path) -> how often it was asked for."""
    connections: int = 0
    """How many connections were made."""
    open: int = 0
    """How many of them are open."""
    at_once: int = 0
    """Requests that are being answered."""
    most_at_once: int = 0
    """The most of them."""
    hold_until: int = 0
    """With a number, requests are answered only when as many wait."""
    headers: dict[str, list[str]] = field(default_factory=dict)
    """Path -> the lines of its last request's head."""

    def reply(self, method: str, path: str) -> Reply:
        """The reply to the visit that was just counted."""
        script = self.script.get(path, Reply(404))
        if isinstance(script, Mapping):
            script = script[method]
            visit = self.hits[method, path]
        else:
            visit = self.hits["HEAD", path] + self.hits["GET", path]
        return script if isinstance(script, Reply) else script[min(visit, len(script)) - 1]


@contextmanager
def link_host(script: Mapping[str, Script], *, tls: bool = False, hold_until: int = 0) -> Iterator[Host]:
    """A server on a free port of 127.0.0.1 that plays ``script`` until the block ends."""
    host = Host(script, hold_until=hold_until)
    loop = asyncio.new_event_loop()
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)

    async def start() -> asyncio.Server:
        return await asyncio.start_server(lambda r, w: _serve(host, r, w), "127.0.0.1", 0, ssl=context, backlog=512)

    async def stop() -> None:
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = loop.run_until_complete(start())
    host.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _serve(host: Host, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    host.connections += 1
    host.open += 1
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        reply = Reply()
        while (head := await reader.readuntil(b"\r\n\r\n")) and reply.manner != "last":
            lines = head.decode("latin-1").strip().split("\r\n")
            method, path, _ = lines[0].split(" ")
            host.hits[method, path] += 1
            host.headers[path] = lines
            host.at_once += 1
            host.most_at_once = max(host.most_at_once, host.at_once)
            try:
                await _hold(host)
                reply = host.reply(method, path)
                if not await _answer(reply, host, method, writer):
                    break
            finally:
                host.at_once -= 1
    host.open -= 1
    writer.close()


async def _hold(host: Host) -> None:
    while host.hold_until and host.most_at_once < host.hold_until:
        await asyncio.sleep(0.01)
    if host.hold_until:
        await asyncio.sleep(0.1)  # time for one too many to come


async def _answer(reply: Reply, host: Host, method: str, writer: asyncio.StreamWriter) -> bool:
    """Whether the connection stays."""
    if reply.manner == "cut":
        return False
    if reply.manner == "silent":
        await asyncio.sleep(60)
    length = len(reply.body) if reply.announced is None else reply.announced
    lines = [f"HTTP/1.1 {reply.status} Played", f"Content-Length: {length}"]
    lines += [f"{name}: {value.replace('{host}', host.url)}" for name, value in reply.headers.items()]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    if reply.manner in ("drip", "trickle"):
        start = 0 if reply.manner == "drip" else len(head)
        writer.write(head[:start])
        for number in range(start, 1200):
            writer.write(head[number : number + 1] if number < len(head) - 4 else b"x")
            await writer.drain()
            await asyncio.sleep(0.05)
    writer.write(head if method == "HEAD" else head + reply.body)
    await writer.drain()
    return length == len(reply.body)


class _Everything(asyncio.Protocol):
    """Answers 200 to all requests as fast as it can."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *heads, self._rest = (self._rest + data).split(b"\r\n\r\n")
        assert isinstance(self._transport, asyncio.WriteTransport)
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * len(heads))


async def _serve_everything() -> None:
    server = await asyncio.get_running_loop().create_server(_Everything, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    # Prints its port, and answers until it is ended.
    asyncio.run(_serve_everything())
