"""
A `builder` in the block `network` is a misspelling of a network that hubkit has.

Such a card cannot be converted. What is like none of hubkit's own names is left alone, and so is what names a package,
such as `mindcv:resnet50`, or a network that an installed package adds: another machine may have other packages.

Bad:

    network:
      builder: u2nett

Good:

    network:
      builder: u2net
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.card.values import Mapping
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule


def check(document: Document, _context: Context) -> Iterator[Finding]:
    block = document.front.get("network") if document.front is not None else None
    builder = block.scalar("builder") if isinstance(block, Mapping) else None
    if builder is None:
        return
    from hubkit.nets import meant, names  # few cards have the block

    near = meant(builder.text)
    if near:
        hint = f"Did you mean {near}? Networks of hubkit: {', '.join(names())}."
        yield Finding(
            builder.start, builder.end, f"no network that is known here is called {shown(builder.text.strip())}", hint
        )


RULE = Rule("misspelt-builder", Category.NAMES, Severity.WARNING, check)
