"""Families: the cards of one publisher with the same file name under several versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hubkit.card.uid import family_of, version_order
from hubkit.site.gather import Entry

TRANSLATED = "_cn"


@dataclass(frozen=True, slots=True)
class Family:
    """One model in all its versions."""

    key: str
    """The uid without its version folder; the same for all members, and for no other family."""
    members: tuple[Entry, ...]
    """Its cards, the newest version first; at least one."""

    @property
    def newest(self) -> Entry:
        """The card that stands for the family."""
        return self.members[0]


def families(entries: Iterable[Entry]) -> tuple[Family, ...]:
    """The families of the catalogue, by key."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[family_of(entry.card.uid)].append(entry)
    return tuple(Family(key, tuple(sorted(members, key=_age, reverse=True))) for key, members in sorted(found.items()))


def original_of(uid: str) -> str:
    """The uid of the card that ``uid`` would be the Chinese translation of, by its name; empty for any other name."""
    return uid.removesuffix(TRANSLATED) if uid.endswith(TRANSLATED) else ""


def _age(entry: Entry) -> tuple[tuple[int, ...], str]:
    return version_order(entry.card.version), entry.card.uid
