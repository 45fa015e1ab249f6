"""Raw HTML in a card's body: what a reader gains from stays, all else goes, by nh3 (the sanitiser Ammonia).

Kept are elements that only structure or mark up text. No element that loads, runs, styles or asks for something is
kept, and no attribute beside those listed here. A picture would tell another host who reads the page, so it becomes
a link to it. ``<float>`` and other words in brackets that are no elements of HTML are text.
Source: the allowlist is a part of GitHub's for README files; https://html.spec.whatwg.org/#elements-3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from html import escape
from html.parser import HTMLParser

from hubkit.site.paths import last_part, web_link

REL = "noopener nofollow ugc noreferrer"

_KEPT = frozenset({
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div", "dl",
    "dt", "em", "figcaption", "figure", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre",
    "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul", "var",
})  # fmt: skip
# Elements that are not kept, and are not words either.
_DROPPED = frozenset({
    "address", "area", "article", "aside", "audio", "base", "bdi", "bdo", "body", "button", "canvas", "center",
    "col", "colgroup", "data", "datalist", "dialog", "embed", "fieldset", "font", "footer", "form", "frame",
    "frameset", "h1", "h2", "head", "header", "hgroup", "html", "iframe", "img", "input", "label", "legend",
    "link", "main", "map", "mark", "marquee", "math", "menu", "meta", "meter", "nav", "noscript", "object",
    "optgroup", "option", "output", "param", "picture", "progress", "rp", "rt", "ruby", "script", "search",
    "section", "select", "slot", "source", "strike", "style", "svg", "template", "textarea", "time", "title",
    "track", "tt", "video", "wbr",
})  # fmt: skip
_DROPPED_WHOLE = {"script", "style", "template", "textarea", "title", "iframe", "noscript", "svg", "math", "select"}
_ATTRIBUTES = {
    "*": {"id", "class", "dir", "lang", "title", "tabindex", "role", "aria-label"},
    "a": {"href"},
    "details": {"open"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_VALUES = {
    # What markdown.py writes. Authors gain nothing from the same.
    "class": re.compile(r"language-[\w+#.-]+|align-(?:left|center|right)|scroll"),
    "tabindex": re.compile("0"),
    "role": re.compile("region"),
    "aria-label": re.compile("Table"),
    "dir": re.compile("ltr|rtl|auto"),
    "lang": re.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"),
    "start": re.compile(r"\d{1,9}"),
    "value": re.compile(r"\d{1,9}"),
    "colspan": re.compile("[1-9][0-9]?"),
    "rowspan": re.compile("[1-9][0-9]?"),
    "scope": re.compile("row|col"),
}

# A tag, with attributes whose quoted values may hold brackets.
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_OWN_HEADING = {"h1": "h3", "h2": "h3"}

# Where one of these stands, raw HTML may run on over headings.
SPANNING = rf"<(?:[!?]|/?(?:{'|'.join(sorted(_KEPT | _DROPPED))})\b)"


def is_html(content: str) -> bool:
    """Whether raw HTML begins with an element, a comment or a declaration, rather than with a word in brackets."""
    match = _TAG.match(content.lstrip())
    return not match or match["name"].lower() in _KEPT | _DROPPED


class Rewriter:
    """Pictures as links and headings below the page's own, in the raw HTML of one text, given piece by piece.

    What comes out is not harmless yet.
    """

    def __init__(self) -> None:
        self._in_link = False

    def rewrite(self, content: str) -> str:
        """The next piece."""
        return _TAG.sub(self._tag, content)

    def _tag(self, match: re.Match[str]) -> str:
        name = match["name"].lower()
        if name == "a":
            self._in_link = not match["end"]
        elif name == "img":
            return self._picture(match[0])
        elif name in _OWN_HEADING:
            return f"<{match['end']}{_OWN_HEADING[name]}{match['rest']}>"
        elif name not in _KEPT | _DROPPED:
            return escape(match[0])
        return match[0]

    def _picture(self, tag: str) -> str:
        attributes = _attributes(tag)
        source = web_link(attributes.get("src", ""))
        words = attributes.get("alt", "").strip() or last_part(source)
        text = escape(f"[image: {words}]" if words else "[image]")
        return f'<a href="{escape(source)}">{text}</a>' if source and not self._in_link else text


def clean(html: str, target: Callable[[str], str], ids: Collection[str]) -> str:
    """HTML that does no harm and is well-formed.

    Args:
        html: any HTML.
        target: tells for a link where it may lead; an empty text for nowhere.
        ids: the ids of headings, each of which may stay once.
    """
    import nh3  # here, since few bodies need it

    for _ in range(2):  # without an element that went, what was in it may need to be nested in another way
        left = set(ids)
        html = nh3.clean(
            html,
            tags=set(_KEPT),
            clean_content_tags=_DROPPED_WHOLE,
            attributes=_ATTRIBUTES,
            attribute_filter=_filter(target, left),
            link_rel=REL,
            url_schemes={"http", "https", "mailto"},
        )
    return html


def _filter(target: Callable[[str], str], ids: set[str]) -> Callable[[str, str, str], str | None]:
    def keep(_tag: str, name: str, value: str) -> str | None:
        if name == "href":
            return target(value) or None
        if name == "id":
            if value not in ids:
                return None
            ids.remove(value)
        elif name in _VALUES and not _VALUES[name].fullmatch(value):
            return None
        return value

    return keep


def _attributes(tag: str) -> dict[str, str]:
    reader = _Reader()
    reader.feed(tag)
    return reader.attributes


class _Reader(HTMLParser):
    """The attributes of the first tag."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes = self.attributes or {name: value or "" for name, value in attrs}
