"""Which names of MindSpore 1.x were used."""

from __future__ import annotations

CHECK = "a check of values (not compiled)"
"""What is told of a check of what only running code can know."""
HANDLER = "a handler of errors (not compiled)"
"""What is told of an ``except`` that goes on otherwise."""
LEFT_OUT = {CHECK: "its checks of values", HANDLER: "its handlers of errors"}
"""What is told of code that only an uncompiled run shows to be needless -> its name in a sentence."""

_used: dict[str, None] = {}


def mark(name: str) -> None:
    """Note that ``name`` was used."""
    _used[name] = None


def used() -> tuple[str, ...]:
    """The names that were used since the process began, each once, sorted."""
    return tuple(sorted(_used))
