"""What is known of a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How a link fares."""

    ALIVE = "alive"
    MOVED = "moved"
    MIRRORED = "mirrored"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What asking for a page came to. A page is a URL without its fragment."""

    state: State
    """How the link fares. A moved page is there, at another address; a mirrored one only on a mirror."""
    checked: datetime | None
    """When it was asked for, in UTC; None where it never was."""
    status: int | None = None
    """The last HTTP status, where a server answered."""
    reason: str = ""
    """Why it is not simply alive, to stand after "the link ..."; empty where it is."""
    moved_to: str = ""
    """The page's permanent new address, of a moved one."""
    mirror: str = ""
    """The mirror's URL that has it, of a mirrored one."""
    fragments: Mapping[str, bool] = field(default_factory=dict)
    """Fragment -> whether the page has a place of that name; one that could not be looked for is not in it."""
    from_cache: bool = False
    """Whether this was found out in an earlier run."""


def split_fragment(url: str) -> tuple[str, str]:
    """The page of a URL and its fragment, as they are written; the fragment is empty where there is none."""
    page, _, fragment = url.partition("#")
    return page, fragment
