"""
The same link stands in the card twice, under different words.

A reader who sees two names expects two things. Often one of the two links is a mistake of copying. Images, links around
an image (badges), and links that are shown as their URL, are not looked at.

Bad:

    [U2-Net](https://arxiv.org/abs/2005.09007) builds on [UNet](https://arxiv.org/abs/2005.09007).

Good:

    [U2-Net](https://arxiv.org/abs/2005.09007) builds on [UNet](https://arxiv.org/abs/1505.04597).
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule


def check(document: Document, _context: Context) -> Iterator[Finding]:
    texts: dict[str, dict[str, str]] = {}  # target -> the words under which it stands, in one spelling and as written
    for link in document.body.links:
        if link.is_image or not link.target or link.text == link.target:
            continue
        if document.source.text.startswith("[![", link.whole_start):
            continue
        words = " ".join(link.text.split())
        known = texts.setdefault(link.target, {})
        spelling = words.casefold().strip("`*_ ")
        if known and spelling and spelling not in known:
            message = f"{shown(words)} leads to the same place as {shown(next(iter(known.values())))} before"
            yield Finding(link.whole_start, link.whole_end, message, "Check that both are meant to lead there.")
        if spelling:
            known.setdefault(spelling, words)


RULE = Rule("link-text", Category.LINKS, Severity.INFO, check)
