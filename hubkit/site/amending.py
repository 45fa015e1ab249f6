"""Making a site anew where nothing has changed but bodies of cards: only the pages that show them, and the search.

Whatever else changes may change any page, and is left to making. What is made here is the same, byte by byte.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from hubkit.card.uid import family_of
from hubkit.site.build import Inputs, Order, SiteResult, refuse_problems, result
from hubkit.site.card_kinds import CARD_FILES, CARD_PAGES
from hubkit.site.catalogue import Catalogue
from hubkit.site.downloads import Download, Missing, find_downloads
from hubkit.site.families import TRANSLATED, Family
from hubkit.site.folder import MANIFEST, SiteFolder
from hubkit.site.gather import Entry, Reading, read
from hubkit.site.known import FamilyRow, Known, is_worn, key_of, read_cards, read_known, write_known
from hubkit.site.marks import marked
from hubkit.site.planning import catalogue_of, plan, plan_search
from hubkit.site.problem import Problem
from hubkit.site.publishing import publish
from hubkit.site.record import read_record, write_record
from hubkit.site.search import SEARCH_RECORD, SearchData, all_words, is_search_file
from hubkit.site.search_words import amend as amend_words
from hubkit.site.state import STATE, Site, files_of

# With more cards changed, to make all of it anew takes as long.
_MOST = 50


def amend(
    order: Order, folder: SiteFolder, inputs: Inputs, site: Site, is_whole: Callable[[], bool]
) -> SiteResult | None:
    """Make what has changed since ``site`` was made; None where more has changed than can be made here.

    Arguments and errors are those of making.make.
    """
    uids = [source.uid for source in inputs.sources if site.stamps.get(source.uid) != source.stamp]
    if site.stamps.keys() != inputs.stamps.keys() or site.stamps[""] != inputs.links or len(uids) > _MOST:
        return None
    key = key_of(inputs.surroundings, site.stamps)
    known = read_known(folder, key)
    if known is None or is_worn(folder, known):
        return None
    concerned = {*uids, *(known.originals[uid] for uid in uids if uid in known.originals)}
    keys = {family_of(uid) for uid in concerned}
    before = read_cards(folder, known, _with_counterparts(known, keys, known.converted))
    search = read_record(folder.work / SEARCH_RECORD, key)
    if before is None or not isinstance(search, SearchData):
        return None
    after = before | read([source for source in inputs.sources if source.uid in uids], order.cards_dir, order.jobs)
    if not all(_is_body_alone(before[uid], after[uid]) for uid in uids):
        return None
    if not is_whole():
        return None
    made = site.files.made()
    owned = {path: digest for path, (_, digest, _, _) in made.items() if path != MANIFEST}
    entries = _shown(known, after)
    downloads: dict[str, Download] = {}
    missing: tuple[Missing, ...] = ()
    if order.models_dir:
        converted = [entries[uid] for uid in known.converted]
        downloads, missing = find_downloads(converted, order.models_dir, folder, owned)
    # A build that was killed may have left what is known of a site that never came to be.
    if tuple(downloads) != known.downloads or any(item.target not in made for item in downloads.values()):
        return None
    known = replace(known, problems=_problems(known, {uid: after[uid] for uid in uids}))
    of_cards = (problem for source in inputs.sources for problem in known.problems.get(source.uid, ()))
    problems = (*of_cards, *known.collisions, *(each.problem for each in missing))
    refuse_problems(order, problems)
    marks = marked(entries.values(), downloads, order.links)
    catalogue = _part(catalogue_of(order, tuple(sorted(marks, key=_uid)), downloads), known, keys)
    outputs = plan(order, catalogue, inputs.surroundings, CARD_PAGES.values(), CARD_FILES.values())
    if _amend_search(search, known, keys, _shown(known, before), entries):
        outputs += plan_search(search)
        made = {path: each for path, each in made.items() if not is_search_file(path)}
    planned = {output.path for group in outputs for output in group} | {item.target for item in downloads.values()}
    carried = [path for path in made if path not in planned and path != MANIFEST]
    made, changes = publish(order, folder, owned, outputs, downloads, made, carried)
    key = key_of(inputs.surroundings, inputs.stamps)
    rewritten = {family_of(uid) for uid in uids}
    write_known(folder, key, known, {uid: each for uid, each in after.items() if family_of(uid) in rewritten})
    write_record(folder.work / SEARCH_RECORD, key, search)
    site = Site(inputs.stamps, files_of(made), problems, {each.source: each.stamp for each in missing})
    write_record(folder.work / STATE, inputs.surroundings, site)
    return result(folder, changes, problems)


def _uid(entry: Entry) -> str:
    return entry.card.uid


def _with_counterparts(known: Known, keys: Iterable[str], uids: Iterable[str]) -> set[str]:
    """The families with these keys, those that translate them and that they translate, and those of ``uids``."""
    found = {other for key in keys for other in (key, f"{key}{TRANSLATED}", key.removesuffix(TRANSLATED))}
    return (found & known.places.keys()) | set(map(family_of, uids))


def _is_body_alone(before: Reading, after: Reading) -> bool:
    """Whether the card can be shown as it could, and says the same but for its body."""
    return bool(before.entry and after.entry and before.entry.outline == after.entry.outline)


def _shown(known: Known, readings: Mapping[str, Reading]) -> dict[str, Entry]:
    """The cards of the catalogue that are among these, by uid."""
    shown = {uid for _, _, members in (*known.families, *known.translations) for uid in members}
    return {uid: reading.entry for uid, reading in readings.items() if reading.entry and uid in shown}


def _problems(known: Known, new: Mapping[str, Reading]) -> dict[str, tuple[Problem, ...]]:
    """What could not be read, by uid, with what was read anew."""
    found = {**known.problems, **{uid: reading.problems for uid, reading in new.items()}}
    return {uid: problems for uid, problems in found.items() if problems}


def _part(catalogue: Catalogue, known: Known, keys: Collection[str]) -> Catalogue:
    """The part of the whole catalogue that consists of these families; their translations are in ``catalogue``."""
    entries = {entry.card.uid: entry for entry in catalogue.entries}

    def families(rows: Iterable[FamilyRow]) -> tuple[Family, ...]:
        return tuple(
            Family(key, tuple(entries[uid] for uid in members), page) for key, page, members in rows if key in keys
        )

    return catalogue.part(families(known.families), families(known.translations))


def _amend_search(
    search: SearchData, known: Known, keys: Collection[str], before: Mapping[str, Entry], after: Mapping[str, Entry]
) -> bool:
    """Bring the words of these families up to date. Whether there was anything to do."""
    first = 0
    is_changed = False
    for number, (key, _, members) in enumerate(known.families):
        if key in keys:
            old, new = (_words(members, known, entries) for entries in (before, after))
            if old != new:
                amend_words(search.index, number, first, old, new)
                is_changed = True
        first += len(members)
    return is_changed


def _words(members: Iterable[str], known: Known, entries: Mapping[str, Entry]) -> list[str]:
    """The words of each of these cards, with those of its translation."""
    found = []
    for uid in members:
        translation = f"{uid}{TRANSLATED}"
        translated = entries[translation].words if translation in known.originals else ""
        found.append(all_words(entries[uid].words, translated))
    return found
