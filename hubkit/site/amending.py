"""Making a site anew where few cards have changed, come or gone: what depends on them, and nothing else.

Pages of cards are planned for the families concerned alone; lists and indexes from the outlines of all cards. What is
made here is the same as from nothing, byte by byte. Where that is not sure, such as where a file of the site was
damaged, all of it is left to making.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from hubkit.site.build import Inputs, Order, SiteResult, refuse_problems, result
from hubkit.site.difference import Cards, Difference, difference
from hubkit.site.downloads import find_downloads, models_of
from hubkit.site.folder import MANIFEST, SiteFolder
from hubkit.site.gather import Entry
from hubkit.site.index import read_lines
from hubkit.site.known import key_of, write_known
from hubkit.site.record import write_record
from hubkit.site.search import is_search_file
from hubkit.site.search_amending import Amended, amend_search
from hubkit.site.search_cards import search_card
from hubkit.site.search_tables import SearchCard
from hubkit.site.state import STATE, Site, files_of
from hubkit.site.workers import aside, nothing


def amend(
    order: Order, folder: SiteFolder, inputs: Inputs, site: Site, is_whole: Callable[[], bool]
) -> SiteResult | None:
    """Make what has changed since ``site`` was made; None where more has changed than can be made here.

    Arguments and errors are those of making.make.
    """
    found = difference(order, folder, inputs, site)
    if found is None:
        return None
    with aside(partial(_search, folder, inputs, found), order.jobs) as search:
        return _make(order, folder, inputs, site, found, is_whole, search)


def _search(folder: SiteFolder, inputs: Inputs, found: Difference) -> Amended | None:
    """The search as it is now; None where what it takes to tell is lost."""
    before, after = (
        ({key: len(members) for key, _, members in cards.families}, _search_cards(cards, found.families))
        for cards in (found.before, found.after)
    )
    return amend_search(folder, found.known.search, key_of(inputs.surroundings, inputs.stamps), before, after)


def _search_cards(cards: Cards, families: frozenset[str]) -> dict[str, list[SearchCard]]:
    translations = {original: cards.entries[uid] for uid, original in cards.originals.items() if uid in cards.entries}
    return {
        family: [search_card(cards.entries[uid], translations.get(uid)) for uid in members]
        for family, _, members in cards.families
        if family in families
    }


def _make(
    order: Order,
    folder: SiteFolder,
    inputs: Inputs,
    site: Site,
    found: Difference,
    is_whole: Callable[[], bool],
    search: Callable[[], Amended | None],
) -> SiteResult | None:
    # Here: another process is about the search meanwhile, for which neither templates nor Markdown are needed.
    from hubkit.site.card_kinds import CARD_FILES, CARD_PAGES
    from hubkit.site.list_kinds import LIST_FILES, LIST_PAGES
    from hubkit.site.marks import marked
    from hubkit.site.outlines import outlines_key, write_outlines
    from hubkit.site.planning import Groups, catalogue_of, paths_of, plan, plan_search_files
    from hubkit.site.publishing import publish

    if not is_whole():
        return None
    known, before, after = found.known, found.before, found.after
    made = site.files.made()
    owned = {path: digest for path, (_, digest, _, _) in made.items() if path != MANIFEST}
    models = {uid: files for uid, files in known.models.items() if uid not in before.entries}
    models = dict(sorted({**models, **models_of(after.entries.values())}.items()))
    downloads, missing = find_downloads(models, order.models_dir, folder, owned)
    if any(
        (file.path in downloads) != (file.path in known.downloads)
        for uid, files in models.items()
        for file in files
        if known.models.get(uid) == files
    ):
        return None
    of_cards = (problem for source in inputs.sources for problem in found.problems.get(source.uid, ()))
    problems = (*of_cards, *known.collisions, *missing)
    refuse_problems(order, problems)

    entries = {entry.card.uid: entry for entry in marked(after.entries.values(), downloads, order.links)}
    whole = catalogue_of(order, tuple({**after.outlines, **entries}.values()), downloads)

    def plan_cards(cards: Cards, entries: Iterable[Entry]) -> Groups:
        part = cards.part(replace(whole, entries=tuple(entries)), found.families)
        return plan(order, part, inputs.surroundings, CARD_PAGES.values(), CARD_FILES.values())

    outputs = plan_cards(after, entries.values())
    replaced = paths_of(plan_cards(before, before.entries.values()) if found.is_moved else outputs)
    replaced |= {*site.files.sources, MANIFEST}
    known = replace(
        known,
        places={family: place for family, place in known.places.items() if family not in found.gone},
        families=after.families,
        translations=after.translations,
        originals=after.originals,
        problems=found.problems,
        models=models,
        downloads=frozenset(downloads),
    )
    write = nothing
    if before.outlines:
        known = replace(known, outlines=outlines_key(inputs.surroundings, whole))
        write = partial(write_outlines, folder, whole, known.outlines)
        everything = after.part(replace(whole, index_lines=_lines_that_stay(folder, before, entries)))
        lists = plan(order, everything, inputs.surroundings, LIST_PAGES.values(), LIST_FILES.values())
        outputs = [*lists, *outputs]
        replaced |= {*known.lists}
        known = replace(known, lists=tuple(sorted(paths_of(lists))))
    amended = search()
    if amended is None:
        return None
    if amended.files:
        files = {path: content for path, content in amended.files.items() if content}
        outputs = [*outputs, *plan_search_files(files)]
        replaced |= {path for path in made if is_search_file(path) and (path in files or path not in amended.files)}
        known = replace(known, search=amended.keys)
    planned = paths_of(outputs) | {download.target for download in downloads.values()}
    if any(path in made and path not in replaced for path in planned):  # of a family that is not concerned
        return None
    carried = [path for path in made if path not in planned and path not in replaced]
    with aside(write, order.jobs) as written:
        made, changes = publish(order, folder, owned, outputs, downloads, made, carried)
        write_known(folder, key_of(inputs.surroundings, inputs.stamps), known, found.readings)
        write_record(folder.work / STATE, inputs.surroundings, Site(inputs.stamps, files_of(made), problems))
        written()
    return result(folder, changes, problems)


def _lines_that_stay(folder: SiteFolder, before: Cards, entries: Mapping[str, Entry]) -> dict[str, bytes]:
    """The lines of the site's index of cards that say what they said, by uid; ``entries`` are those that may not."""
    try:
        found = zip(before.outlines.values(), read_lines(folder.root), strict=True)
        lines = {entry.card.uid: (line, entry.outline) for entry, line in found}
    except (OSError, KeyError, TypeError, ValueError):
        return {}
    return {
        uid: line for uid, (line, outline) in lines.items() if uid not in entries or entries[uid].outline == outline
    }
