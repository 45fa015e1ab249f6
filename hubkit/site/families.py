"""Families: the cards of one publisher with the same file name under several versions.

The page of a family is ``models/mindspore/latest/u2net_dutstr.html``: that of its newest card, with ``latest`` in place
of the version, so that a link to it always shows the newest. The pages of its versions keep their own paths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hubkit.card.uid import family_of, version_of, version_order
from hubkit.site.gather import Entry
from hubkit.site.paths import page_path

TRANSLATED = "_cn"
LATEST = "latest"


@dataclass(frozen=True, slots=True, eq=False)  # no two are the same, and to compare them would take long
class Family:
    """One model in all its versions."""

    key: str
    """The uid without its version folder; the same for all members, and for no other family."""
    members: tuple[Entry, ...]
    """Its cards, the newest version first; at least one."""
    page: str
    """Its page, from the root of a language's pages, as deep in folders as the newest card's; that very page where the
    newest card has no version, or where another card is in the way."""

    @property
    def newest(self) -> Entry:
        """The card that stands for the family."""
        return self.members[0]


def families(entries: Iterable[Entry]) -> tuple[Family, ...]:
    """The families of the catalogue, by key."""
    found: dict[str, list[Entry]] = defaultdict(list)
    taken: set[str] = set()
    for entry in entries:
        found[family_of(entry.card.uid)].append(entry)
        taken.update(_with_folders(entry.page))
    return tuple(_family(key, members, taken) for key, members in sorted(found.items()))


def _family(key: str, entries: list[Entry], taken: set[str]) -> Family:
    members = tuple(sorted(entries, key=_age, reverse=True))
    newest = members[0]
    page = page_path(latest_of(newest.card.uid))
    return Family(key, members, newest.page if page in taken else page)


def latest_of(uid: str) -> str:
    """The uid with ``latest`` in place of its version; the uid itself where it has none."""
    version = version_of(uid)
    if not version:
        return uid
    parts = uid.split("/")
    parts[len(parts) - 2 - parts[-2::-1].index(version)] = LATEST
    return "/".join(parts)


def original_of(uid: str) -> str:
    """The uid of the card that ``uid`` would be the Chinese translation of, by its name; empty for any other name."""
    return uid.removesuffix(TRANSLATED) if uid.endswith(TRANSLATED) else ""


def _age(entry: Entry) -> tuple[tuple[int, ...], str]:
    return version_order(entry.card.version), entry.card.uid


def _with_folders(path: str) -> list[str]:
    return [path, *(path[:index] for index, character in enumerate(path) if character == "/")]
