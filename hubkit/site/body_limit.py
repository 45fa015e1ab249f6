"""How much of a body is shown: one that is made to take long is cut off, and said to be."""

from __future__ import annotations

# A parser of Markdown looks from each bracket for the one that closes it; 10,000 lines of links have 10,000.
MOST_BRACKETS = 20_000


def shown(body: str) -> str:
    """The part of a body that its page shows: whole lines, and all of it as a rule."""
    if body.count("[") <= MOST_BRACKETS:
        return body
    end = -1
    for _ in range(MOST_BRACKETS):
        end = body.index("[", end + 1)
    return body[: body.rfind("\n", 0, end) + 1] + "\n\u2026\n"


def too_much(body: str) -> str:
    """Why a body is not shown whole; empty where it is."""
    count = body.count("[")
    if count <= MOST_BRACKETS:
        return ""
    return f"the body has {count:,} opening brackets, and is shown up to the {MOST_BRACKETS:,}th"
