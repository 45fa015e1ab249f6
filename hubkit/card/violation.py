"""A way in which front matter is wrong, with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which front matter breaks the schema."""

    start: int
    """Offset of the first character concerned."""
    end: int
    """Offset after the last one."""
    message: str
    """What is wrong."""
    hint: str
    """How to mend it."""
