"""A card's body as HTML that does no harm, whoever wrote it.

Raw HTML is sanitised (see raw_html). A link is kept where it is http(s), mailto, or leads to a heading of the same
body; of any other link the words stay. No image is loaded: it would tell another host who reads the page, so it
becomes a link.
Headings begin below the page's own and get ids with a prefix, so that they meet none of the page's.
Source: CommonMark 0.31 with the tables and strikethrough of GitHub Flavored Markdown, by markdown-it-py.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from hubkit.card.markdown_parser import find_destinations_fast
from hubkit.site.body_limit import shown
from hubkit.site.paths import last_part, web_link
from hubkit.site.raw_html import REL, SPANNING, Rewriter, clean, is_html
from hubkit.site.text import fit

TOP_HEADING = 3
ID_PREFIX = "card-"

_MAILTO = re.compile(r"mailto:[^\s<>\"]+", re.IGNORECASE)
_ALIGNMENT = re.compile(r"text-align:(left|center|right)")
# Nothing in it is to be encoded or written in another way.
_PLAIN_LINK = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[\w.~/-]*)?", re.ASCII)
_NOT_IN_AN_ID = re.compile(r"[^\w\- ]")

# A catalogue republishes one text under many versions, so most sections (citation, disclaimer) were rendered before.
# An ATX heading at column 0 outside of fenced code ends whatever stands before it, unless that is fenced code within
# a list or a quote, raw HTML, or a text that uses link references or headings of another section: bodies with one of
# those are rendered in one piece.
# Each line is looked at with the line break before it, by which lines are found fast.
_HEADING_LINE = re.compile(r"\n#{1,6}[ \t]")
_HEADING_OR_FENCE = re.compile(r"\n(?:#{1,6}[ \t]| {0,3}(?P<fence>`{3,}|~{3,})(?P<rest>[^\n]*))")
_INNER_FENCE = re.compile(r"\n(?! {0,3}[`~])[ \t>*+\-\d.)]*(?:```|~~~)")
_SPANNING = re.compile(SPANNING, re.IGNORECASE)
_REFERENCES = ("]:", "(#", "<#")

_SHORT = 8192  # longer sections are hardly ever the same, and would fill the memory

# In a section's HTML a heading's tags are "\0<level><slug>\0" and "\0/<level>\0"; a body cannot hold a NUL.
_MARK = "\0"


@lru_cache(maxsize=8)  # a card's pages, one a language, are made one after the other
def render_body(body: str) -> Markup:
    """The body of a card as HTML."""
    sections = [
        _render_short(section) if len(section) <= _SHORT else _render_section(section)
        for section in _sections(shown(body))
    ]
    pieces = "".join(section.html for section in sections).split(_MARK)
    tags = pieces[1::2]
    shift = TOP_HEADING - min((int(tag[0]) for tag in tags if tag[0] != "/"), default=TOP_HEADING)
    ids = _Ids()
    for index, tag in enumerate(tags):
        closing = tag[0] == "/"
        name = f"h{min(int(tag[closing]) + shift, 6)}"
        pieces[2 * index + 1] = f"</{name}>" if closing else f'<{name} id="{ids.take(tag[1:])}">'
    html = "".join(pieces)
    if any(section.is_raw for section in sections):
        html = clean(html, partial(_sanitised_target, ids=ids.taken), ids.taken)
    # The renderer escapes all text, and raw HTML was sanitised.
    return Markup(html)  # noqa: S704


def _sections(body: str) -> Iterator[str]:
    lines = f"\n{body}"
    has_fences = "```" in body or "~~~" in body
    if (
        any(mark in body for mark in _REFERENCES)
        or ("<" in body and _SPANNING.search(body))
        or (has_fences and _INNER_FENCE.search(lines))
    ):
        yield body
        return
    # What begins a line of ``lines`` with its line break begins the same line of the body.
    cuts = [0]
    fence = ""
    for match in (_HEADING_OR_FENCE if has_fences else _HEADING_LINE).finditer(lines):
        mark = match["fence"] if has_fences else None
        if not mark:
            if not fence and match.start() > 0:
                cuts.append(match.start())
        elif not fence:
            # A line such as ```a`b``` is a code span, and opens no fence.
            fence = "" if mark[0] == "`" and "`" in match["rest"] else mark
        elif mark.startswith(fence) and not match["rest"].strip():
            fence = ""
    yield from (body[start:end] for start, end in pairwise([*cuts, len(body)]))


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of a body as HTML, but for the tags of its headings."""

    html: str
    """The HTML."""
    is_raw: bool
    """Whether the author wrote some of it, so that it is to be sanitised."""


@lru_cache(maxsize=8192)
def _render_short(text: str) -> _Section:
    return _render_section(text)


def _render_section(text: str) -> _Section:
    parser = _parser()
    environment: dict[str, Any] = {}
    tokens = parser.parse(fit(text), environment)
    ids = _Ids()
    rewriter = Rewriter()
    is_raw = False
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            ids.take(_slug(tokens[index + 1]))
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            token.meta["slug"] = _slug(tokens[index + 1])
        elif token.type in ("th_open", "td_open"):
            _align(token)
        elif token.type == "html_block":
            is_raw = True
            token.content = rewriter.rewrite(token.content)
        elif token.children and (len(token.children) > 1 or token.children[0].type != "text"):
            is_raw |= any(child.type == "html_inline" and is_html(child.content) for child in token.children)
            token.children = list(_safe_inline(token.children, ids.taken, rewriter))
    html: str = parser.renderer.render(tokens, parser.options, environment)
    return _Section(html, is_raw)


class _Ids:
    """Gives each heading of a text an id of its own."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._next: dict[str, int] = {}  # slug -> the least number that may be free: thousands may say the same

    def take(self, slug: str) -> str:
        """The id for a heading with this slug."""
        found, number = f"{ID_PREFIX}{slug}", self._next.get(slug, 1)
        while found in self.taken:
            found, number = f"{ID_PREFIX}{slug}-{number}", number + 1
        self.taken.add(found)
        self._next[slug] = number
        return found


def _slug(inline: Token) -> str:
    """A heading's words as GitHub makes them an anchor."""
    words = "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))
    return "-".join(_NOT_IN_AN_ID.sub("", words.lower()).split()) or "section"


def _align(token: Token) -> None:
    """The alignment of a table's cell as a class: the page's policy allows no inline style."""
    match = _ALIGNMENT.search(str(token.attrs.pop("style", "")))
    if match:
        token.attrs["class"] = f"align-{match[1]}"


def _safe_inline(children: Sequence[Token], headings: Collection[str], rewriter: Rewriter) -> Iterator[Token]:
    """The tokens with images as links, with the links that may be followed, and with words in brackets as text."""
    inside = False
    for child in children:
        if child.type == "link_open":
            href = _safe_target(str(child.attrs.get("href", "")), headings)
            inside = bool(href)
            if inside:
                yield _link_open(href, str(child.attrs.get("title", "")))
        elif child.type == "link_close":
            if inside:
                yield child
            inside = False
        elif child.type == "image":
            yield from _image_as_link(child, linked=inside)
        elif child.type == "html_inline":
            html = is_html(child.content)
            content = rewriter.rewrite(child.content) if html else child.content
            yield Token("html_inline" if html else "text", "", 0, content=content)
        else:
            yield child


def _safe_target(href: str, headings: Collection[str]) -> str:
    if href.startswith("#"):
        anchor = ID_PREFIX + unquote(href[1:]).lower()
        return f"#{anchor}" if anchor in headings else ""
    return web_link(href) or (href if _MAILTO.fullmatch(href) else "")


def _sanitised_target(href: str, ids: Collection[str]) -> str:
    """The same for a body that was rendered, some of whose links lead to ids already."""
    return href if href.startswith("#") and href[1:] in ids else _safe_target(href, ids)


def _link_open(href: str, title: str = "") -> Token:
    attributes: dict[str, str | int | float] = {"href": href}
    if not href.startswith("#"):
        attributes["rel"] = REL
    if title:
        attributes["title"] = title
    return Token("link_open", "a", 1, attrs=attributes)


def _image_as_link(image: Token, *, linked: bool) -> Iterator[Token]:
    source = web_link(str(image.attrs.get("src", "")))
    words = image.content.strip() or last_part(source)
    text = Token("text", "", 0, content=f"[image: {words}]" if words else "[image]")
    if source and not linked:
        yield from (_link_open(source), text, Token("link_close", "a", -1))
    else:
        yield text


class _Parser(MarkdownIt):
    """Knows the links at first sight that are as they should be."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (markdown-it's name)
        return url if _PLAIN_LINK.fullmatch(url) else super().normalizeLink(url)


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": True}, renderer_cls=_Renderer)
    parser.core.ruler.at("inline", _parse_inline)
    find_destinations_fast(parser)
    return parser.enable(["table", "strikethrough"])


def _parse_inline(state: StateCore) -> None:
    """As markdown-it's own rule; a text without any mark, such as that of most cells, is one token as it is."""
    inline = state.md.inline
    may_mark = inline.terminator_re.search
    for token in state.tokens:
        if token.type != "inline":
            continue
        if token.content and not may_mark(token.content):
            token.children = [Token("text", "", 0, content=token.content)]
        else:
            token.children = inline.parse(token.content, state.md, state.env, [])


class _Renderer(RendererHTML):
    """HTML whose wide parts scroll on their own, by keyboard too, and whose headings wait for their level."""

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"{_MARK}{tokens[idx].tag[1]}{tokens[idx].meta['slug']}{_MARK}"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"{_MARK}/{tokens[idx].tag[1]}{_MARK}\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return super().fence(tokens, idx, options, env).replace("<pre>", '<pre tabindex="0">', 1)

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return super().code_block(tokens, idx, options, env).replace("<pre>", '<pre tabindex="0">', 1)
