r"""The lines of one card end in different ways.

A file with both LF and CRLF was put together from two, and no editor shows it. Patches fail to apply to it, and every
tool that normalises line ends changes lines that nobody touched. The fix makes all of them what most of them are.

Bad: a card of 80 lines, five of which end with CRLF.

Good: the same card with LF after every line.
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule

_LINE_END = re.compile(r"\r\n?|\n")
_NAMES = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


def check(document: Document, _context: Context) -> Iterator[Finding]:
    text = document.source.text
    if "\r" not in text:
        return
    both = text.count("\r\n")
    counts = {"\n": text.count("\n") - both, "\r\n": both, "\r": text.count("\r") - both}
    if sum(map(bool, counts.values())) < 2:
        return
    usual = max(counts, key=lambda end: counts[end])
    others = [match for match in _LINE_END.finditer(text) if match[0] != usual]
    kinds = " or ".join(_NAMES[end] for end in counts if counts[end] and end != usual)
    message = f"{_lines(len(others))} with {kinds}, the others with {_NAMES[usual]}"
    fix = Fix(tuple(Edit(*match.span(), usual) for match in others), safe=True)
    yield Finding(*others[0].span(), message, f"End every line with {_NAMES[usual]}.", fix)


def _lines(count: int) -> str:
    return "1 line ends" if count == 1 else f"{count} lines end"


RULE = Rule("line-ends", Category.FILE, Severity.WARNING, check, fix=FixKind.SAFE)
