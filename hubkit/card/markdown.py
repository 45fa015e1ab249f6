"""Links, headings, code and raw HTML of Markdown with exact positions. Source: CommonMark, by markdown-it-py.

markdown-it-py tells the lines of a block but not where in it a link stands. Here its link rules note where they began
and ended, and a block's text is mapped back to the file line by line.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

from markdown_it.common.utils import mdTrim
from markdown_it.token import Token

from hubkit.card.elements import CodeFence, Heading, Html, Link, Section, anchor_of
from hubkit.card.fences import language_of
from hubkit.card.markdown_parser import destination, parser
from hubkit.card.text import Source

_MAY_LINK = re.compile(r"[\[<]|://")
# Lines that begin so, or are empty, make headings and paragraphs and nothing else.
_PLAIN = re.compile(r"(?>(?:(?:#{1,6} [^#\0\r\n]*|(?:[^\W\d_]|[\[(!\"“])[^\0\r\n]*|[ \t]*)(?:\n|\Z))*)")
_PLAIN_BLOCK = re.compile(r"^(?:(?P<level>#+) (?P<title>.*)|[^#\s].*(?:\n[^#\s].*)*)", re.MULTILINE)


def parse_markdown(text: str) -> Section:
    """What is known of ``text``."""
    return _parse_plain(text) if "]:" not in text and _PLAIN.fullmatch(text) else _parse_blocks(text)


def _parse_plain(text: str) -> Section:
    """A text without lists, quotes, code, raw HTML and definitions: its blocks are in plain sight."""
    found = _Found()
    for match in _PLAIN_BLOCK.finditer(text):
        level, title = match["level"], match["title"]
        content = match.group() if title is None else mdTrim(title)
        start = match.start() if title is None else match.start("title") + title.find(content)
        block = _PlainBlock(content, match.start(), start)
        inline = _inline(content, {}) if _MAY_LINK.search(content) else None
        if level:
            found.headings.append(_heading(block, len(level), inline))
        if inline is not None:
            _collect(found, block, inline, {})
    return Section(tuple(found.links), tuple(found.headings), (), tuple(found.html))


def _parse_blocks(text: str) -> Section:
    source = Source(text.replace("\0", "\ufffd"))
    environment: dict[str, Any] = {}
    tokens = parser().parse(source.text, environment)
    found = _Found()
    definitions = _definitions(environment, source)
    opened: Token | None = None
    for token in tokens:
        if token.map is None:
            continue
        line = token.map[0] + 1
        if token.type == "heading_open":
            opened = token
        elif token.type == "inline":
            block = _Block(token.content, (token.map[0], token.map[1]), source)
            inline = _inline(token.content, environment) if _MAY_LINK.search(token.content) else None
            if opened is not None:
                found.headings.append(_heading(block, int(opened.tag[1]), inline))
            if inline is not None:
                _collect(found, block, inline, definitions)
            opened = None
        elif token.type == "fence":
            found.fences.append(_fence(token, source))
        elif token.type == "html_block":
            start = source.line_start(line)
            written = source.text[start : source.line_start(token.map[1] + 1)].rstrip()
            found.html.append(Html(token.content, start + written.find("<"), start + len(written), is_block=True))
    return Section(tuple(found.links), tuple(found.headings), tuple(found.fences), tuple(found.html))


class _Found:
    """What was found so far."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.headings: list[Heading] = []
        self.fences: list[CodeFence] = []
        self.html: list[Html] = []


class _Block:
    """The text of one block, whose lines are the file's without indentation, markers and closing hashes."""

    def __init__(self, content: str, rows: tuple[int, int], source: Source) -> None:
        self.content = content
        """The text."""
        self._source = source
        self._lines = Source(content)
        first = self._lines.line(1).rstrip()
        candidates = range(rows[0] + 1, rows[1] + 1)  # a first line of blanks such as U+00A0 is left out of the text
        self._first_line = next((number for number in candidates if first in source.line(number)), rows[0] + 1)
        self._begins: dict[int, int] = {}
        self._is_one_line = "\n" not in content

    def offset(self, position: int) -> int:
        """The offset in the file of a position in the text."""
        if self._is_one_line:
            return self._begin_of(1) + position
        place = self._lines.span(position, position)
        return self._begin_of(place.line) + place.column - 1

    def place(self, token: Token) -> tuple[int, int]:
        """Where in the file an inline token that noted its ends stands."""
        return self.offset(token.meta["start"]), self.offset(token.meta["end"] - 1) + 1

    @property
    def line_start(self) -> int:
        """The offset in the file of the block's first line."""
        return self._source.line_start(self._first_line)

    def _begin_of(self, line: int) -> int:
        """The offset in the file at which a line of the text begins."""
        if line not in self._begins:
            number = self._first_line + line - 1
            written = self._source.line(number).rstrip()
            shown = (self.content if self._is_one_line else self._lines.line(line)).rstrip()
            # A tab may stand in the text as the spaces that it is as wide as.
            words = shown.lstrip()
            before = len(written) - len(shown) if written.endswith(words) else max(written.find(words), 0)
            self._begins[line] = self._source.line_start(number) + before
        return self._begins[line]


class _PlainBlock(_Block):
    """The text of one block, as it stands in the file."""

    def __init__(self, content: str, line_start: int, start: int) -> None:
        self.content = content
        self._line_start = line_start
        self._start = start

    def offset(self, position: int) -> int:
        return self._start + position

    @property
    def line_start(self) -> int:
        return self._line_start


def _inline(content: str, environment: dict[str, Any]) -> list[Token]:
    tokens: list[Token] = []
    parser().inline.parse(content, parser(), environment, tokens)
    return tokens


def _heading(block: _Block, level: int, inline: list[Token] | None) -> Heading:
    words = block.content
    if inline is not None:  # images and HTML are no words
        words = "".join(token.content for token in inline if token.type not in ("html_inline", "image"))
    start, end = block.offset(0), block.offset(len(block.content))
    return Heading(level, block.content, block.line_start, start, end, anchor_of(words))


def _fence(token: Token, source: Source) -> CodeFence:
    first, after = token.map or (0, 0)
    opening = source.line(first + 1)
    start = source.line_start(first + 1) + opening.find(token.markup)
    lines = token.content.removesuffix("\n").split("\n") if token.content else []
    begin = source.line_start(first + 2)
    lengths = [len(line) + 1 for line in lines]
    if source.text.startswith(token.content, begin):
        starts = list(accumulate(lengths[:-1], initial=begin)) if lines else []
    else:  # lines that are indented, or end with CRLF
        block = _Block(token.content, (first + 1, after), source)
        starts = [block.offset(position) for position in accumulate(lengths[:-1], initial=0)]
    return CodeFence(
        language_of(token.info),
        token.content,
        start,
        source.line_start(first + 1) + len(opening),
        closed=after - first - 1 > len(lines),
        line_starts=tuple(place - start for place in starts),
    )


def _collect(found: _Found, block: _Block, inline: list[Token], definitions: dict[str, tuple[int, int]]) -> None:
    """Adds the links and the HTML of one block."""
    opened: list[tuple[Token, int]] = []  # the parser lets an autolink stand within a link
    words: list[str] = []
    for token in inline:
        if token.type == "link_open":
            opened.append((token, len(words)))
        elif token.type == "link_close" and opened:
            link, first = opened.pop()
            found.links.append(_link(block, link, str(link.attrs["href"]), "".join(words[first:]), definitions))
        elif token.type == "image":
            words.append(token.content)
            found.links.append(_link(block, token, str(token.attrs["src"]), token.content, definitions))
        elif token.type == "bare_url" and not opened:
            start = block.offset(token.meta["start"])
            end = start + len(token.content)
            found.links.append(Link(token.content, token.content, start, end, False, start, end))
        elif token.type == "html_inline":
            found.html.append(Html(token.content, *block.place(token), is_block=False))
        else:
            words.append(token.content)


def _link(block: _Block, token: Token, target: str, words: str, definitions: dict[str, tuple[int, int]]) -> Link:
    start, end = _place(block.content, token, target)
    whole = block.place(token)
    if start < 0:
        place = definitions.get(target, whole)
    else:
        begin = block.offset(start)
        place = begin, begin + end - start
    return Link(target, words, *place, token.type == "image", *whole)


def _place(content: str, token: Token, target: str) -> tuple[int, int]:
    """Where in a block the target of a link stands; (-1, -1) where the link names a definition."""
    start, end = token.meta["start"], token.meta["end"]
    if token.markup == "autolink":
        return start + 1, end - 1
    if content[end - 1] != ")":
        return -1, -1
    opening = content.rfind("](", start, end)
    while opening >= 0:  # a title may hold ]( too, so the last one need not be the link's
        begin = opening + 2
        while content[begin].isspace():
            begin += 1
        if not target:
            return begin, begin
        found = destination(content, begin, end)
        if found.ok and found.str == target:
            bracket = content[begin] == "<"
            return begin + bracket, found.pos - bracket
        opening = content.rfind("](", start, opening)
    return -1, -1


def _definitions(environment: dict[str, Any], source: Source) -> dict[str, tuple[int, int]]:
    """Target -> where the first [label]: target with it stands."""
    places: dict[str, tuple[int, int]] = {}
    for definition in environment.get("references", {}).values():
        target, (first, after) = definition["href"], definition["map"]
        start, end = source.line_start(first + 1), source.line_start(after + 1)
        label_end = source.text.find("]:", start, end)
        found = source.text.find(target, max(label_end, start), end)
        places.setdefault(target, (found, found + len(target)) if found >= 0 else (start, start))
    return places
