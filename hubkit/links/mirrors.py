"""Mirrors of a link: URLs that have the same, and folders (``file://``, RFC 8089)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

FILE = "file://"


def mirrors_of(page: str, mirrors: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """(prefix, URL) of each mirror of ``page``, in order."""
    for prefix, replacements in mirrors.items():
        if page.startswith(prefix):
            for replacement in replacements:
                yield replacement, replacement + page[len(prefix) :]


def has_file(prefix: str, url: str) -> bool:
    """Whether the folder of the mirror ``prefix`` holds the file of ``url``, which must not lead out of it."""
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        return False
    try:
        folder = Path(unquote(urlsplit(prefix).path)).resolve()
        file = Path(unquote(parts.path)).resolve()
        return file.is_relative_to(folder) and file.is_file()
    except (OSError, ValueError):
        return False
