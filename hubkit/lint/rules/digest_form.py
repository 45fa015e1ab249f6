"""
An `asset-sha256` is no SHA-256 digest.

A digest is 64 hexadecimal digits, written in lower case. A shortened one proves nothing: who can serve another file
can make one that begins with the same eight digits.

Bad:

    asset-sha256: 77dcaf0f

Good:

    asset-sha256: c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c
"""

import re
from collections.abc import Iterator

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule

_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEX = re.compile(r"[0-9a-fA-F]+")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    for asset in document.front.mappings("asset"):
        digest = asset.scalar("asset-sha256")
        if digest is None or not digest.text or _DIGEST.fullmatch(digest.text):
            continue
        lowered = digest.text.lower()
        if _DIGEST.fullmatch(lowered):
            fix = Fix((Edit(digest.start, digest.end, lowered),), safe=True)
            yield Finding(digest.start, digest.end, "the digest has capital letters", f"Write {lowered}.", fix)
        elif not _HEX.fullmatch(digest.text):
            hint = "Run sha256sum on the file and copy its first column."
            yield Finding(digest.start, digest.end, "the digest has characters that are no hexadecimal digits", hint)
        else:
            message = f"the digest has {len(digest.text)} hexadecimal digits; a SHA-256 has 64"
            if len(digest.text) < 64 and lowered in bare_link(asset.text("asset-link")).lower():
                message += " (these stand in the file's name)"
            yield Finding(digest.start, digest.end, message, "Run sha256sum on the file and copy its first column.")


RULE = Rule(
    "digest-form",
    Category.HASHES,
    Severity.ERROR,
    check,
    fix=FixKind.SAFE,
    yields_to=frozenset({"empty-value", "placeholder"}),
)
