"""
An image has no alternative text.

Who cannot see the picture, or whose reader does not load it, learns nothing of it. The text says what it shows.

Bad:

    ![](images/u2net.png)

Good:

    ![A small U inside each stage of a large U](images/u2net.png)
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for link in document.body.links:
        if link.is_image and not link.text.strip():
            hint = "Write what it shows between the brackets."
            yield Finding(link.whole_start, link.whole_end, "the image has no alternative text", hint)


RULE = Rule("image-alt", Category.BODY, Severity.WARNING, check)
