"""What rules and readers want to know of Markdown: links, headings, code fences and raw HTML, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from typing import NamedTuple

_NOT_IN_AN_ANCHOR = re.compile(r"[^\w\- ]")
_IN_AN_ANCHOR = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})  # Unicode categories
_EMPHASIS = re.compile(r"(?<!\w)(_{1,2})(?=[^\s_])([^_]*[^\s_])\1(?!\w)")


class Link(NamedTuple):
    """A link, an image or a bare URL."""

    target: str
    """Where it leads; escapes and entities are resolved."""
    text: str
    """The words of the link; the alternative text of an image."""
    start: int
    """Offset of the target's first character; of a [text][reference], where the reference is defined."""
    end: int
    """Offset after the target's last character."""
    is_image: bool
    """Whether it is an image."""
    whole_start: int
    """Offset of the whole link's first character, such as its ``[``."""
    whole_end: int
    """Offset after the whole link's last character."""

    def moved(self, by: int) -> Link:
        """The same, ``by`` characters further on."""
        return Link(
            self.target,
            self.text,
            self.start + by,
            self.end + by,
            self.is_image,
            self.whole_start + by,
            self.whole_end + by,
        )


class Heading(NamedTuple):
    """A heading."""

    level: int
    """1 for the title, up to 6."""
    text: str
    """Its words, as they are written."""
    start: int
    """Offset of its line."""
    text_start: int
    """Offset of its first word."""
    text_end: int
    """Offset after its last word, without closing hashes."""
    anchor: str
    """Its anchor as GitHub makes it; another heading of the card may have the same."""

    def moved(self, by: int) -> Heading:
        """The same, ``by`` characters further on."""
        return Heading(self.level, self.text, self.start + by, self.text_start + by, self.text_end + by, self.anchor)


class CodeFence(NamedTuple):
    """A block of code between fences."""

    language: str
    """The first word after the opening fence; empty where there is none."""
    content: str
    """The code; its lines end with LF and are free of the fence's indentation."""
    start: int
    """Offset of the opening fence."""
    end: int
    """Offset after the opening fence's line."""
    closed: bool
    """Whether a closing fence was found."""
    line_starts: tuple[int, ...]
    """Where each line of the code begins, counted from ``start``."""

    def offset(self, line: int, column: int) -> int:
        """The offset in the file of a place in the code, both counted from 1; a place outside is moved inside."""
        line = min(max(line, 1), len(self.line_starts))
        if not line:
            return self.end
        length = len(self.content.split("\n", line)[line - 1])
        return self.start + self.line_starts[line - 1] + min(max(column - 1, 0), length)

    def moved(self, by: int) -> CodeFence:
        """The same, ``by`` characters further on."""
        return CodeFence(self.language, self.content, self.start + by, self.end + by, self.closed, self.line_starts)


class Html(NamedTuple):
    """Raw HTML: a block of lines, or one tag or comment inside a text."""

    text: str
    """The HTML."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last character."""
    is_block: bool
    """Whether it is a block."""

    def moved(self, by: int) -> Html:
        """The same, ``by`` characters further on."""
        return Html(self.text, self.start + by, self.end + by, self.is_block)


class Section(NamedTuple):
    """What is known of a run of Markdown, each kind in the file's order."""

    links: tuple[Link, ...] = ()
    """Links, images and bare URLs."""
    headings: tuple[Heading, ...] = ()
    """Headings."""
    fences: tuple[CodeFence, ...] = ()
    """Code fences."""
    html: tuple[Html, ...] = ()
    """Raw HTML."""


def join(sections: Iterable[tuple[int, Section]]) -> Section:
    """Sections, each with the offset at which it begins, as one."""
    links: list[Link] = []
    headings: list[Heading] = []
    fences: list[CodeFence] = []
    html: list[Html] = []
    for offset, part in sections:
        headings += [heading.moved(offset) for heading in part.headings]
        if part.links:
            links += [link.moved(offset) for link in part.links]
        if part.fences:
            fences += [fence.moved(offset) for fence in part.fences]
        if part.html:
            html += [found.moved(offset) for found in part.html]
    return Section(tuple(links), tuple(headings), tuple(fences), tuple(html))


def anchor_of(words: str) -> str:
    """The anchor of a heading with these words, as GitHub makes it.

    Letters with their marks, digits and ``_`` of any script stay, in lower case, and so does ``-``; a space becomes
    ``-``; the rest goes, superscripts too. Source: https://github.com/Flet/github-slugger.
    """
    if "_" in words:
        words = _EMPHASIS.sub(r"\2", words)
    if "&" in words:
        words = unescape(words)
    words = words.strip().lower()
    if words.isascii():
        return _NOT_IN_AN_ANCHOR.sub("", words).replace(" ", "-")
    stay = (letter for letter in words if letter in "- " or unicodedata.category(letter) in _IN_AN_ANCHOR)
    return "".join(stay).replace(" ", "-")
