"""Making a site anew where it has changed: read cards, plan all files, make those that must be, publish the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from hubkit.site.build import Inputs, Order, SiteResult, refuse_problems, result
from hubkit.site.catalogue import Catalogue
from hubkit.site.downloads import Download, Missing, find_downloads
from hubkit.site.families import Family
from hubkit.site.folder import MANIFEST, SiteFolder
from hubkit.site.gather import Reading, gather
from hubkit.site.known import FamilyRow, Known, key_of, read_cards, read_known, write_known
from hubkit.site.marks import marked
from hubkit.site.problem import Problem
from hubkit.site.record import write_record
from hubkit.site.search import SEARCH_RECORD
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
    from hubkit.site.kinds import FILES, PAGES, search_of
    from hubkit.site.planning import catalogue_of, plan, plan_search, plan_static, refuse_two_at_one_path
    from hubkit.site.publishing import publish

    owned = folder.owned()
    downloads: dict[str, Download] = {}
    missing: tuple[Missing, ...] = ()
    if order.models_dir:
        downloads, missing = find_downloads(entries, order.models_dir, folder, owned)
    told = (*problems, *(each.problem for each in missing))
    refuse_problems(order, told)
    catalogue = catalogue_of(order, marked(entries, downloads, order.links), downloads)
    key = key_of(inputs.surroundings, inputs.stamps)
    with aside(partial(search_of, catalogue), order.jobs) as found:
        outputs = plan(order, catalogue, inputs.surroundings, PAGES.values(), FILES.values())
        # Under its key it is of use to nobody before the state is written down too.
        write_known(folder, key, _known(catalogue, readings, problems, downloads), readings)
    search = found()
    outputs += [*plan_search(search), *plan_static(order)]
    refuse_two_at_one_path(outputs)
    made, changes = publish(order, folder, owned, outputs, downloads, site.files.made() if site else {})
    del outputs  # among so many cards they take half of the memory
    left = partial(make_spare, folder, made.keys() - {MANIFEST}) if changes.written > changes.unchanged else nothing
    with aside(left, order.jobs) as done:
        write_record(folder.work / SEARCH_RECORD, key, search)
        site = Site(inputs.stamps, files_of(made), told, {each.source: each.stamp for each in missing})
        write_record(folder.work / STATE, inputs.surroundings, site)
        done()
    return result(folder, changes, told)


def _load() -> None:
    """Load what makes pages, which takes as long as reading some hundred cards."""
    import hubkit.site.kinds
    import hubkit.site.planning
    import hubkit.site.publishing  # noqa: F401  # as the others: for those who import it after


def _read_before(folder: SiteFolder, inputs: Inputs, site: Site | None) -> dict[str, Reading]:
    """What the last build read."""
    known = read_known(folder, key_of(inputs.surroundings, site.stamps)) if site else None
    return (read_cards(folder, known, known.places) or {}) if known else {}


def _known(
    catalogue: Catalogue,
    readings: Mapping[str, Reading],
    problems: tuple[Problem, ...],
    downloads: Mapping[str, Download],
) -> Known:
    of_cards = {uid: reading.problems for uid, reading in readings.items() if reading.problems}
    return Known(
        places={},
        families=tuple(map(_row, catalogue.families)),
        translations=tuple(map(_row, catalogue.translation_families)),
        originals=catalogue.originals,
        problems=of_cards,
        collisions=problems[sum(map(len, of_cards.values())) :],
        converted=tuple(entry.card.uid for entry in catalogue.entries if entry.receipt and entry.receipt.models),
        downloads=tuple(downloads),
    )


def _row(family: Family) -> FamilyRow:
    return family.key, family.page, tuple(entry.card.uid for entry in family.members)
