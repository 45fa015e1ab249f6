"""One HTTP request: to an address that the guard let through, under the URL's own host name, TLS always verified.

The pools of urllib3 are used directly: each belongs to one address, and nothing below it asks a name server or reads
the environment's proxies. A proxy would resolve names itself, behind the guard; it is not used on purpose.
"""

from __future__ import annotations

import os
import ssl
from collections import OrderedDict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from http.client import RemoteDisconnected
from threading import Lock
from typing import Any

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Timeout, parse_url

from hubkit import __version__
from hubkit.links.addresses import Addresses, NoNameServerError, RefusedAddressError, UnresolvedError
from hubkit.links.deadlines import Deadlines
from hubkit.links.fragments import Search
from hubkit.links.options import Limits

_PIECE = 64 * 1024
_SMALL = 16 * 1024
_MOST_ADDRESSES = 4
_HEADERS = {"User-Agent": f"hubkit/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
_HTML = ("text/html", "application/xhtml+xml")


class Problem(Enum):
    """Why there is no answer."""

    INVALID = "invalid"
    REFUSED = "refused"
    UNRESOLVED = "unresolved"
    NO_NAME_SERVER = "no name server"
    TLS = "tls"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that was not answered."""

    problem: Problem
    """The kind of reason."""
    reason: str
    """The reason in words, to stand after "the link ..."."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    """The HTTP status."""
    location: str = ""
    """The Location header; empty where there is none."""
    retry_after: str = ""
    """The Retry-After header; empty where there is none."""
    fragments: dict[str, bool] = field(default_factory=dict)
    """Fragment -> whether it is in the page; one that could not be looked for is not in it."""


def host_of(url: str) -> str | None:
    """The host that a request for ``url`` goes to, in lower case; None where it is no http URL with a host."""
    try:
        parts = parse_url(url)
    except LocationParseError:
        return None
    return parts.host.lower() if parts.scheme in ("http", "https") and parts.host else None


class Client:
    """Makes requests from several threads; connections are kept."""

    def __init__(self, limits: Limits, addresses: Addresses, deadlines: Deadlines) -> None:
        self._limits = limits
        self._addresses = addresses
        self._deadlines = deadlines
        self._pools: OrderedDict[tuple[str, str, int, str], urllib3.HTTPConnectionPool] = OrderedDict()
        self._lock = Lock()
        self._plain = _watched(HTTPConnection, deadlines)
        self._secure = _watched(HTTPSConnection, deadlines)

    def ask(
        self, method: str, url: str, fragments: Collection[str], allowed_private: Collection[str]
    ) -> Answer | Failure:
        """Request ``url``, whose body is read only to look for ``fragments``; redirects are not followed."""
        try:
            parts = parse_url(url)
            host = parts.host
            if parts.scheme not in ("http", "https") or not host or (parts.port or 1) > 65535:
                return Failure(Problem.INVALID, "is no http URL")
            addresses = self._addresses.of(host, allowed_private)
        except LocationParseError:
            return Failure(Problem.INVALID, "is no valid URL")
        except RefusedAddressError:
            return Failure(Problem.REFUSED, f"leads to a private address: {host}")
        except UnresolvedError:
            return Failure(Problem.UNRESOLVED, f"names a host that does not exist: {host}")
        except NoNameServerError:
            return Failure(Problem.NO_NAME_SERVER, f"could not be checked: no name server answers for {host}")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        name = host if parts.port is None else f"{host}:{port}"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query is not None else "")
        result: Answer | Failure | None = None
        for address in addresses[:_MOST_ADDRESSES]:
            place = (parts.scheme, address, port, host)
            try:
                try:
                    return self._ask(self._pool(*place), method, name, target, fragments)
                except _KeptTooLongError:
                    self._deadlines.end()
                    return self._ask(self._pool(*place, anew=True), method, name, target, fragments)
            except (NewConnectionError, ConnectTimeoutError) as error:
                result = Failure(Problem.CONNECTION, _words(error))
            except (HTTPError, OSError, ValueError) as error:
                late = self._deadlines.end()
                if isinstance(error, SSLError) and not late:
                    return Failure(Problem.TLS, f"has a TLS certificate that cannot be verified ({_tls_reason(error)})")
                took = f"was not answered in full within {self._limits.total_seconds:g} seconds"
                return Failure(Problem.CONNECTION, took if late else _words(error))
        assert result is not None
        return result

    def _ask(
        self, pool: urllib3.HTTPConnectionPool, method: str, name: str, target: str, fragments: Collection[str]
    ) -> Answer:
        response = pool.urlopen(
            method,
            target,
            headers={**_HEADERS, "Host": name},
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        if self._deadlines.is_cut():  # http.client takes the end of a connection for the end of the headers
            response.close()
            raise HTTPError("late")
        found: dict[str, bool] = {}
        try:
            length = response.headers.get("Content-Length", "")
            if method == "GET":
                if fragments and 200 <= response.status < 300 and _is_plain_html(response):
                    found = self._search(response, fragments)
                elif length.isdigit() and int(length) <= _SMALL:
                    with suppress(HTTPError, OSError):  # the status is known; this is to use the connection again
                        response.read(_SMALL, decode_content=False)
            headers = response.headers
            return Answer(response.status, headers.get("Location", ""), headers.get("Retry-After", ""), found)
        finally:
            self._deadlines.end()
            if method == "HEAD":
                response.drain_conn()
                response.release_conn()
            else:
                # One that was read to its end is back in its pool; of the others nothing more is wanted.
                response.close()

    def _search(self, response: urllib3.BaseHTTPResponse, fragments: Collection[str]) -> dict[str, bool]:
        search = Search(fragments)
        size, whole = 0, False
        try:
            while search.missing and size < self._limits.max_body_bytes:
                piece = response.read(_PIECE, decode_content=False)
                if not piece:
                    whole = True
                    break
                size += len(piece)
                search.feed(piece)
        except (HTTPError, OSError):
            whole = False  # the rest of the page may have it
        return {name: name not in search.missing for name in fragments if whole or name not in search.missing}

    def _pool(
        self, scheme: str, address: str, port: int, host: str, *, anew: bool = False
    ) -> urllib3.HTTPConnectionPool:
        """The connections to an address; with ``anew``, none of those that were kept."""
        key = (scheme, address, port, host)
        with self._lock:
            if anew or key not in self._pools:
                self._pools[key] = self._new_pool(*key)
            self._pools.move_to_end(key)
            if len(self._pools) > self._limits.in_total:
                # Its connections are closed when nothing uses it any more: a catalogue may name thousands of hosts.
                self._pools.popitem(last=False)
            return self._pools[key]

    def _new_pool(self, scheme: str, address: str, port: int, host: str) -> urllib3.HTTPConnectionPool:
        limits = self._limits
        numeric = f"[{address}]" if ":" in address else address
        more: dict[str, Any] = {
            "maxsize": min(limits.per_host, limits.in_total),
            "timeout": Timeout(connect=limits.connect_seconds, read=limits.read_seconds),
        }
        if scheme == "https":
            name = host.strip("[]")
            secure = urllib3.HTTPSConnectionPool(numeric, port, ssl_context=_tls(), server_hostname=name, **more)
            secure.ConnectionCls = self._secure
            return secure
        plain = urllib3.HTTPConnectionPool(numeric, port, **more)
        plain.ConnectionCls = self._plain
        return plain


class _KeptTooLongError(HTTPError):
    """A connection that had served before was closed instead of an answer: the server had had enough of it, and has
    not seen the request (RFC 9112, section 9.3.1)."""


def _watched(kind: type[Any], deadlines: Deadlines) -> type[Any]:
    """A kind of connection whose requests have a deadline, and that tells when it was kept for too long."""

    class Watched(kind):  # type: ignore[misc]
        def request(self, *args: Any, **kwargs: Any) -> None:
            self._was_kept = self.sock is not None
            super().request(*args, **kwargs)
            deadlines.begin(self.sock)

        def getresponse(self) -> Any:
            try:
                return super().getresponse()
            except (RemoteDisconnected, ConnectionResetError) as error:
                if self._was_kept and not deadlines.is_cut():
                    raise _KeptTooLongError("kept too long") from error
                raise

    return Watched


@cache
def _tls() -> ssl.SSLContext:
    """The system's certificate authorities and those of certifi, as requests has them."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    bundle = os.environ.get("REQUESTS_CA_BUNDLE")
    if bundle:
        context.load_verify_locations(bundle)
    return context


def _is_plain_html(response: urllib3.BaseHTTPResponse) -> bool:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind in _HTML and response.headers.get("Content-Encoding", "identity").lower() == "identity"


def _tls_reason(error: Exception) -> str:
    inner = error.args[0] if error.args else error
    return getattr(inner, "verify_message", "") or str(inner).split(" (_ssl.c")[0]


def _words(error: Exception) -> str:
    """A failed connection in words, without the library's wrapping."""
    if isinstance(error, NewConnectionError):  # a kind of ConnectTimeoutError
        refused = isinstance(error.__cause__, ConnectionRefusedError)
        return f"was not answered: the connection {'was refused' if refused else 'failed'}"
    if isinstance(error, ConnectTimeoutError):
        return "was not answered: no connection within the time limit"
    if isinstance(error, ReadTimeoutError):
        return "was not answered: the server was silent for longer than the time limit"
    return "was not answered: the connection was cut"
