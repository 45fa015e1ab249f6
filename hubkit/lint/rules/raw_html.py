"""
The body holds raw HTML.

A site that does not trust its authors shows HTML as text or drops it, so that tables, centred pictures and collapsed
parts written that way are lost there. Markdown has words for most of it. Comments are fine, and so are `<sub>`,
`<sup>`, `<br>` and `<kbd>`, for which Markdown has none.

Bad:

    <img src="u2net.png" width="400">

Good:

    ![The network](u2net.png)
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule

_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9-]*)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HARMLESS = frozenset({"sub", "sup", "br", "kbd"})
_INSTEAD = {
    "a": "Write [words](target).",
    "img": "Write ![words](target).",
    "b": "Write **words**.",
    "strong": "Write **words**.",
    "i": "Write *words*.",
    "em": "Write *words*.",
    "code": "Write `code`.",
    "pre": "Write a block of code between ``` lines.",
    "p": "Leave an empty line between paragraphs.",
    "ul": "Write a list with - before each item.",
    "ol": "Write a list with 1. before each item.",
    "hr": "Write --- between empty lines.",
}


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for found in document.body.html:
        tags = (match[1].lower() for match in _TAG.finditer(_COMMENT.sub("", found.text)))
        tag = next((name for name in tags if name not in _HARMLESS), None)
        if tag is not None:
            yield Finding(found.start, found.end, f"the body holds raw HTML: <{tag}>", _instead(tag))


def _instead(tag: str) -> str:
    """How to write in Markdown what a tag says."""
    if tag[0] == "h" and tag[1:] in tuple("123456"):
        return f"Write {'#' * int(tag[1:])} before the heading."
    return _INSTEAD.get(tag, "Say it in Markdown.")


RULE = Rule("raw-html", Category.BODY, Severity.WARNING, check)
