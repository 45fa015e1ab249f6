"""All cards of a site but for their bodies, as builds leave them for those that follow: enough to make its lists.

They are written down as plain tuples: so thousands are read in the time in which a few hundred data classes are.
"""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any

from hubkit.card.model import Asset, Card
from hubkit.site.catalogue import Catalogue
from hubkit.site.folder import SiteFolder
from hubkit.site.gather import Entry
from hubkit.site.record import read_record, write_record

OUTLINES = "outlines"

_CARD = [field.name for field in fields(Card)]
_BODY = _CARD.index("body")
_ASSETS = _CARD.index("assets")
_of_card = attrgetter(*_CARD)
_of_asset = attrgetter(*(field.name for field in fields(Asset)))
_of_entry = attrgetter("page", "receipt", "stale", "outline", "links")


def outlines_key(surroundings: str, catalogue: Catalogue) -> str:
    """The key of the outlines of this catalogue's cards."""
    return f"{surroundings} {catalogue.outline}"


def read_outlines(folder: SiteFolder, key: str) -> dict[str, Entry] | None:
    """The cards that the site shows, by uid, in order, without bodies, words and digests; None where they are lost."""
    rows = read_record(folder.work / OUTLINES, key)
    try:
        return {row[0][0]: _entry(*row) for row in rows}
    except (TypeError, IndexError, ValueError):
        return None


def write_outlines(folder: SiteFolder, catalogue: Catalogue, key: str) -> None:
    """Write down the cards that the site shows. A folder that cannot be written is no error."""
    rows = [(_row(entry.card), *_of_entry(entry)) for entry in catalogue.entries]
    write_record(folder.work / OUTLINES, key, rows)


def _row(card: Card) -> tuple[Any, ...]:
    row = list(_of_card(card))
    row[_BODY] = ""
    row[_ASSETS] = tuple(map(_of_asset, card.assets))
    return tuple(row)


def _entry(row: tuple[Any, ...], page: str, receipt: Any, stale: bool, outline: str, links: Any) -> Entry:
    values = list(row)
    values[_ASSETS] = tuple(Asset(*asset) for asset in row[_ASSETS])
    return Entry(Card(*values), page, receipt, stale, "", outline, "", links)
