"""
The licence is no SPDX expression.

Whether a model may be used is read by machines too, and they know licences by their SPDX identifiers
(https://spdx.org/licenses). `Apache2.0` looks right and is unknown to all of them.

Bad:

    license: Apache2.0

Good:

    license: Apache-2.0
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule

# The identifiers that nearly all cards use or mean. They are known without loading the whole SPDX list.
_COMMON = (
    "Apache-2.0",
    "MIT",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC-BY-4.0",
    "CC-BY-NC-4.0",
    "GPL-3.0-only",
    "AGPL-3.0-only",
)
_NO_LETTER = re.compile(r"[^a-z0-9]")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    value = document.front.scalar("license") if document.front else None
    if value is None or not value.text.strip():
        return
    meant = _meant(value.text.strip())
    if meant is None:
        return
    if meant:
        fix = Fix((Edit(value.start, value.end, meant),), safe=True)
        yield Finding(value.start, value.end, f"{value.text!r} is no SPDX licence identifier", f"Write {meant}.", fix)
    else:
        hint = "Write an identifier of https://spdx.org/licenses, such as Apache-2.0 or MIT."
        yield Finding(value.start, value.end, f"{value.text!r} is no SPDX licence expression", hint)


@lru_cache(maxsize=256)
def _meant(text: str) -> str | None:
    """None where the text is a valid expression; else the identifier it probably means, or nothing."""
    if text in _COMMON:
        return None
    letters = _NO_LETTER.sub("", text.lower())
    for identifier in _COMMON:
        if letters in _spellings(identifier):
            return identifier
    try:
        result = _spdx().validate(text)
    except Exception:  # what the library raises on "()" or "MIT <x>" is of many types, none of them its own
        return ""
    if result.errors:
        return ""
    return None if result.normalized_expression == text else str(result.normalized_expression)


def _spellings(identifier: str) -> frozenset[str]:
    plain = _NO_LETTER.sub("", identifier.lower())
    return frozenset(
        {plain, plain + "license", "the" + plain, plain.replace("20", "license20"), plain.replace("20", "2")}
    )


@lru_cache(maxsize=1)
def _spdx() -> Any:
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


RULE = Rule(
    "license-spdx",
    Category.NAMES,
    Severity.ERROR,
    check,
    fix=FixKind.SAFE,
    yields_to=frozenset({"empty-value", "placeholder"}),
)
