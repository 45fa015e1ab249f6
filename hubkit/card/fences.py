"""Fenced code at column 0, found without parsing the rest. Source: CommonMark 0.31, 4.5.

Such a fence ends whatever block stands before it and begins none, so that a body can be cut around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from hubkit.card.elements import CodeFence

_OPENING = re.compile(r"^(`{3,})([^`\n]*)$", re.MULTILINE)


def fences(text: str) -> Iterator[tuple[int, int, CodeFence]]:
    """(start, end, the fence) of each fence of backticks at column 0 that is closed; ``text`` has no lone CR.

    A fence inside raw HTML or behind ``~~~`` is none: texts with those must not be asked for.
    """
    position = 0
    while opening := _OPENING.search(text, position):
        closing = _closing(len(opening[1])).search(text, opening.end())
        if closing is None:
            return
        position = closing.end()
        yield opening.start(), position, _fence(opening, text[opening.end() + 1 : closing.start()])


def _fence(opening: re.Match[str], written: str) -> CodeFence:
    lines = written.split("\n")[:-1]
    starts = accumulate((len(line) + 1 for line in lines[:-1]), initial=len(opening[0]) + 1)
    return CodeFence(
        language_of(opening[2].replace("\0", "\ufffd")),
        written.replace("\r\n", "\n").replace("\0", "\ufffd"),
        opening.start(),
        opening.start() + len(opening[0].rstrip("\r")),
        closed=True,
        line_starts=tuple(starts) if lines else (),
    )


def language_of(info: str) -> str:
    """The first word of what stands after an opening fence; empty where there is none."""
    if "\\" in info or "&" in info:
        from markdown_it.common.utils import unescapeAll

        info = unescapeAll(info)
    words = info.split(maxsplit=1)
    return words[0] if words else ""


@cache
def _closing(length: int) -> re.Pattern[str]:
    return re.compile(rf"^ {{0,3}}`{{{length},}}[ \t\r]*$", re.MULTILINE)
