"""Families: the cards of one publisher with the same file name under several versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hubkit.site.gather import Entry


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
        found[_key(entry)].append(entry)
    return tuple(
        Family(key, tuple(sorted(members, key=lambda entry: (_order(entry), entry.card.uid), reverse=True)))
        for key, members in sorted(found.items())
    )


def _key(entry: Entry) -> str:
    parts = entry.card.uid.split("/")
    if entry.card.version:
        # The version is the last folder of this name: see Card.version.
        del parts[len(parts) - 2 - parts[-2::-1].index(entry.card.version)]
    return "/".join(parts)


def _order(entry: Entry) -> tuple[int, ...]:
    """A version as numbers, so that 1.10 comes after 1.9."""
    return tuple(int(part) for part in entry.card.version.split(".")) if entry.card.version else ()
