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
from hubkit.lint.rules._links import body_links


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for link in body_links(document):
        if link.is_image and not link.text.strip():
            is_html = document.source.text.startswith("<", link.whole_start)
            where = 'into alt="..."' if is_html else "between the brackets"
            hint = f"Write what it shows {where}."
            yield Finding(link.whole_start, link.whole_end, "the image has no alternative text", hint)


RULE = Rule("image-alt", Category.BODY, Severity.WARNING, check)
