"""What a URL scheme's module offers, and how it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from hubkit.errors import FetchError
from hubkit.store.limits import Limits


class TransientError(FetchError):
    """A failure that may pass: the same source may be asked again."""

    def __init__(
        self, reason: str, *, url: str, hint: str = "", reached: bool = True, retry_after: float | None = None
    ) -> None:
        super().__init__(reason, url=url, hint=hint)
        self.reached = reached
        """Whether somebody answered there at all."""
        self.retry_after = retry_after
        """Seconds that the server asks to wait, if it does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A source that began to answer."""

    start: int
    """The offset in the file of the first byte that comes: the one that was asked for, or 0."""
    total: int | None
    """The size of the whole file, where it is announced."""
    validator: str
    """A text that stands for exactly these bytes (a strong ETag, or a date that is as good); empty without one."""
    read: Callable[[], bytes]
    """The next bytes, at most 1 MiB, as soon as there are any; empty at the end. Raises FetchError."""
    cut: Callable[[], None]
    """Ends a ``read`` that waits in another thread."""
    close: Callable[[], None]
    """Gives the connection or the file back."""


class Transport(Protocol):
    """A module of a URL scheme."""

    def open_url(self, url: str, start: int, validator: str, limits: Limits) -> Answer:
        """Ask for the file from byte ``start``, if it is still the one that ``validator`` stands for.

        An empty ``validator`` asks without that condition. Raises FetchError; TransientError, a kind of it, where
        another attempt may succeed.
        """
        ...


def shown(url: str) -> str:
    """The URL without a user's name and password, for messages."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
