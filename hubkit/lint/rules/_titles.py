"""The titles of a card, and whether its body can be judged, for the rules that look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hubkit.card.parse import Document

_TITLE = re.compile(r"(?<![^\r\n])#[ \t]+([^\r\n]*[^\s])")


@dataclass(frozen=True, slots=True)
class Title:
    """A title of a card."""

    text: str
    """Its words, as they are written."""
    start: int
    """Offset of its first word."""
    end: int
    """Offset after its last word."""


def titles(document: Document) -> Iterator[Title]:
    """Each ``# title`` before the front matter, and each heading of level 1 in the body."""
    for match in _TITLE.finditer(document.source.text, 0, document.front_span[0]):
        yield Title(match[1], *match.span(1))
    for heading in document.body.headings:
        if heading.level == 1 and heading.text.strip():
            yield Title(heading.text, heading.text_start, heading.text_end)


def has_readable_body(document: Document) -> bool:
    """Whether something can be said to be missing from the body: not so where it was not found or not looked at."""
    return (
        document.front_span != (0, 0)
        and not document.body.problems
        and all(fence.closed for fence in document.body.fences)
    )


def first_line(document: Document) -> tuple[int, int]:
    """Offsets of the card's first line, the place of a finding that concerns the card as a whole."""
    return 0, len(document.source.line(1))
