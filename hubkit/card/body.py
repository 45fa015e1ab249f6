"""The Markdown body of a card: its links and headings with positions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from hubkit.card.text import Source
from hubkit.card.yaml_front import Problem

if TYPE_CHECKING:
    from hubkit.card.markdown import Heading, Link

MAX_BODY_LINES = 10_000
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
        lines = text.count("\n", start) + text.count("\r", start) - text.count("\r\n", start)
        if lines > MAX_BODY_LINES:
            message = f"the body has {lines:,} lines; it may have {MAX_BODY_LINES:,}"
        else:
            markup = sum(text.count(character, start) for character in _MARKUP)
            if markup <= MAX_BODY_MARKUP:
                return ()
            message = f"the body has {markup:,} of the characters {' '.join(_MARKUP)}; it may have {MAX_BODY_MARKUP:,}"
        return (Problem("card-size", start, start, message, "Move lists, tables and logs into files of their own."),)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Links, images and bare URLs, in the file's order."""
        return tuple(
            replace(link, start=link.start + offset, end=link.end + offset)
            for offset, section in self._sections
            for link in section.links
        )

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """All headings, in the file's order."""
        return tuple(
            replace(heading, start=heading.start + offset)
            for offset, section in self._sections
            for heading in section.headings
        )

    @cached_property
    def _sections(self) -> tuple[tuple[int, _Section], ...]:
        if self.problems:
            return ()
        text = self.text
        if "]:" in text or _LONG_BLOCK.search(text):
            return ((self.start, _parse_section(text)),)
        cuts = [0, *(match.start() for match in _SECTION_START.finditer(text) if match.start() > 0), len(text)]
        return tuple((self.start + begin, _parse_section(text[begin:end])) for begin, end in pairwise(cuts))


# A catalogue republishes one text under many versions, so most sections (citation, disclaimer) were parsed before.
# A line that begins with # ends whatever stands before it, unless that is fenced code or raw HTML; and a definition,
# [label]: target, is good for the whole body. A body that may hold one of those is parsed in one piece.
_SECTION_START = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
_SHORT = 8192  # longer sections are hardly ever the same, and would fill the memory
_LONG_BLOCK = re.compile(r"```|~~~|^[ \t>*+\-\d.)]*<", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Section:
    """What is known of a run of Markdown; offsets are counted from its own start."""

    links: tuple[Link, ...]
    """Its links, images and bare URLs."""
    headings: tuple[Heading, ...]
    """Its headings."""


def _parse_section(text: str) -> _Section:
    return _parse_short_section(text) if len(text) <= _SHORT else _parse(text)


@lru_cache(maxsize=8192)
def _parse_short_section(text: str) -> _Section:
    return _parse(text)


def _parse(text: str) -> _Section:
    from hubkit.card.markdown import parse_markdown

    return _Section(*parse_markdown(text))
