"""What builds read of cards, for those that follow: each family by itself, so that few of them are loaded.

The cards lie in one file that grows, family after family; the record that names their places is small.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from hubkit.card.uid import family_of
from hubkit.site.folder import SiteFolder
from hubkit.site.problem import Problem
from hubkit.site.record import dumps, loads, read_record, write_record

if TYPE_CHECKING:
    from hubkit.receipts import ModelFile
    from hubkit.site.families import Family
    from hubkit.site.gather import Reading
    from hubkit.site.search import SearchKeys

CARDS = "cards"
KNOWN = "known"

# The file is written anew when more than this share of it is of no use.
_USELESS = 0.5

FamilyRow = tuple[str, str, tuple[str, ...]]
"""Key, page and uids of a family, as in families.Family."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the cards of a site."""

    places: dict[str, tuple[int, int, str]]
    """The key of a family -> where its readings lie in the file of cards: start, length, SHA-256."""
    families: tuple[FamilyRow, ...]
    """The families of the catalogue, in order."""
    translations: tuple[FamilyRow, ...]
    """Those of translations, in order."""
    originals: dict[str, str]
    """The uid of a translation -> that of its original."""
    problems: dict[str, tuple[Problem, ...]]
    """The uid of a card -> what could not be read of it."""
    collisions: tuple[Problem, ...]
    """Which cards cannot be shown beside others."""
    models: dict[str, tuple[ModelFile, ...]]
    """The uid of a card -> its converted files, where it has any, in order."""
    downloads: frozenset[str]
    """The paths, in receipts, of the converted files that are published."""
    outlines: str
    """The key of the outlines of all cards (see outlines)."""
    search: SearchKeys
    """The keys of what the search is made of."""
    lists: tuple[str, ...]
    """The paths of the files that are made of all cards (see list_kinds)."""

    @property
    def shown(self) -> set[str]:
        """The uids of all cards that are shown."""
        return {uid for _, _, members in (*self.families, *self.translations) for uid in members}


def rows_of(families: Iterable[Family]) -> tuple[FamilyRow, ...]:
    """The rows of these families."""
    return tuple((family.key, family.page, tuple(entry.card.uid for entry in family.members)) for family in families)


def key_of(surroundings: str, stamps: Mapping[str, str]) -> str:
    """The key of records that go with a site made of these."""
    text = "\n".join(f"{uid} {stamp}" for uid, stamp in stamps.items())
    return f"{surroundings} {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def read_known(folder: SiteFolder, key: str) -> Known | None:
    """What is known; None where it is not known under this key."""
    found = read_record(folder.work / KNOWN, key)
    return found if isinstance(found, Known) else None


def read_cards(folder: SiteFolder, known: Known, families: Iterable[str]) -> dict[str, Reading] | None:
    """What was read of the cards of these families, by uid; None where some of it is lost."""
    found: dict[str, Reading] = {}
    try:
        with (folder.work / CARDS).open("rb") as stream:
            for family in families:
                start, length, digest = known.places[family]
                stream.seek(start)
                content = stream.read(length)
                if hashlib.sha256(content).hexdigest() != digest:
                    return None
                found |= loads(content)
    except (OSError, KeyError, TypeError, ValueError):
        return None
    return found


def write_known(folder: SiteFolder, key: str, known: Known, readings: Mapping[str, Reading]) -> None:
    """Write down what is known, with ``readings``: all of their families. Those of other families stay.

    A folder that cannot be written is no error.
    """
    families: dict[str, dict[str, Reading]] = {}
    for uid, reading in readings.items():
        families.setdefault(family_of(uid), {})[uid] = reading
    path = folder.work / CARDS
    others = {family: place for family, place in known.places.items() if family not in families}
    with suppress(OSError):
        places = _append(path, families) if others else _write(path, families)
        write_record(folder.work / KNOWN, key, replace(known, places={**others, **places}))


def is_worn(folder: SiteFolder, known: Known) -> bool:
    """Whether the file of cards is largely of no use, and to be written anew."""
    try:
        size = (folder.work / CARDS).stat().st_size
    except OSError:
        return True
    return size * _USELESS > sum(length for _, length, _ in known.places.values())


_Families = Mapping[str, Mapping[str, "Reading"]]


def _write(path: Path, families: _Families) -> dict[str, tuple[int, int, str]]:
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as stream:
        places = _written(stream, families)
    beside.replace(path)
    return places


def _append(path: Path, families: _Families) -> dict[str, tuple[int, int, str]]:
    with path.open("ab") as stream:
        return _written(stream, families)


def _written(stream: BinaryIO, families: _Families) -> dict[str, tuple[int, int, str]]:
    """Where each lies now. One after the other is made bytes of: all together, they take as much memory as a build."""
    start = stream.tell()
    places = {}
    for family, found in families.items():
        content = dumps(found)
        stream.write(content)
        places[family] = (start, len(content), hashlib.sha256(content).hexdigest())
        start += len(content)
    return places
