"""
White space that nobody sees belongs to a value, or follows a fence.

YAML drops the spaces around a plain value, so they do no harm. Between quotes and in texts of several lines it keeps
them, and `"imagenet2012 "` is another data set than `imagenet2012`. Behind the `---` of the front matter some readers
do not accept them. In the body, two spaces at a line's end mean a line break and are the author's choice.

Bad:

    train-dataset: "dutstr "

Good:

    train-dataset: dutstr
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.values import Scalar
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule
from hubkit.lint.rules._values import scalars

_AT_LINE_END = re.compile(r"[ \t]+(?=[\r\n])")
_FENCE_SPACE = re.compile(r"---([ \t]+)(?=[\r\n]|\Z)")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    for key, _, value in scalars(document.front):
        text = value.text
        if (len(text.strip()) != len(text) or "\n" in text) and not text.isspace():
            yield from _in_value(document.source.text, key, value)
    yield from _after_fences(document)


def _in_value(source: str, key: str, value: Scalar) -> Iterator[Finding]:
    written = source[value.start : value.end]
    if written[0] in "|>":
        for match in _AT_LINE_END.finditer(source, source.find("\n", value.start, value.end) + 1, value.end):
            fix = Fix((Edit(*match.span(), ""),), safe=True)
            yield Finding(*match.span(), f"spaces end a line of {key}, which the text keeps", "Remove them.", fix)
        return
    quote = 0 if value.plain else 1
    inner = written[quote : len(written) - quote]
    before, after = len(inner) - len(inner.lstrip()), len(inner) - len(inner.rstrip())
    places = [(value.start + quote, before, "begins"), (value.end - quote - after, after, "ends")]
    for start, length, what in places:
        if length:
            fix = Fix((Edit(start, start + length, ""),), safe=True)
            yield Finding(
                start, start + length, f"{key} {what} with white space, which belongs to it", "Remove it.", fix
            )


def _after_fences(document: Document) -> Iterator[Finding]:
    text = document.source.text
    start, end = document.front_span
    opening = text.rfind("---", 0, start)
    for fence in (opening, end):
        match = _FENCE_SPACE.match(text, fence)
        if match:
            fix = Fix((Edit(*match.span(1), ""),), safe=True)
            yield Finding(*match.span(1), "spaces follow the --- of the front matter", "Remove them.", fix)


RULE = Rule("trailing-space", Category.FRONT_MATTER, Severity.WARNING, check, fix=FixKind.SAFE)
