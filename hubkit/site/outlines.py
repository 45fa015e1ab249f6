"""All cards of a site but for their bodies, as builds leave them for those that follow: enough to make its lists.

They are written down field by field: so thousands are read in the time in which a few hundred data classes are.
"""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter

from hubkit.card.model import Asset, Card
from hubkit.site.catalogue import Catalogue
from hubkit.site.folder import SiteFolder
from hubkit.site.gather import Entry
from hubkit.site.record import read_record, write_record

OUTLINES = "outlines"

_CARD = [field.name for field in fields(Card)]
_BODY = _CARD.index("body")
_ASSETS = _CARD.index("assets")
_of_asset = attrgetter(*(field.name for field in fields(Asset)))
_ENTRY = ("page", "receipt", "stale", "outline", "links")


def outlines_key(surroundings: str, catalogue: Catalogue) -> str:
    """The key of the outlines of this catalogue's cards."""
    return f"{surroundings} {catalogue.outline}"


def read_outlines(folder: SiteFolder, key: str) -> dict[str, Entry] | None:
    """The cards that the site shows, by uid, in order, without bodies, words and digests; None where they are lost."""
    found = read_record(folder.work / OUTLINES, key)
    try:
        assets, rest, columns = found
        columns[_ASSETS] = [tuple(Asset(*asset) for asset in each) for each in assets]
        pages, receipts, stale, outlines, links = rest
        cards = map(Card, *columns)
        return {
            each[0].uid: Entry(each[0], each[1], each[2], each[3], "", each[4], "", each[5])
            for each in zip(cards, pages, receipts, stale, outlines, links, strict=True)
        }
    except (TypeError, IndexError, ValueError):
        return None


def write_outlines(folder: SiteFolder, catalogue: Catalogue, key: str) -> None:
    """Write down the cards that the site shows. A folder that cannot be written is no error."""
    cards = [entry.card for entry in catalogue.entries]
    columns = [[getattr(card, name) for card in cards] for name in _CARD]
    assets = [tuple(map(_of_asset, each)) for each in columns[_ASSETS]]
    columns[_ASSETS] = columns[_BODY] = [""] * len(cards)
    rest = [[getattr(entry, name) for entry in catalogue.entries] for name in _ENTRY]
    write_record(folder.work / OUTLINES, key, (assets, rest, columns))
