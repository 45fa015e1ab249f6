"""
The asset's file name carries the beginning of a digest, and it is not that of `asset-sha256`.

Many projects end a file's name with the first eight digits of its SHA-256 (`resnet50-e10bad35.ckpt`). Where the field
begins otherwise, one of the two belongs to another file. A field that holds no more than those digits is reported by
digest-form.

Bad:

    asset-link: https://download.mindspore.cn/toolkits/mindcv/resnet50-e10bad35.ckpt
    asset-sha256: c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c

Good:

    asset-link: https://download.mindspore.cn/toolkits/mindcv/resnet50-c3a725b1.ckpt
    asset-sha256: c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule

# Eight digits or more between hyphens or underscores, at the name's end. A number alone may be a date.
_SUFFIX = re.compile(r"[-_](?=[0-9]*[a-f])(?P<digits>[0-9a-f]{8,64})(?:-[\w-]{1,16})?\.\w+(?=[?#>\s]|\Z)")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    for asset in document.front.mappings("asset"):
        link, digest = asset.scalar("asset-link"), asset.text("asset-sha256").lower()
        if link is None or not _DIGEST.fullmatch(digest):
            continue
        found = _SUFFIX.search(link.text, max(link.text.rfind("/"), 0))
        if found and not digest.startswith(found["digits"]):
            start = link.start + found.start("digits") + (0 if link.plain else 1)
            message = f"the file name says {found['digits']}, but asset-sha256 begins with {digest[:8]}"
            hint = "Run sha256sum on the file: mend the field, or link the file that is meant."
            yield Finding(start, start + len(found["digits"]), message, hint)


RULE = Rule("digest-in-file-name", Category.HASHES, Severity.WARNING, check)
