"""
A block of code does not say its language.

Readers see it without colours, and tools that check snippets pass it by. Output and plain text have a name too: `text`.

Bad:

    ```
    import mindspore_hub
    ```

Good:

    ```python
    import mindspore_hub
    ```
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for fence in document.body.fences:
        if not fence.language:
            hint = "Write it after the fence: python, bash, cpp; text for output."
            yield Finding(fence.start, fence.end, "the block of code does not say its language", hint)


RULE = Rule("code-language", Category.BODY, Severity.WARNING, check)
