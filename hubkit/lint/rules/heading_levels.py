"""
A heading is more than one level below the one before it.

Tables of contents and screen readers follow the levels. Where one is left out, a section seems to be missing. The
card's title is level 1, so that the body's sections are level 2.

Bad:

    ## Usage
    #### Training

Good:

    ## Usage
    ### Training
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule


def check(document: Document, _context: Context) -> Iterator[Finding]:
    level = 1
    for heading in document.body.headings:
        if heading.level > level + 1:
            message = f"the heading is of level {heading.level}, but the one before it is of level {level}"
            yield Finding(heading.text_start, heading.text_end, message, f"Write {'#' * (level + 1)} before its words.")
        level = heading.level


RULE = Rule("heading-levels", Category.BODY, Severity.WARNING, check)
