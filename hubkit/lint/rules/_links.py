"""The links of a card, for the rules that look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from hubkit.card.elements import Html, Link
from hubkit.card.parse import Document
from hubkit.card.values import Scalar

# Tags with an address, and its attribute. An atomic group: a tag that is never closed is given up at once.
_ADDRESSES = {"a": "href", "img": "src", "source": "src", "video": "src", "audio": "src", "iframe": "src"}
_TAG = re.compile(
    rf"""<(?P<tag>{"|".join(_ADDRESSES)})(?=[\s/>])(?P<attributes>(?>(?:[^<>"']|"[^"]*"|'[^']*')*))>""", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"""(?<![^\s"'/])(?P<name>[\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def front_links(document: Document) -> Iterator[tuple[str, Scalar]]:
    """(key, value) of each link in the front matter that is not empty."""
    front = document.front
    if front is None:
        return
    repository = front.scalar("repo-link")
    if repository is not None and repository.text:
        yield "repo-link", repository
    for asset in front.mappings("asset"):
        link = asset.scalar("asset-link")
        if link is not None and link.text:
            yield "asset-link", link


def body_links(document: Document) -> tuple[Link, ...]:
    """The links and images of the body: those of Markdown, then those of raw HTML (``<a href>``, ``<img src>``)."""
    body = document.body
    if not body.html:
        return body.links
    return (*body.links, *(link for found in body.html if "=" in found.text for link in _in_html(found, document)))


def _in_html(found: Html, document: Document) -> Iterator[Link]:
    # The file's own text, as a block's lines may be indented there; blanks stand for comments.
    written = _COMMENT.sub(lambda comment: " " * len(comment[0]), document.source.text[found.start : found.end])
    for tag in _TAG.finditer(written):
        begin = found.start + tag.start("attributes")
        attributes = {match["name"].lower(): match for match in _ATTRIBUTE.finditer(tag["attributes"])}
        name = tag["tag"].lower()
        address = attributes.get(_ADDRESSES[name])
        if address is None:
            continue
        start, end = address.span(address.lastindex or 0)
        words = attributes.get("alt")
        yield Link(
            target=unescape(tag["attributes"][start:end]).strip(),
            text=unescape(words[words.lastindex or 0]) if words is not None else "",
            start=begin + start,
            end=begin + end,
            is_image=name == "img",
            whole_start=found.start + tag.start(),
            whole_end=found.start + tag.end(),
        )
