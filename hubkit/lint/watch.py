"""Waiting for cards to change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from hubkit.card.find import card_files
from hubkit.errors import CardError
from hubkit.lint.stamp import stamp_of

_POLL_SECONDS = 0.3


def changes(paths: Iterable[Path], *, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Yields once at the start, and then each time a card at ``paths`` was changed, added or removed."""
    paths = tuple(paths)
    before: dict[Path, str] | None = None
    while True:
        now = _stamps(paths)
        if now != before:
            before = now
            yield
        sleep(_POLL_SECONDS)


def _stamps(paths: Iterable[Path]) -> dict[Path, str]:
    try:
        return {path: stamp_of(path) for path in card_files(paths)}
    except CardError:
        return {}  # a folder that is being replaced; the next look finds it again
