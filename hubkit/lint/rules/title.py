"""
The card has no title, or more than one.

The title is the card's name on every page and in every search result: one line `# title`, before the front matter or
at the top of the body. With two of them, readers and tools choose differently.

Bad:

    # u2net
    ---
    model-name: u2net
    ---
    # Introduction

Good:

    # u2net
    ---
    model-name: u2net
    ---
    ## Introduction
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._titles import first_line, has_readable_body, titles


def check(document: Document, _context: Context) -> Iterator[Finding]:
    found = list(titles(document))
    if not found and has_readable_body(document):
        name = document.front.text("model-name").strip() if document.front is not None else ""
        hint = f"Begin the card with a line # {name or 'and the name of the model'}"
        yield Finding(*first_line(document), "the card has no title", hint)
    for other in found[1:]:
        message = f"a second title {shown(other.text)}: the card's title is {shown(found[0].text)}"
        yield Finding(other.start, other.end, message, "Make it a heading of level 2: ##.")


RULE = Rule("title", Category.BODY, Severity.WARNING, check)
