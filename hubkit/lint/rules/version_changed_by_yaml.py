"""
A version is written so that YAML changes it.

YAML reads the plain text 1.10 as the number 1.1: another version, and nothing tells the reader. Quotes keep it.

Bad:

    mindspore-version: 1.10

Good:

    mindspore-version: "1.10"
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule

_KEYS = ("model-version", "mindspore-version")
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*\.\d*|\.\d+|\d[\d_]*(?:\.\d*)?[eE][-+]?\d+|0x[0-9a-fA-F]+|0o?[0-7]+)")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    for key in _KEYS:
        value = document.front.scalar(key)
        if value is None or not value.plain or not _NUMBER.fullmatch(value.text):
            continue
        read = _as_yaml_reads(value.text)
        if read != value.text:
            quoted = f'"{value.text}"'
            fix = Fix((Edit(value.start, value.end, quoted),), safe=True)
            message = f"YAML reads {key} {value.text} as the number {read}"
            yield Finding(value.start, value.end, message, f"Write {quoted}.", fix)


def _as_yaml_reads(text: str) -> str:
    digits = text.replace("_", "")
    if re.fullmatch(r"[-+]?0x[0-9a-fA-F]+", digits):
        return str(int(digits, 16))
    if re.fullmatch(r"[-+]?0o?[0-7]+", digits):
        return str(int(digits.replace("o", ""), 8))
    return repr(float(digits))


RULE = Rule("version-changed-by-yaml", Category.VERSIONS, Severity.ERROR, check, fix=FixKind.SAFE)
