"""The links of a card that the network can be asked for, and what was found out about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding
from hubkit.lint.rules._links import front_links

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict

_IN_HTML = re.compile(r"""(?<![\w-])(?:href|src)[ \t]{0,3}=[ \t]{0,3}["']([^"'<>\s]{1,2000}+)["']""", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ASKABLE = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WebLink:
    """A link that leads to the web, and where it stands."""

    url: str
    """The whole URL, with its fragment."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last one."""

    @property
    def page(self) -> str:
        """The URL without its fragment."""
        return self.url.partition("#")[0]

    @property
    def fragment(self) -> str:
        """The fragment; empty where it has none."""
        return self.url.partition("#")[2]


def web_links(document: Document) -> Iterator[WebLink]:
    """The http and https links of a card, also those in raw HTML; what is no URL is for link-form to report."""
    for _, value in front_links(document):
        url = bare_link(value.text)
        if _ASKABLE.fullmatch(url):
            yield WebLink(url, *document.source.find(url, value.start, value.end))
    for link in document.body.links:
        if _ASKABLE.fullmatch(link.target):
            place = (link.start, link.end) if link.end > link.start else (link.whole_start, link.whole_end)
            yield WebLink(link.target, *place)
    for html in document.body.html:
        for found in _IN_HTML.finditer(_COMMENT.sub(lambda comment: " " * len(comment[0]), html.text)):
            url = unescape(found[1])
            if _ASKABLE.fullmatch(url):
                yield WebLink(url, html.start + found.start(1), html.start + found.end(1))


def findings(document: Document, verdicts: Mapping[str, Verdict], states: str, hint: str) -> Iterator[Finding]:
    """A finding for each link whose verdict has one of the ``states``, which are separated by spaces."""
    for link in web_links(document):
        verdict = verdicts.get(link.page)
        if verdict is not None and verdict.state.value in states.split():
            yield Finding(link.start, link.end, f"the link {verdict.reason}", hint)
