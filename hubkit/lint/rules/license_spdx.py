"""The licence is no SPDX expression.

Whether a model may be used is read by machines too, and they know licences by their SPDX identifiers
(https://spdx.org/licenses). `Apache2.0` looks right and is unknown to all of them. Several licences are joined by OR
and AND; a licence of one's own is `LicenseRef-` and a name.

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
from hubkit.card.text import nearest, shown
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
_WORD = re.compile(r"[a-z]+|\d+|[+()]")
_FILLERS = frozenset({"the", "license", "licence", "version", "v"})
_OWN = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
_EXPRESSION = re.compile(r"[A-Za-z0-9.:+()\s-]{1,500}")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    value = document.front.scalar("license") if document.front else None
    if value is None or not value.text.strip():
        return
    written = value.text.strip()
    meant = _meant(written)
    if meant == written:
        return
    message = f"{shown(written)} is no SPDX licence expression"
    if meant:
        fix = Fix((Edit(value.start, value.end, meant),), safe=True)
        yield Finding(value.start, value.end, message, f"Write {meant}.", fix)
    else:
        near = nearest(written, _COMMON, cutoff=0.9)
        hint = f"Did you mean {near}? " if near else ""
        hint += "Write an identifier of https://spdx.org/licenses, such as Apache-2.0 or MIT."
        yield Finding(value.start, value.end, message, hint)


@lru_cache(maxsize=256)
def _meant(text: str) -> str:
    """The text itself where it is a valid expression; else the one it means, or nothing."""
    if text in _COMMON:
        return text
    return _SPELLINGS.get(_gist(text)) or _normalized(text)


def _gist(text: str) -> str:
    """What is left of a licence's name without punctuation, case and filling words."""
    return "".join(word for word in _WORD.findall(text.lower()) if word not in _FILLERS)


_SPELLINGS = {**{_gist(identifier): identifier for identifier in _COMMON}, "apache2": "Apache-2.0"}


def _normalized(text: str) -> str:
    """The expression with every identifier as SPDX writes it; the text itself where that is so; nothing if invalid."""
    if not _EXPRESSION.fullmatch(text):
        return ""
    try:
        parsed = _spdx().parse(text, strict=True)
        unknown = _spdx().unknown_license_keys(parsed)
        rendered = str(parsed.render())
    except Exception:  # on a malformed text the library raises whatever comes: IndexError on (), AssertionError on (or
        return ""
    if not all(_OWN.fullmatch(key) or _is_known_or_later(key) for key in unknown):
        return ""
    return text if _identifiers(text) <= _identifiers(rendered) else rendered


def _is_known_or_later(key: str) -> bool:
    """Whether it is an identifier with a plus, which means this version or a later one."""
    return key.endswith("+") and _normalized(key[:-1]) == key[:-1]


def _identifiers(expression: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\s()]+", expression))


@lru_cache(maxsize=1)
def _spdx() -> Any:
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


RULE = Rule(
    "license-spdx", Category.NAMES, Severity.ERROR, check, fix=FixKind.SAFE, yields_to=frozenset({"placeholder"})
)
