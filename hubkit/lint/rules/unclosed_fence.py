"""
A block of code is never closed.

All that follows is shown as code: headings, links, the terms of use. A closing fence has at least as many marks as the
opening one, of the same kind, and nothing after them.

Bad:

    ```python
    import mindspore_hub

    ## Disclaimer

Good:

    ```python
    import mindspore_hub
    ```

    ## Disclaimer
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for fence in document.body.fences:
        if not fence.closed:
            mark = document.source.text[fence.start : fence.start + 3]
            message = "the block of code is never closed: all that follows is shown as code"
            yield Finding(fence.start, fence.end, message, f"Write {mark} on a line of its own after the code.")


RULE = Rule("unclosed-fence", Category.BODY, Severity.ERROR, check)
