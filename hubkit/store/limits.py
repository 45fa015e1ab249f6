"""How much may come, how slowly, and how often it is asked for again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one download from one source."""

    connect_seconds: float = 10.0
    """How long to wait for a connection."""
    read_seconds: float = 30.0
    """How long a server may be silent."""
    min_bytes_per_second: float = 1024.0
    """The least rate at which bytes must come, counted over ``rate_seconds``."""
    rate_seconds: float = 60.0
    """Over how long the rate is counted; the wait for the answer's head counts too."""
    max_bytes: int = 64 * 1024**3
    """The largest file that is accepted."""
    retries: int = 4
    """How often in a row a failure that may pass is tried again. A source that nobody answers at is tried again once.
    An attempt that brought 1 MiB or more begins the count anew."""
    backoff_seconds: float = 0.5
    """The wait before the first retry; it doubles with each, and a random half of it is taken off."""
    max_wait_seconds: float = 60.0
    """The longest wait before a retry, whatever ``Retry-After`` asks for."""
    lock_seconds: float = 300.0
    """After how long without a sign of life the process that fetches the same file is taken for dead."""
