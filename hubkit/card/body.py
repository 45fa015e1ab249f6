"""The Markdown body of a card: its links and headings with positions. Source: CommonMark, by markdown-it-py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from hubkit.card.text import Source

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_BARE_URL = re.compile(r"https?://[^\s<>()\[\]\"'`，。；）】]+[^\s<>()\[\]\"'`，。；）】.,;:!?]")
_MAY_LINK = re.compile(r"[\[<]|://")


@dataclass(frozen=True, slots=True)
class Link:
    """A link, an image or a bare URL in a body."""

    target: str
    """Where it leads, as it is written."""
    text: str
    """The words of the link; the alternative text of an image."""
    start: int
    """Offset of the target's first character in the file."""
    end: int
    """Offset after the target's last character."""
    is_image: bool
    """Whether it is an image."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body."""

    level: int
    """1 for the title, up to 6."""
    text: str
    """Its words, as they are written."""
    start: int
    """Offset of its line."""


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
        text = self.text
        if _NOT_SECTIONABLE.search(text):
            return ((self.start, _parse_section(text)),)
        cuts = [0, *(match.start() for match in _SECTION_START.finditer(text) if match.start() > 0), len(text)]
        return tuple((self.start + begin, _parse_section(text[begin:end])) for begin, end in pairwise(cuts))


# A catalogue republishes one text under many versions, so most sections (citation, disclaimer) were parsed before.
# An ATX heading at column 0 ends whatever stands before it, unless that is fenced code, raw HTML, or a text that
# uses link references of another section: bodies with one of those are parsed in one piece.
_SECTION_START = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
_NOT_SECTIONABLE = re.compile(r"```|~~~|^[ \t>*+\-\d.)]*<|^[ \t>*+\-\d.)]*\[[^\]]+\]:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Section:
    """What is known of a run of Markdown; offsets are counted from its own start."""

    links: tuple[Link, ...]
    """Its links, images and bare URLs."""
    headings: tuple[Heading, ...]
    """Its headings."""


@lru_cache(maxsize=16384)
def _parse_section(text: str) -> _Section:
    source = Source(text)
    environment: dict[str, object] = {}
    parser = _block_parser()
    tokens = parser.parse(text, environment)
    links: list[Link] = []
    headings: list[Heading] = []
    for index, token in enumerate(tokens):
        if token.map is None:
            continue
        if token.type == "heading_open":
            headings.append(Heading(int(token.tag[1]), tokens[index + 1].content, source.line_start(token.map[0] + 1)))
        elif token.type == "inline" and _MAY_LINK.search(token.content):
            children: list[Token] = []
            parser.inline.parse(token.content, parser, environment, children)
            start, end = source.line_start(token.map[0] + 1), source.line_start(token.map[1] + 1)
            links.extend(_locate(children, text, start, end))
    return _Section(tuple(links), tuple(headings))


def _locate(children: list[Token], text: str, start: int, end: int) -> Iterator[Link]:
    """The links of one block, each with the place of its target in ``text[start:end]``."""
    for target, words, is_image in _targets(children):
        found = text.find(target, start, end)
        if found >= 0:
            start = found + len(target)
        else:  # defined elsewhere, as in [text][reference]
            found = text.find(target)
        if found < 0:  # written with escapes or entities
            yield Link(target, words, start, start, is_image)
        else:
            yield Link(target, words, found, found + len(target), is_image)


def _targets(children: list[Token]) -> Iterator[tuple[str, str, bool]]:
    """(target, words, whether an image) of each link in a run of inline tokens."""
    open_link = ""
    words: list[str] = []
    for child in children:
        if child.type == "link_open":
            open_link, words = str(child.attrs.get("href", "")), []
        elif child.type == "link_close":
            yield open_link, "".join(words), False
            open_link = ""
        elif child.type == "image":
            yield str(child.attrs.get("src", "")), child.content, True
        elif child.type == "text":
            words.append(child.content)
            if not open_link:
                for match in _BARE_URL.finditer(child.content):
                    yield match.group(), match.group(), False


@cache
def _block_parser() -> MarkdownIt:
    """A CommonMark parser that leaves inline content alone and link targets as they are written."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.normalizeLink = _as_written  # type: ignore[method-assign]
    parser.validateLink = _any_target  # type: ignore[method-assign]
    return parser


def _as_written(target: str) -> str:
    return target


def _any_target(target: str) -> bool:
    return bool(target)
