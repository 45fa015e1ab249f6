"""Reading http and https URLs (RFC 9110): TLS always verified, no step down from https, nothing decoded on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from hubkit import __version__
from hubkit.errors import FetchError
from hubkit.store.digest import CHUNK_BYTES
from hubkit.store.limits import Limits
from hubkit.store.network_errors import network_error
from hubkit.store.transport import Answer, TransientError, shown

if TYPE_CHECKING:
    import requests

MAX_REDIRECTS = 5
# A date stands for exactly one version of a file when it is older than any two changes are likely to be apart.
STRONG_DATE_SECONDS = 60

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]*"')
_CONTENT_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19}|\*)")
_NUMBER = re.compile(r"[0-9]{1,19}")


def open_url(url: str, start: int, validator: str, limits: Limits) -> Answer:
    """The file from byte ``start``, or from 0 where the server sends all of it, or another version than
    ``validator`` stands for, or nonsense. Raises FetchError."""
    import requests
    import urllib3

    session = requests.Session()
    try:
        response = _follow(session, url, start, validator, limits)
        begin = _begin(response, start)
        if begin is None:
            response.close()
            response = _follow(session, url, 0, "", limits)
            begin = 0
            if response.status_code != 200:
                raise FetchError("the server sent a part of the file, though all was asked for", url=shown(url))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        session.close()
        raise network_error(error, url) from error
    except BaseException:
        session.close()
        raise
    return _answer(session, response, begin, url)


def _answer(session: requests.Session, response: requests.Response, begin: int, url: str) -> Answer:
    import urllib3

    raw: urllib3.HTTPResponse = response.raw

    def read() -> bytes:
        try:
            return raw.read1(CHUNK_BYTES, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise network_error(error, url) from error

    def cut() -> None:
        with suppress(OSError, ValueError, RuntimeError):  # it ended by itself
            raw.shutdown()

    def close() -> None:
        with suppress(OSError, urllib3.exceptions.HTTPError):
            response.close()
            session.close()

    return Answer(begin, _total(response, begin), _validator(response.headers), read, cut, close)


def _follow(session: requests.Session, url: str, start: int, validator: str, limits: Limits) -> requests.Response:
    """The response behind all redirects: 200, or 206 or 416 where a part was asked for."""
    headers = {"User-Agent": f"hubkit/{__version__}", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
        if validator:
            headers["If-Range"] = validator
    timeout = (limits.connect_seconds, limits.read_seconds)
    current = url
    for _ in range(MAX_REDIRECTS + 1):
        response = session.get(current, headers=headers, timeout=timeout, stream=True, allow_redirects=False)
        if response.status_code in _REDIRECTS and "Location" in response.headers:
            # Headers come as Latin-1; many servers write UTF-8 into them.
            location = response.headers["Location"].encode("latin-1").decode("utf-8", "replace")
            target = urljoin(current, location)
            response.close()
            scheme = urlsplit(target).scheme
            if scheme != "https" and (scheme != "http" or urlsplit(current).scheme == "https"):
                raise FetchError(
                    f"redirected from {urlsplit(current).scheme} to {shown(target)}, which is not safe", url=shown(url)
                )
            current = target
            continue
        _refuse(response, url, partial=bool(start))
        return response
    raise FetchError(f"more than {MAX_REDIRECTS} redirects", url=shown(url))


def _refuse(response: requests.Response, url: str, *, partial: bool) -> None:
    """Raise where the response is not what may be read."""
    status = response.status_code
    if status == 200 or (partial and status in (206, 416)):
        if response.headers.get("Content-Encoding", "identity").lower() in ("", "identity"):
            return
        response.close()
        raise FetchError("the server sent a compressed copy, though none was asked for", url=shown(url))
    response.close()
    words = f"the server answered {status} {response.reason}".rstrip()
    if status in _PASSING:
        raise TransientError(words, url=shown(url), retry_after=_retry_after(response.headers.get("Retry-After", "")))
    raise FetchError(words, url=shown(url))


def _begin(response: requests.Response, start: int) -> int | None:
    """Where the response's bytes begin; None where it must be asked again, for the whole file."""
    if response.status_code == 200:
        return 0
    sent = response.headers.get("Content-Range", "")
    if response.status_code == 416:
        return None
    found = _CONTENT_RANGE.fullmatch(sent)
    return start if found and int(found[1]) == start <= int(found[2]) else None


def _total(response: requests.Response, begin: int) -> int | None:
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "")) if begin else None
    if found:
        return None if found[3] == "*" else int(found[3])
    if "Transfer-Encoding" in response.headers:
        return None
    length = response.headers.get("Content-Length", "").strip()
    return begin + int(length) if _NUMBER.fullmatch(length) else None


def _validator(headers: Mapping[str, str]) -> str:
    """A strong ETag, else a date of change that is old enough to be one (RFC 9110, 8.8.2.2), else nothing."""
    etag = headers.get("ETag", "")
    if etag:
        return etag if _STRONG_ETAG.fullmatch(etag) else ""
    try:
        changed, sent = (parsedate_to_datetime(headers.get(name, "")) for name in ("Last-Modified", "Date"))
        old = (sent - changed).total_seconds() >= STRONG_DATE_SECONDS
    except (TypeError, ValueError):
        return ""
    return headers["Last-Modified"] if old else ""


def _retry_after(text: str) -> float | None:
    """Seconds to wait by a ``Retry-After``, which is a number or a date (RFC 9110, 10.2.3)."""
    if _NUMBER.fullmatch(text):
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
