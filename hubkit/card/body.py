"""The Markdown body of a card: its links, headings, code and raw HTML with positions."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import pairwise

from hubkit.card.elements import CodeFence, Heading, Html, Link, Section, join
from hubkit.card.fences import fences
from hubkit.card.front_matter import Problem
from hubkit.card.text import Source

MAX_BODY_LINES = 5_000
MAX_BODY_MARKUP = 10_000
_MARKUP = "[]<`\\"


class Body:
    """What stands after the front matter. It is parsed when a rule first asks for it."""

    def __init__(self, source: Source, start: int) -> None:
        self._source = source
        self.start = start
        """Offset of the body's first character in the file."""

    @property
    def text(self) -> str:
        """The body as it is written."""
        return self._source.text[self.start :]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Why the body is not looked at; empty as a rule."""
        text, start = self._source.text, self.start
        if len(text) - start <= min(MAX_BODY_LINES, MAX_BODY_MARKUP):
            return ()
        lines = text.count("\n", start) + text.count("\r", start) - text.count("\r\n", start)
        if lines > MAX_BODY_LINES:
            message = f"the body has {lines:,} lines; it may have {MAX_BODY_LINES:,}"
        else:
            markup = sum(text.count(character, start) for character in _MARKUP)
            if markup <= MAX_BODY_MARKUP:
                return ()
            message = f"the body has {markup:,} of the characters {' '.join(_MARKUP)}; it may have {MAX_BODY_MARKUP:,}"
        return (Problem("card-size", start, start, message, "Move lists, tables and logs into files of their own."),)

    @property
    def links(self) -> tuple[Link, ...]:
        """Links, images and bare URLs, in the file's order."""
        return self._content.links

    @property
    def headings(self) -> tuple[Heading, ...]:
        """All headings, in the file's order."""
        return self._content.headings

    @property
    def fences(self) -> tuple[CodeFence, ...]:
        """Blocks of code between fences, in the file's order."""
        return self._content.fences

    @property
    def html(self) -> tuple[Html, ...]:
        """Raw HTML, in the file's order."""
        return self._content.html

    @cached_property
    def _content(self) -> Section:
        if self.problems:
            return Section()
        return join((self.start + offset, part) for offset, part in _parts(self.text))


# A catalogue republishes one text under many versions, so most sections (citation, disclaimer) were parsed before.
# A line that begins with # ends whatever stands before it, unless that is fenced code or raw HTML; and a definition,
# [label]: target, is good for the whole body. Only fences of backticks at column 0 are told apart here: a body that
# holds another one, or one of the others, is parsed in one piece.
_SECTION_START = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
_SHORT = 8192  # longer sections are hardly ever the same, and would fill the memory
_HTML = re.compile(r"^[ \t>*+\-\d.)]*<", re.MULTILINE)


def _parts(text: str) -> list[tuple[int, Section]]:
    """A body's parts, each with its offset. Parsed alone, they give what the whole body gives."""
    if text.count("\r") != text.count("\r\n"):
        return [(0, _parse(text))]
    parts: list[tuple[int, Section]] = []
    position = 0
    for start, end, fence in (*fences(text), (len(text), len(text), None)):
        between = text[position:start]
        if _reaches_far(between):
            return [(0, _parse(text))]
        cuts = [0, *(match.start() for match in _SECTION_START.finditer(between) if match.start()), len(between)]
        parts += ((position + begin, _parse(between[begin:stop])) for begin, stop in pairwise(cuts) if begin < stop)
        if fence is not None:
            parts.append((0, Section(fences=(fence,))))
        position = end
    return parts


def _reaches_far(text: str) -> bool:
    """Whether a text may hold what changes the meaning of text after it, or elsewhere in the body."""
    return "```" in text or "~~~" in text or "]:" in text or ("<" in text and _HTML.search(text) is not None)


def _parse(text: str) -> Section:
    return _parse_short(text) if len(text) <= _SHORT else _parse_any(text)


@lru_cache(maxsize=8192)
def _parse_short(text: str) -> Section:
    return _parse_any(text)


def _parse_any(text: str) -> Section:
    from hubkit.card.markdown import parse_markdown

    return parse_markdown(text)
