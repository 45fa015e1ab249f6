"""
A file that lies beside the card is not the one of its digest.

Where the asset's file is in the card's folder (because the link is relative, or because it lies there under the link's
file name), its SHA-256 is compared with `asset-sha256`. Files outside the folder are never read at a card's word, and
files of more than 1 GiB are left out.

Bad: `u2net.ckpt` beside the card, trained again since the digest was written.

Good: the digest of the file as it is.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule

MAX_BYTES = 1 << 30


def check(document: Document, context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    folder = os.path.dirname(context.path)  # noqa: PTH120 (a Path for each of thousands of cards costs more)
    for asset in document.front.mappings("asset"):
        value, link = asset.scalar("asset-sha256"), bare_link(asset.text("asset-link"))
        digest = value.text.lower() if value else ""
        name = _name_beside(link)
        if value is None or len(digest) != 64 or not name:
            continue
        beside = f"{folder}/{name}"
        if not context.exists(beside):
            continue
        path = Path(beside)
        found = _digest_of(path, context.path.parent)
        if found is not None and found != digest:
            message = f"{path.name} beside the card has another digest: {found[:12]}..."
            yield Finding(value.start, value.end, message, f"Write {found}, or put the right file there.")


def _name_beside(link: str) -> str:
    """The path, from the card's folder, at which the file would lie; empty where there is none to look at."""
    scheme, separator, rest = link.partition("://")
    path = rest if separator else link
    if "?" in path or "#" in path or "%" in path:
        path = unquote(path.split("?", 1)[0].split("#", 1)[0])
    if not separator or scheme.lower() == "file":
        return "" if path.startswith("/") or "\0" in path else path
    _, slash, name = path.rpartition("/")
    return "" if not slash or "\0" in name else name


def _digest_of(path: Path, folder: Path) -> str | None:
    """The SHA-256 of a plain file inside ``folder``; None for anything else."""
    try:
        real = path.resolve()
        if not real.is_relative_to(folder.resolve()) or not real.is_file():
            return None
        stat = real.stat()
        return _digest(real, stat.st_mtime_ns, stat.st_size) if stat.st_size <= MAX_BYTES else None
    except OSError:
        return None


@lru_cache(maxsize=256)
def _digest(path: Path, _mtime: int, _size: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


RULE = Rule("local-blob-mismatch", Category.HASHES, Severity.ERROR, check)
