"""Where the lists of models lie: see listings."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from hubkit.site.paths import url

INDEX_PAGE = "index"
FIELD_LISTING = "fields"
TASK_LISTING = "tasks"

_NOT_IN_A_SLUG = re.compile(r"[^\w.-]+")
# Room for a digest and the suffix in the name of a file.
_MOST_BYTES = 150


def key_of(name: str) -> str:
    """What a name is listed under: spellings that differ only in case or in the form of letters are one."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def slug_of(name: str) -> str:
    """The name of a page, the same for all spellings of ``name`` and for nothing else, on any file system."""
    key = key_of(name)
    plain = _NOT_IN_A_SLUG.sub("-", key).strip("-.")
    plain = plain.encode()[:_MOST_BYTES].decode(errors="ignore")
    if plain == key and plain != INDEX_PAGE:
        return plain
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain}-{digest}" if plain else digest


def listing_path(folder: str, name: str) -> str:
    """The page of a listing that lists what is under ``name``, from the root of a language's pages."""
    return f"{folder}/{slug_of(name)}.html"


def listing_index(folder: str) -> str:
    """The page that lists all pages of a listing."""
    return f"{folder}/{INDEX_PAGE}.html"


@lru_cache(maxsize=16384)
def listing_url(root: str, folder: str, name: str) -> str:
    """The link to that page; empty for an empty name. ``root`` is the link to the root of the language's pages."""
    return root + url(listing_path(folder, name)) if key_of(name) else ""
