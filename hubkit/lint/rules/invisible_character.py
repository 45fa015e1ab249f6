"""
A character that nobody sees stands in the title or the front matter, or turns text round.

A name that holds a zero-width space or a soft hyphen looks like another name and equals none; such characters come
along when text is copied from a web page. Characters that override the direction of text can make a link or a digest
show otherwise than machines read it; those two (U+202D, U+202E) are looked for in the body too. Joiners and marks that
scripts need (U+200C to U+200F) are left alone. A byte order mark is byte-order-mark's.

Bad: `train-dataset: dutstr` with U+200B before the last letter.

Good: `train-dataset: dutstr` without it.
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule

_NAMES = {
    "\u00ad": "a soft hyphen",
    "\u180e": "a vowel separator",
    "\u200b": "a zero-width space",
    "\u2060": "a word joiner",
    **dict.fromkeys(map(chr, range(0x2061, 0x2065)), "an invisible operator"),
    **dict.fromkeys(map(chr, range(0x202A, 0x202F)), "a character that turns text round"),
    **dict.fromkeys(map(chr, range(0x2066, 0x206A)), "a character that turns text round"),
}
_INVISIBLE = re.compile(f"[{''.join(_NAMES)}]")
_OVERRIDE = re.compile("[\u202d\u202e]")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    text, start = document.source.text, document.body.start
    if text.isascii():
        return
    if not text[:start].isascii():
        yield from map(_finding, _INVISIBLE.finditer(text, 0, start))
    if "\u202d" in text or "\u202e" in text:
        yield from map(_finding, _OVERRIDE.finditer(text, start))


def _finding(match: re.Match[str]) -> Finding:
    fix = Fix((Edit(*match.span(), ""),), safe=True)
    message = f"{_NAMES[match[0]]} (U+{ord(match[0]):04X}) stands here, which nobody sees"
    return Finding(*match.span(), message, "Remove it.", fix)


RULE = Rule("invisible-character", Category.FILE, Severity.WARNING, check, fix=FixKind.SAFE)
