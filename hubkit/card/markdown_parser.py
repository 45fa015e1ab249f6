"""A CommonMark parser whose inline part finds links and HTML only, and tells where they stand.

Emphasis, entities and line breaks are left as they are written: they say nothing about links, and cost most of the
time. Source: CommonMark, by markdown-it-py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.helpers import parseLinkLabel, parseLinkTitle
from markdown_it.rules_inline import StateInline, autolink, html_inline, image, link

_BARE_URL = re.compile(r"https?://[^\s<>()\[\]\"'`\\，。；）】]+[^\s<>()\[\]\"'`\\，。；）】.,;:!?]")
_NO_TEXT = re.compile(r"[\[\]<`\\]|!\[")
_IN_BRACKETS = re.compile(r"<((?>(?:[^<>\n\\]|\\[\s\S])*))>")
_NO_PARENTHESIS = re.compile(r"(?>(?:[^\x00-\x20\x7f()\\]|\\(?:[^\x20]|\Z))*)")
_MAX_PARENTHESES = 32
_INLINE_RULES = ("text", "escape", "backticks", "link", "image", "autolink", "html_inline")

_InlineRule = Callable[[StateInline, bool], bool]


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


def find_destinations_fast(made: MarkdownIt) -> None:
    """Let a parser find the destinations of links by ``destination``."""
    cast(Any, made).helpers = SimpleNamespace(
        parseLinkLabel=parseLinkLabel, parseLinkTitle=parseLinkTitle, parseLinkDestination=destination
    )


@cache
def parser() -> MarkdownIt:
    """A CommonMark parser of blocks, whose inline part finds links only and leaves their targets as they are."""

    class Parser(MarkdownIt):
        def normalizeLink(self, url: str) -> str:  # noqa: N802 (the parser's name)
            return url

        def normalizeLinkText(self, link: str) -> str:  # noqa: N802 (the parser's name)
            return link

        def validateLink(self, url: str) -> bool:  # noqa: N802 (the parser's name)
            return True

    made = Parser("commonmark")
    find_destinations_fast(made)
    made.core.ruler.enableOnly(["normalize", "block"])
    made.inline.ruler.enableOnly(_INLINE_RULES)
    made.inline.ruler2.enableOnly([])
    made.inline.ruler.at("text", _text)
    for name, rule in (("link", link), ("image", image), ("autolink", autolink), ("html_inline", html_inline)):
        made.inline.ruler.at(name, _noting(rule))
    return made


def _noting(rule: _InlineRule) -> _InlineRule:
    """The rule, noting on its first token where the link or the tag begins and ends."""

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
