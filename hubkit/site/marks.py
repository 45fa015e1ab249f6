"""What is known of cards beside them and their receipts, and makes their pages anew: converted files and links."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hubkit.site.downloads import Download
from hubkit.site.gather import Entry
from hubkit.site.link_evidence import checks, read_links

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict


def marked(entries: Iterable[Entry], downloads: Mapping[str, Download], links: Path | None) -> tuple[Entry, ...]:
    """The entries, other by digest where another of their files is published or something else is known of links."""
    found = tuple(_with_downloads(entry, downloads) for entry in entries)
    known = read_links(links)
    return tuple(_with_links(entry, known) for entry in found) if known else found


def _with_downloads(entry: Entry, downloads: Mapping[str, Download]) -> Entry:
    """The entry, other by digest where another of its files is published."""
    models = entry.receipt.models if entry.receipt else ()
    absent = [model.path for model in models if model.path not in downloads]
    if not absent:
        return entry
    mark = hashlib.sha256(repr(absent).encode("utf-8", "surrogatepass")).hexdigest()
    return replace(entry, digest=f"{entry.digest} {mark}", outline=f"{entry.outline} {mark}")


def _with_links(entry: Entry, known: Mapping[str, Verdict]) -> Entry:
    """The entry with what is known of its links, and other by digest where that is anything."""
    found = checks(entry.card, known)
    if not any(check.state for check in found):  # its page says as much without a list of them
        return entry
    mark = hashlib.sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest()
    return replace(entry, links=found, digest=f"{entry.digest} {mark}")
