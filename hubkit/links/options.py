"""How links are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long. The defaults are polite to any host."""

    per_host: int = 10
    """Requests to one host at a time, at the most."""
    interval_seconds: float = 0.05
    """Time between the starts of two requests to one host, at the least."""
    in_total: int = 64
    """Requests at a time, at the most."""
    connect_seconds: float = 10.0
    """How long to wait for a connection, and then for its TLS handshake."""
    read_seconds: float = 15.0
    """How long a server may be silent."""
    total_seconds: float = 30.0
    """How long a request may take from its first byte to the last one that is read."""
    tries: int = 3
    """How often a request that failed is made before it counts as failed."""
    backoff_seconds: float = 1.0
    """Wait before the second try; it doubles for each one after."""
    retry_after_seconds: float = 60.0
    """The longest wait that a server's Retry-After is granted."""
    redirects: int = 10
    """Redirects that are followed."""
    max_body_bytes: int = 2 * 1024**2
    """How much of a page is searched for fragments."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """How to check links."""

    offline: bool = False
    """Use only what earlier runs found out."""
    allowed_private_hosts: frozenset[str] = frozenset()
    """Hosts, in lower case, that may have private addresses."""
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URL prefix -> prefixes of mirrors; a link is alive where one of them has it."""
    max_age_days: float = 7.0
    """How old a result of an earlier run may be."""
    limits: Limits = field(default_factory=Limits)
    """Limits of number, time and size."""
