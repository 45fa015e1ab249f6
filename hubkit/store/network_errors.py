"""What went wrong on the network, in words of one line, without the wrapping of the libraries."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from hubkit.errors import FetchError
from hubkit.store.transport import TransientError, shown


def network_error(error: Exception, url: str) -> FetchError:
    """The error as hubkit raises it: TransientError where another attempt may succeed."""
    import http.client
    import ssl

    import requests
    import urllib3

    host = urlsplit(url).hostname or "of this URL"
    # The first that fits anything in the chain: the kind of error, its words, whether it may pass, whether somebody
    # answered.
    table: tuple[tuple[tuple[type[BaseException], ...], str, bool, bool], ...] = (
        ((urllib3.exceptions.NameResolutionError,), f"the host {host} cannot be resolved", True, False),
        ((ConnectionRefusedError,), "the connection was refused", True, False),
        ((ssl.SSLCertVerificationError,), "its TLS certificate could not be verified", False, True),
        (
            (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, urllib3.exceptions.LocationParseError),
            "it is no valid URL", False, True,
        ),
        (
            (requests.exceptions.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError),
            "no connection within the time limit", True, False,
        ),
        (
            (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError),
            "the server was silent for longer than the time limit", True, True,
        ),
        ((ssl.SSLError, requests.exceptions.SSLError), "the TLS connection failed", True, True),
        (
            (http.client.IncompleteRead, ConnectionResetError, BrokenPipeError),
            "the connection was cut", True, True,
        ),
        (
            (requests.exceptions.InvalidHeader, urllib3.exceptions.InvalidHeader),
            "the server's answer cannot be read", False, True,
        ),
        ((urllib3.exceptions.ProtocolError,), "the connection failed", True, True),
        ((requests.exceptions.ConnectionError, OSError), "the connection failed", True, False),
    )  # fmt: skip
    chain = tuple(_chain(error))
    for kinds, words, passing, reached in table:
        if any(isinstance(one, kinds) for one in chain):
            hint = "Check the network, then run again."
            if passing:
                return TransientError(words, url=shown(url), hint=hint, reached=reached)
            return FetchError(words, url=shown(url))
    return FetchError((str(error).splitlines() or [type(error).__name__])[0], url=shown(url))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps, outermost first."""
    inner: object = error
    for _ in range(8):
        if not isinstance(inner, BaseException):
            return
        yield inner
        nested = next((part for part in inner.args if isinstance(part, BaseException)), None)
        inner = getattr(inner, "reason", None) or nested or inner.__cause__ or inner.__context__
