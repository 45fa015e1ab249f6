"""Reading file URLs (RFC 8089), for mirrors on a disk."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from hubkit.errors import FetchError
from hubkit.store.digest import CHUNK_BYTES
from hubkit.store.limits import Limits
from hubkit.store.transport import Answer


def open_url(url: str, start: int, validator: str, limits: Limits) -> Answer:  # noqa: ARG001  # as every transport
    """The file from byte ``start``, or from 0 where it ends before. Raises FetchError."""
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise FetchError("a file URL names no other host", url=url, hint="Write file:///folder/file.")
    path = Path(unquote(parts.path))
    try:
        if not path.is_file():  # neither a folder nor a pipe, which would be waited for
            raise FetchError("No such file", url=url)
        stream = path.open("rb", buffering=0)
    except OSError as error:
        raise FetchError(f"{error.strerror}", url=url) from error
    total = path.stat().st_size
    begin = start if start <= total else 0
    stream.seek(begin)

    def read() -> bytes:
        try:
            return stream.read(CHUNK_BYTES) or b""
        except OSError as error:
            raise FetchError(f"{error.strerror}", url=url) from error

    return Answer(begin, total, "", read, cut=lambda: None, close=stream.close)
