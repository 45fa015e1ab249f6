"""An `asset-sha256` is no SHA-256 digest.

A digest is 64 hexadecimal digits, written in lower case. A shortened one proves nothing: who can serve another file
can make one that begins with the same eight digits. Where `hubkit fetch` got the file, and its digest begins with those
digits, `--unsafe-fixes` writes the whole one: unsafe, because nobody has said that this is the file that was meant.

Bad:

    asset-sha256: 77dcaf0f

Good:

    asset-sha256: c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root
from hubkit.store.completed import completed, is_truncated, record_path

_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEX = re.compile(r"[0-9a-f]+")
_TRIMMINGS = re.compile(r"\A\s*(?:sha-?256[:=-]|0x)|\s+", re.IGNORECASE)
_SHORTENED = 6  # digits; fewer stand in a name by chance
_COPY = "Run sha256sum on the file and copy its first column."


def check(document: Document, context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    for asset in document.front.mappings("asset"):
        digest = asset.scalar("asset-sha256")
        if digest is None or not digest.text or _DIGEST.fullmatch(digest.text):
            continue
        place = digest.start, digest.end
        lowered = digest.text.lower()
        bare = _TRIMMINGS.sub("", lowered)
        if _DIGEST.fullmatch(bare):
            kept = _written(bare)
            wrong = "capital letters" if lowered == bare else "a prefix or white space beside its 64 digits"
            fix = Fix((Edit(*place, kept),), safe=True)
            yield Finding(*place, f"the digest has {wrong}", f"Write {kept}.", fix)
        elif not _HEX.fullmatch(lowered):
            yield Finding(*place, "the digest has characters that are no hexadecimal digits", _COPY)
        else:
            digits = f"{len(lowered)} hexadecimal digit{'s' * (len(lowered) != 1)}"
            name = PurePosixPath(bare_link(asset.text("asset-link"))).name.lower()
            note = " (the file's name has the same)" if len(lowered) >= _SHORTENED and lowered in name else ""
            whole = _completion(place, lowered, bare_link(asset.text("asset-link")), context)
            hint = f"Write {whole.edits[0].text}, the digest of the file that was fetched." if whole else _COPY
            yield Finding(*place, f"the digest has {digits}; a SHA-256 has 64{note}", hint, whole)


def _completion(place: tuple[int, int], digits: str, link: str, context: Context) -> Fix | None:
    """Write the whole digest, where a file that was fetched has one that begins so."""
    if not is_truncated(digits):
        return None
    store = BlobStore(default_root())
    if not context.exists(record_path(store, link, digits)):
        return None
    digest = completed(store, link, digits)
    if digest is None or not context.exists(store.path(digest)):
        return None
    return Fix((Edit(*place, _written(digest)),), safe=False)


def _written(digest: str) -> str:
    """The digest as it stands in YAML, which would read plain digits as a number."""
    return digest if re.search("[a-df]", digest) else f'"{digest}"'


RULE = Rule(
    "digest-form",
    Category.HASHES,
    Severity.ERROR,
    check,
    fix=FixKind.SAFE,
    yields_to=frozenset({"empty-value", "placeholder"}),
)
