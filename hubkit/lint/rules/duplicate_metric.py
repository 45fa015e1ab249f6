"""
One metric stands twice in `evaluation`, with two values.

Both cannot be right, and no reader can tell what the other one is: often the name was copied and only the number
changed.

Bad:

    evaluation: top1acc69.73 | top1acc89.35

Good:

    evaluation: top1acc69.73 | top5acc89.35
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._metrics import measurements

_SEVERAL = re.compile("[|｜;；]")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is None or not _SEVERAL.search(document.front.text("evaluation")):
        return
    first: dict[str, str] = {}
    for start, end, text, metric in measurements(document):
        if metric is None or not metric.name:
            continue
        before = first.setdefault(metric.name.lower(), text)
        if before != text:
            message = f"{shown(text)} gives {metric.name} another value than {shown(before)} before it"
            yield Finding(start, end, message, "Name each metric for what it is, or keep one of the two.")


RULE = Rule("duplicate-metric", Category.NAMES, Severity.WARNING, check)
