"""Which cards have changed, come or gone since a site was made, and which families' pages may be other ones for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from hubkit.card.uid import family_of
from hubkit.site.build import Inputs, Order
from hubkit.site.catalogue import Catalogue
from hubkit.site.families import TRANSLATED, Family
from hubkit.site.folder import SiteFolder
from hubkit.site.gather import Entry, Reading, read, without_collisions
from hubkit.site.known import FamilyRow, Known, is_worn, key_of, read_cards, read_known, rows_of
from hubkit.site.outlines import read_outlines
from hubkit.site.problem import Problem
from hubkit.site.state import Site

# With more cards changed, to make all of the site anew takes as long.
_MOST = 50

_Rows = tuple[FamilyRow, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards at one time, with the bodies of those that something depends on."""

    families: _Rows
    """The families of the catalogue, in order."""
    translations: _Rows
    """Those of translations, in order."""
    originals: dict[str, str]
    """The uid of a translation -> that of its original."""
    entries: Mapping[str, Entry]
    """The cards of the families concerned, and of those that are translations of them, by uid, in order."""
    outlines: Mapping[str, Entry]
    """All cards that are shown, by uid, in order, without bodies; none where nothing but bodies has changed."""

    def part(self, catalogue: Catalogue, keys: Collection[str] | None = None) -> Catalogue:
        """The catalogue as one with these families alone, or with all families; their cards are in it."""
        entries = {entry.card.uid: entry for entry in catalogue.entries}

        def families(rows: _Rows) -> tuple[Family, ...]:
            return tuple(
                Family(key, tuple(entries[uid] for uid in members), page)
                for key, page, members in rows
                if keys is None or key in keys
            )

        return catalogue.part(families(self.families), families(self.translations))


@dataclass(frozen=True, slots=True)
class Difference:
    """What has changed since a site was made."""

    known: Known
    """What was known of the cards."""
    before: Cards
    """The cards that the site was made of."""
    after: Cards
    """The cards as they are."""
    families: frozenset[str]
    """The keys of the families whose pages may be other ones, or no more, or new."""
    readings: Mapping[str, Reading]
    """What was read of all cards of the families that a card has changed in, come to or gone from, by uid."""
    gone: frozenset[str]
    """The keys of those of them that have no card any more."""
    problems: dict[str, tuple[Problem, ...]]
    """The uid of a card -> what could not be read of it."""

    @property
    def has_lists(self) -> bool:
        """Whether anything is other than it was that lists tell of cards: more than bodies."""
        return bool(self.before.outlines)

    @property
    def is_moved(self) -> bool:
        """Whether any card has come or gone, so that there may be other pages than there were."""
        return self.before.families != self.after.families or self.before.translations != self.after.translations


def difference(order: Order, folder: SiteFolder, inputs: Inputs, site: Site) -> Difference | None:
    """What has changed since ``site`` was made; None where it is more than few cards, or what is needed is lost."""
    changed = [source for source in inputs.sources if site.stamps.get(source.uid) != source.stamp]
    touched = {source.uid for source in changed} | (site.stamps.keys() - inputs.stamps.keys())
    if not inputs.sources or site.stamps[""] != inputs.links or not 0 < len(touched) <= _MOST:
        return None
    known = read_known(folder, key_of(inputs.surroundings, site.stamps))
    if known is None or is_worn(folder, known):
        return None
    new = read(changed, order.cards_dir, order.jobs)
    came = {uid: reading.entry for uid, reading in new.items() if reading.entry}
    before = after = Cards(known.families, known.translations, known.originals, {}, {})
    outlines: dict[str, Entry] | None = None
    if not touched <= known.shown & came.keys():
        outlines = read_outlines(folder, known.outlines)
        regrouped = _regrouped(outlines, touched, came) if outlines and not known.collisions else None
        if regrouped is None:
            return None
        after = regrouped
    keys = _concerned(before, after, touched)
    old = read_cards(folder, known, _with_counterparts(known, keys))
    if old is None:
        return None
    now = {uid: reading for uid, reading in old.items() if uid not in touched} | new
    before = replace(before, entries=_shown(known.shown, old))
    after = replace(after, entries=_shown(known.shown - touched | came.keys(), now))
    if {uid: entry.outline for uid, entry in before.entries.items()} != {
        uid: entry.outline for uid, entry in after.entries.items()
    }:
        outlines = outlines or read_outlines(folder, known.outlines)
        if outlines is None:
            return None
        before = replace(before, outlines=outlines)
        after = replace(after, outlines=_brought_up(outlines, touched, came))
    problems = {uid: found for uid, found in known.problems.items() if uid not in touched}
    rewritten = set(map(family_of, touched))
    return Difference(
        known=known,
        before=before,
        after=after,
        families=frozenset(keys),
        readings={uid: reading for uid, reading in now.items() if family_of(uid) in rewritten},
        gone=frozenset(rewritten - set(map(family_of, now))),
        problems=problems | {uid: reading.problems for uid, reading in new.items() if reading.problems},
    )


def _brought_up(outlines: Mapping[str, Entry], touched: Collection[str], came: Mapping[str, Entry]) -> dict[str, Entry]:
    """All cards that are shown now, by uid, in order."""
    return dict(
        sorted({uid: entry for uid, entry in {**outlines, **came}.items() if uid in came or uid not in touched}.items())
    )


def _regrouped(outlines: Mapping[str, Entry], touched: Collection[str], came: Mapping[str, Entry]) -> Cards | None:
    """The families as they are now; None where a card cannot be shown beside another, which may concern any."""
    collisions: list[Problem] = []
    entries = without_collisions(_brought_up(outlines, touched, came).values(), collisions)
    if collisions:
        return None
    whole = Catalogue(entries, "", {})
    return Cards(rows_of(whole.families), rows_of(whole.translation_families), whole.originals, {}, {})


def _concerned(before: Cards, after: Cards, touched: Collection[str]) -> set[str]:
    """The keys of the families whose pages may be other ones, or no more, or new."""
    uids = set(touched)
    if before.originals != after.originals:
        uids |= {uid for pair in before.originals.items() ^ after.originals.items() for uid in pair}
    uids |= {cards.originals[uid] for uid in uids for cards in (before, after) if uid in cards.originals}
    keys = set(map(family_of, uids))
    for ours, theirs in ((before.families, after.families), (before.translations, after.translations)):
        if ours != theirs:
            keys |= {key for key, _, _ in set(ours) ^ set(theirs)}
    return keys


def _with_counterparts(known: Known, keys: Iterable[str]) -> set[str]:
    """The families with these keys, those that translate them and that they translate, as far as they were there."""
    found = {other for key in keys for other in (key, f"{key}{TRANSLATED}", key.removesuffix(TRANSLATED))}
    return found & known.places.keys()


def _shown(shown: Collection[str], readings: Mapping[str, Reading]) -> dict[str, Entry]:
    """The cards that are shown among these, by uid, in order."""
    found = ((uid, readings[uid].entry) for uid in sorted(readings) if uid in shown)
    return {uid: entry for uid, entry in found if entry}
