"""
A link to a heading of the card names one that is not there.

A heading's anchor is made of its words: in lower case, with `-` for a space, without punctuation (`## 1. How to use`
is `#1-how-to-use`, `## 用法` is `#用法`); a second heading with the same words gets `-1`. When a heading is renamed,
links to it lead nowhere and nothing tells. An anchor of raw HTML (`<a name="use">`) counts too; runs of `-` count as
one, since sites differ there.

Bad:

    See [below](#how-to-use-it).

    ## How to use

Good:

    See [below](#how-to-use).

    ## How to use
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from hubkit.card.elements import anchor_of
from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._titles import titles

_HTML_ANCHOR = re.compile(r"""\b(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)
_HYPHENS = re.compile(r"-+")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    links = [link for link in document.body.links if link.target.startswith("#")]
    if not links:
        return
    anchors = _anchors(document)
    known = {_key(anchor) for anchor in anchors} | {"", "top"}
    for link in links:
        name = unquote(link.target[1:])
        if _key(name) not in known:
            nearest = difflib.get_close_matches(name.lower()[:100], anchors, n=1)
            hint = (
                f"Did you mean #{nearest[0]}?" if nearest else "Write the heading's words in lower case, with hyphens."
            )
            yield Finding(link.start, link.end, f"no heading of the card has the anchor {shown(link.target)}", hint)


def _anchors(document: Document) -> list[str]:
    """All anchors of the card."""
    seen: Counter[str] = Counter()
    anchors: list[str] = []
    before = [anchor_of(title.text) for title in titles(document) if title.start < document.front_span[0]]
    for anchor in (*before, *(heading.anchor for heading in document.body.headings)):
        anchors.append(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    anchors.extend(match[1] for found in document.body.html for match in _HTML_ANCHOR.finditer(found.text))
    return anchors


def _key(anchor: str) -> str:
    return _HYPHENS.sub("-", anchor.lower())


RULE = Rule("anchor", Category.LINKS, Severity.WARNING, check)
