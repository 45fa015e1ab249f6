"""Which whole digest belongs to a digest that a card cuts short, as the file that was fetched says.

A record is a file of its own, so that processes do not overwrite each other's: ``<root>/completed/<name>.json``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from pathlib import Path

from hubkit.store.blobs import BlobStore
from hubkit.store.digest import is_digest

# Fewer digits than these are shared by files by chance.
MIN_DIGITS = 8

_TRUNCATED = re.compile(rf"[0-9a-f]{{{MIN_DIGITS},63}}")


def is_truncated(text: str) -> bool:
    """Whether ``text`` is the beginning of a SHA-256 digest, 8 to 63 digits, in lower case."""
    return _TRUNCATED.fullmatch(text) is not None


def record_path(store: BlobStore, url: str, prefix: str) -> Path:
    """Where the record for the file at ``url`` lies, or would lie."""
    return store.root / "completed" / f"{hashlib.sha256(f'{prefix} {url}'.encode()).hexdigest()[:32]}.json"


def completed(store: BlobStore, url: str, prefix: str) -> str | None:
    """The whole digest of the file that was fetched from ``url`` and whose digest begins with ``prefix``."""
    try:
        row = json.loads(record_path(store, url, prefix).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    found = row.get("sha256") if isinstance(row, dict) else None
    sound = isinstance(found, str) and is_digest(found) and found.startswith(prefix)
    return found if sound and row.get("url") == url else None


def record(store: BlobStore, url: str, prefix: str, sha256: str) -> None:
    """Write the record, whole or not at all."""
    path = record_path(store, url, prefix)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    try:
        beside.write_text(json.dumps({"url": url, "prefix": prefix, "sha256": sha256}), encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
