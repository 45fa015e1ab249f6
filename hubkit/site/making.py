"""Making a site anew where it has changed: read cards, plan all files, make those that must be, publish the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from hubkit.site.build import Inputs, Order, SiteResult, refuse_problems, result
from hubkit.site.catalogue import Catalogue
from hubkit.site.downloads import Download, find_downloads, models_of
from hubkit.site.folder import MANIFEST, SiteFolder
from hubkit.site.gather import Reading, gather
from hubkit.site.known import Known, key_of, read_cards, read_known, rows_of, write_known
from hubkit.site.marks import marked
from hubkit.site.outlines import outlines_key, write_outlines
from hubkit.site.problem import Problem
from hubkit.site.record import write_record
from hubkit.site.search import SEARCH_CARDS, SEARCH_WORDS, SearchKeys, search_files
from hubkit.site.spare import make_spare
from hubkit.site.state import STATE, Site, files_of
from hubkit.site.workers import aside, nothing, without_collections


def make(
    order: Order, folder: SiteFolder, inputs: Inputs, site: Site | None, is_whole: Callable[[], bool]
) -> SiteResult:
    """Make what has changed since ``site`` was made, and publish the whole. Errors are those of build_site.

    ``is_whole`` tells whether all files of ``site`` are still as they were written.
    """
    with without_collections():
        return (site and _amended(order, folder, inputs, site, is_whole)) or _make_all(order, folder, inputs, site)


def _amended(
    order: Order, folder: SiteFolder, inputs: Inputs, site: Site, is_whole: Callable[[], bool]
) -> SiteResult | None:
    from hubkit.site.amending import amend  # where all is made, what it needs is loaded while cards are read

    return amend(order, folder, inputs, site, is_whole)


def _make_all(order: Order, folder: SiteFolder, inputs: Inputs, site: Site | None) -> SiteResult:
    readings, entries, problems = gather(
        inputs.sources, order.cards_dir, _read_before(folder, inputs, site), order.jobs, _load
    )
    # Here: where little has changed, none of the other kinds of pages is needed.
    from hubkit.site.card_kinds import CARD_FILES, CARD_PAGES
    from hubkit.site.kinds import FIXED_PAGES, search_of
    from hubkit.site.list_kinds import LIST_FILES, LIST_PAGES
    from hubkit.site.planning import (
        catalogue_of,
        paths_of,
        plan,
        plan_search_files,
        plan_static,
        refuse_two_at_one_path,
    )
    from hubkit.site.publishing import publish

    owned = folder.owned()
    downloads, missing = find_downloads(models_of(entries), order.models_dir, folder, owned)
    told = (*problems, *(each.problem for each in missing))
    refuse_problems(order, told)
    catalogue = catalogue_of(order, marked(entries, downloads, order.links), downloads)
    key = key_of(inputs.surroundings, inputs.stamps)
    with aside(partial(search_of, catalogue), order.jobs) as found:
        lists = plan(order, catalogue, inputs.surroundings, LIST_PAGES.values(), LIST_FILES.values())
        pages = (*CARD_PAGES.values(), *FIXED_PAGES.values())
        others = plan(order, catalogue, inputs.surroundings, pages, CARD_FILES.values())
        # Under its key it is of use to nobody before the state is written down too.
        known = _known(key, inputs.surroundings, catalogue, readings, problems, downloads, paths_of(lists))
        write_known(folder, key, known, readings)
        write_outlines(folder, catalogue, known.outlines)
    search = found()
    outputs = [*lists, *others, *plan_search_files(search_files(search)), *plan_static(order)]
    refuse_two_at_one_path(outputs)
    made, changes = publish(order, folder, owned, outputs, downloads, site.files.made() if site else {})
    del outputs, lists, others  # among so many cards they take half of the memory
    left = partial(make_spare, folder, made.keys() - {MANIFEST}) if changes.written > changes.unchanged else nothing
    with aside(left, order.jobs) as done:
        write_record(folder.work / SEARCH_WORDS, key, search.index)
        write_record(folder.work / SEARCH_CARDS, key, search.cards)
        site = Site(inputs.stamps, files_of(made), told, {each.source: each.stamp for each in missing})
        write_record(folder.work / STATE, inputs.surroundings, site)
        done()
    return result(folder, changes, told)


def _load() -> None:
    """Load what makes pages, which takes as long as reading some hundred cards."""
    import hubkit.site.card_kinds
    import hubkit.site.kinds
    import hubkit.site.list_kinds
    import hubkit.site.planning
    import hubkit.site.publishing  # noqa: F401  # as the others: for those who import it after


def _read_before(folder: SiteFolder, inputs: Inputs, site: Site | None) -> dict[str, Reading]:
    """What the last build read."""
    known = read_known(folder, key_of(inputs.surroundings, site.stamps)) if site else None
    return (read_cards(folder, known, known.places) or {}) if known else {}


def _known(
    key: str,
    surroundings: str,
    catalogue: Catalogue,
    readings: Mapping[str, Reading],
    problems: tuple[Problem, ...],
    downloads: Mapping[str, Download],
    lists: set[str],
) -> Known:
    of_cards = {uid: reading.problems for uid, reading in readings.items() if reading.problems}
    return Known(
        places={},
        families=rows_of(catalogue.families),
        translations=rows_of(catalogue.translation_families),
        originals=catalogue.originals,
        problems=of_cards,
        collisions=problems[sum(map(len, of_cards.values())) :],
        models=models_of(catalogue.entries),
        downloads=frozenset(downloads),
        outlines=outlines_key(surroundings, catalogue),
        search=SearchKeys(key, key),
        lists=tuple(sorted(lists)),
    )
