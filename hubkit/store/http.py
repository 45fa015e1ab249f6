"""Reading http and https URLs: TLS always verified, no step down from https, nothing decoded on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from hubkit import __version__
from hubkit.errors import FetchError
from hubkit.store.digest import CHUNK_BYTES

if TYPE_CHECKING:
    import requests

    from hubkit.store.fetch import Limits

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def read(url: str, limits: Limits) -> tuple[int | None, Iterator[bytes]]:
    """The announced size, if any, and the content in pieces of 1 MiB. Raises FetchError."""
    import requests

    session = requests.Session()
    try:
        response = _follow(session, url, limits)
    except requests.RequestException as error:
        raise FetchError(f"{_reason(error)}", url=url, hint="Check the network, then run again.") from error
    length = response.headers.get("Content-Length", "")
    return (int(length) if length.isdigit() else None), _pieces(session, response, url)


def _follow(session: requests.Session, url: str, limits: Limits) -> requests.Response:
    headers = {"User-Agent": f"hubkit/{__version__}", "Accept-Encoding": "identity"}
    timeout = (limits.connect_seconds, limits.read_seconds)
    current = url
    for _ in range(MAX_REDIRECTS + 1):
        response = session.get(current, headers=headers, timeout=timeout, stream=True, allow_redirects=False)
        if response.status_code in _REDIRECTS and "Location" in response.headers:
            target = urljoin(current, response.headers["Location"])
            response.close()
            if urlsplit(current).scheme == "https" and urlsplit(target).scheme != "https":
                raise FetchError(f"redirected from https to {target}, which is not safe", url=url)
            current = target
            continue
        if response.status_code != 200:
            response.close()
            raise FetchError(f"the server answered {response.status_code} {response.reason}".rstrip(), url=url)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            raise FetchError("the server sent a compressed copy, though none was asked for", url=url)
        return response
    raise FetchError(f"more than {MAX_REDIRECTS} redirects", url=url)


def _pieces(session: requests.Session, response: requests.Response, url: str) -> Iterator[bytes]:
    import requests

    try:
        with session, response:
            yield from response.iter_content(CHUNK_BYTES)
    except requests.RequestException as error:
        raise FetchError(f"{_reason(error)}", url=url, hint="The connection was cut. Run again.") from error


def _reason(error: Exception) -> str:
    """What went wrong on the network, in one line and without the library's own wrapping."""
    import requests
    import urllib3

    host = urlsplit(getattr(error.request, "url", None) or "").hostname if hasattr(error, "request") else None
    inner: BaseException | None = error
    for _ in range(8):
        if isinstance(inner, urllib3.exceptions.NameResolutionError):
            return f"the host {host or 'of this URL'} cannot be resolved"
        if isinstance(inner, ConnectionRefusedError):
            return "the connection was refused"
        nested = [part for part in getattr(inner, "args", ()) if isinstance(part, BaseException)]
        inner = getattr(inner, "reason", None) or (nested[0] if nested else None) or getattr(inner, "__cause__", None)
        if not isinstance(inner, BaseException):
            break
    words: tuple[tuple[type[Exception], str], ...] = (
        (requests.exceptions.SSLError, "its TLS certificate could not be verified"),
        (requests.exceptions.ConnectTimeout, "no connection within the time limit"),
        (requests.exceptions.ReadTimeout, "the server was silent for longer than the time limit"),
        (requests.exceptions.InvalidURL, "it is no valid URL"),
        (requests.exceptions.ChunkedEncodingError, "the connection was cut"),
        (requests.exceptions.ConnectionError, "the connection failed"),
    )
    return next((text for kind, text in words if isinstance(error, kind)), str(error).splitlines()[0])
