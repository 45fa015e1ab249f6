"""Links and headings of Markdown with exact positions. Source: CommonMark, by markdown-it-py.

markdown-it-py tells the lines of a block but not where in it a link stands. Here its link rules note where they began
and ended, and a block's text is mapped back to the file line by line. Emphasis, entities and line breaks are left as
they are written: they say nothing about links, and cost most of the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim, unescapeAll
from markdown_it.helpers import parseLinkLabel, parseLinkTitle
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token

from hubkit.card.text import Source

_BARE_URL = re.compile(r"https?://[^\s<>()\[\]\"'`\\，。；）】]+[^\s<>()\[\]\"'`\\，。；）】.,;:!?]")
_PLAIN = re.compile(r"(?:(?:#{1,6} [^#\0\r\n]*|[^\W\d_][^\0\r\n]*|[\[(!\"“][^\0\r\n]*|[ \t]*)(?:\n|\Z))*+")
_PLAIN_BLOCK = re.compile(r"^(?:(?P<level>#+) (?P<title>.*)|[^#\s].*(?:\n[^#\s].*)*)", re.MULTILINE)
_MAY_LINK = re.compile(r"[\[<]|://")
_NO_TEXT = re.compile(r"[\[\]<`\\]|!\[")
_IN_BRACKETS = re.compile(r"<((?:[^<>\n\\]|\\[\s\S])*+)>")
_NO_PARENTHESIS = re.compile(r"(?:[^\x00-\x20\x7f()\\]|\\(?:[^\x20]|\Z))*+")
_MAX_PARENTHESES = 32
_INLINE_RULES = ("text", "escape", "backticks", "link", "image", "autolink", "html_inline")

_InlineRule = Callable[[StateInline, bool], bool]


@dataclass(frozen=True, slots=True)
class Link:
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


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    level: int
    """1 for the title, up to 6."""
    text: str
    """Its words, as they are written."""
    start: int
    """Offset of its line."""


def parse_markdown(text: str) -> tuple[tuple[Link, ...], tuple[Heading, ...]]:
    """The links and the headings of ``text``, in its order."""
    return _parse_plain(text) if _PLAIN.fullmatch(text) and "]:" not in text else _parse_blocks(text)


def _parse_plain(text: str) -> tuple[tuple[Link, ...], tuple[Heading, ...]]:
    """``parse_markdown`` of a text without lists, quotes, code, raw HTML and definitions, whose blocks are in sight."""
    links: list[Link] = []
    headings: list[Heading] = []
    for block in _PLAIN_BLOCK.finditer(text):
        if block["level"]:
            headings.append(Heading(len(block["level"]), mdTrim(block["title"]), block.start()))
        if _MAY_LINK.search(text, *block.span()):
            links.extend(_links(block.group(), block.start().__add__, {}, {}))
    return tuple(links), tuple(headings)


def _parse_blocks(text: str) -> tuple[tuple[Link, ...], tuple[Heading, ...]]:
    source = Source(text.replace("\0", "\ufffd"))
    environment: dict[str, Any] = {}
    tokens = _parser().parse(source.text, environment)
    definitions = _definitions(environment, source)
    links: list[Link] = []
    headings: list[Heading] = []
    for index, token in enumerate(tokens):
        if token.map is None:
            continue
        if token.type == "heading_open":
            headings.append(Heading(int(token.tag[1]), tokens[index + 1].content, source.line_start(token.map[0] + 1)))
        elif token.type == "inline" and _MAY_LINK.search(token.content):
            block = _Block(token.content, token.map, source)
            links.extend(_links(token.content, block.offset, environment, definitions))
    return tuple(links), tuple(headings)


class _Block:
    """The text of one block, whose lines are the file's without indentation, markers and closing hashes."""

    def __init__(self, content: str, rows: list[int], source: Source) -> None:
        self._source = source
        self._lines = Source(content)
        self._begins: dict[int, int] = {}
        first = self._lines.line(1).rstrip()
        candidates = range(rows[0] + 1, rows[1] + 1)  # a first line of blanks such as U+00A0 is left out of the text
        self._first_line = next((number for number in candidates if first in source.line(number)), rows[0] + 1)

    def offset(self, position: int) -> int:
        """The offset in the file of a position in the text."""
        place = self._lines.span(position, position)
        if place.line not in self._begins:
            self._begins[place.line] = self._begin(place.line)
        return self._begins[place.line] + place.column - 1

    def _begin(self, line: int) -> int:
        """The offset in the file at which a line of the text begins."""
        number = self._first_line + line - 1
        written, shown = self._source.line(number).rstrip(), self._lines.line(line).rstrip()
        # A tab may stand in the text as the spaces that it is as wide as.
        words = shown.lstrip()
        before = len(written) - len(shown) if written.endswith(words) else max(written.find(words), 0)
        return self._source.line_start(number) + before


def _links(
    content: str,
    offset: Callable[[int], int],
    environment: dict[str, Any],
    definitions: dict[str, tuple[int, int]],
) -> Iterator[Link]:
    """The links of one block; ``offset`` tells where in the file a position of ``content`` lies."""
    parser = _parser()
    tokens: list[Token] = []
    parser.inline.parse(content, parser, environment, tokens)
    opened: Token | None = None
    words: list[str] = []

    def link_of(token: Token, target: str, text: str) -> Link:
        start, end = _place(content, token, target)
        if start < 0 and target in definitions:
            place = definitions[target]
        else:
            begin = offset(max(start, token.meta["start"]))
            place = begin, begin + end - start
        return Link(target, text, *place, is_image=token.type == "image")

    for token in tokens:
        if token.type == "link_open":
            opened, words = token, []
        elif token.type == "link_close" and opened is not None:
            yield link_of(opened, str(opened.attrs["href"]), "".join(words))
            opened = None
        elif token.type == "image":
            words.append(token.content)
            yield link_of(token, str(token.attrs["src"]), token.content)
        elif token.type == "bare_url" and opened is None:
            start = offset(token.meta["start"])
            yield Link(token.content, token.content, start, start + len(token.content), is_image=False)
        elif token.type != "html_inline":
            words.append(token.content)


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


@dataclass(frozen=True, slots=True)
class Destination:
    """The destination of a link."""

    ok: bool = False
    """Whether there is one."""
    pos: int = 0
    """Where it ends, its brackets included."""
    str: str = ""
    """The destination; escapes and entities are resolved."""


def destination(text: str, start: int, end: int) -> Destination:
    """The link destination that begins at ``start``, looked for up to ``end``.

    The answers are those of markdown-it-py, which walks character by character: too slow where each of many unclosed
    links is followed by a long text without spaces.
    """
    if text.startswith("<", start):
        closed = _IN_BRACKETS.match(text, start, end)
        return Destination(True, closed.end(), unescapeAll(closed[1])) if closed else Destination()
    level, position = 0, start
    while True:
        run = _NO_PARENTHESIS.match(text, position, end)
        position = run.end() if run else position
        following = text[position : min(position + 1, end)]
        if following == "(" and level < _MAX_PARENTHESES:
            level += 1
        elif following == ")" and level:
            level -= 1
        else:
            break
        position += 1
    if following == "(" or level or position == start:
        return Destination()
    return Destination(True, position, unescapeAll(text[start:position]))


@cache
def _parser() -> MarkdownIt:
    """A CommonMark parser of blocks, whose inline part finds links only and leaves their targets as they are."""

    class Parser(MarkdownIt):
        def normalizeLink(self, url: str) -> str:  # noqa: N802 (the parser's name)
            return url

        def normalizeLinkText(self, link: str) -> str:  # noqa: N802 (the parser's name)
            return link

        def validateLink(self, url: str) -> bool:  # noqa: N802 (the parser's name)
            return True

    parser = Parser("commonmark")
    cast(Any, parser).helpers = SimpleNamespace(
        parseLinkLabel=parseLinkLabel, parseLinkTitle=parseLinkTitle, parseLinkDestination=destination
    )
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.inline.ruler.enableOnly(_INLINE_RULES)
    parser.inline.ruler2.enableOnly([])
    parser.inline.ruler.at("text", _text)
    for name, rule in (("link", link), ("image", image), ("autolink", autolink)):
        parser.inline.ruler.at(name, _noting(rule))
    return parser


def _noting(rule: _InlineRule) -> _InlineRule:
    """The rule, noting on its first token where the link begins and ends."""

    def noting(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            first = next(token for token in state.tokens[count:] if token.type != "text")
            first.meta.update(start=start, end=state.pos)
        return True

    return noting


def _text(state: StateInline, silent: bool) -> bool:
    """Takes everything up to the next character that may begin or end a link; a bare URL becomes a token."""
    start = state.pos
    stop = _NO_TEXT.search(state.src, start, state.posMax)
    end = stop.start() if stop else state.posMax
    if end == start:
        return False
    if not silent:
        for url in _BARE_URL.finditer(state.src, start, end):
            state.append_pending(state.src[start : url.start()])
            token = state.push("bare_url", "", 0)
            token.content = url.group()
            token.meta["start"] = url.start()
            start = url.end()
        state.append_pending(state.src[start:end])
    state.pos = end
    return True
