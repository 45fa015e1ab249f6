"""Making a site anew where few cards have changed, come or gone: what depends on them, and nothing else.

Pages of cards are planned for the families concerned alone; lists and indexes from the outlines of all cards. What is
made here is the same as from nothing, byte by byte. Where that is not sure, such as where a file of the site was
damaged, all of it is left to making.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from hubkit.site.build import Inputs, Order, SiteResult, refuse_problems, result
from hubkit.site.difference import Cards, Difference, difference
from hubkit.site.downloads import Download, Missing, find_downloads, models_of
from hubkit.site.folder import MANIFEST, SiteFolder
from hubkit.site.index import read_lines
from hubkit.site.known import key_of, write_known
from hubkit.site.marks import marked
from hubkit.site.paths import file_path
from hubkit.site.problem import Problem
from hubkit.site.record import write_record
from hubkit.site.search import is_search_file
from hubkit.site.search_amending import Amended, amend_search
from hubkit.site.search_cards import search_card
from hubkit.site.search_tables import SearchCard
from hubkit.site.state import STATE, Made, Site, files_of
from hubkit.site.workers import aside, nothing

if TYPE_CHECKING:
    from hubkit.site.planning import Groups


@dataclass(frozen=True, slots=True)
class _Build:
    """What is to be made."""

    order: Order
    """What to build of what."""
    folder: SiteFolder
    """The site's folder."""
    inputs: Inputs
    """What the site is made of."""
    site: Site
    """The site as it was."""
    made: dict[str, Made]
    """Its files."""
    found: Difference
    """What has changed since."""
    downloads: dict[str, Download]
    """The converted files to publish."""
    missing: tuple[Missing, ...]
    """Those that cannot be published."""
    problems: tuple[Problem, ...]
    """What cannot be shown, these included."""


@dataclass(frozen=True, slots=True)
class _CardFiles:
    """The files of the cards of the families concerned."""

    files: dict[str, tuple[str, bytes | None]]
    """Path -> what decides what the file holds, as a digest; and what it holds, None where that is what it held."""
    before: set[str]
    """The paths of those that there were."""


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
        build = _build(order, folder, inputs, site, found)
        if build is None:
            return None
        # Here: the search needs no templates, and nothing but the files of cards needs Markdown.
        import hubkit.site.planning
        import hubkit.site.publishing  # noqa: F401  # for the next process, and for _make

        # Without lists there is nothing to do meanwhile.
        with aside(partial(_card_files, build), order.jobs if found.has_lists else 1) as card_files:
            return _make(build, is_whole, search, card_files)


def _build(order: Order, folder: SiteFolder, inputs: Inputs, site: Site, found: Difference) -> _Build | None:
    """What is to be made; None where other converted files are there than were, which may concern any card."""
    models = {uid: files for uid, files in found.known.models.items() if uid not in found.before.entries}
    models = dict(sorted({**models, **models_of(found.after.entries.values())}.items()))
    made = site.files.made()
    owned = {path: digest for path, (_, digest, _, _) in made.items()} if models else {}
    downloads, missing = find_downloads(models, order.models_dir, folder, owned)
    # A build that was killed may have left what is known of a site that never came to be.
    if set(map(file_path, found.known.downloads)) != site.files.sources.keys() or any(
        (file.path in downloads) != (file.path in found.known.downloads)
        for uid, files in models.items()
        for file in files
        if found.known.models.get(uid) == files
    ):
        return None
    of_cards = (problem for source in inputs.sources for problem in found.problems.get(source.uid, ()))
    problems = (*of_cards, *found.known.collisions, *(each.problem for each in missing))
    refuse_problems(order, problems)
    entries = marked(found.after.entries.values(), downloads, order.links)
    known = replace(
        found.known,
        places={family: place for family, place in found.known.places.items() if family not in found.gone},
        families=found.after.families,
        translations=found.after.translations,
        originals=found.after.originals,
        problems=found.problems,
        models=models,
        downloads=frozenset(downloads),
    )
    after = replace(found.after, entries={entry.card.uid: entry for entry in entries})
    return _Build(
        order, folder, inputs, site, made, replace(found, known=known, after=after), downloads, missing, problems
    )


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


def _card_files(build: _Build) -> _CardFiles:
    from hubkit.site.card_kinds import CARD_FILES, CARD_PAGES
    from hubkit.site.planning import catalogue_of, paths_of, plan

    def planned(cards: Cards) -> Groups:
        catalogue = catalogue_of(build.order, tuple(cards.entries.values()), build.downloads)
        part = cards.part(catalogue, build.found.families)
        return plan(build.order, part, build.inputs.surroundings, CARD_PAGES.values(), CARD_FILES.values())

    files: dict[str, tuple[str, bytes | None]] = {}
    for group in planned(build.found.after):
        for output in group:
            old = build.made.get(output.path)
            files[output.path] = output.key, None if old and old[0] == output.key else output.content()
    return _CardFiles(files, paths_of(planned(build.found.before)) if build.found.is_moved else {*files})


def _make(
    build: _Build,
    is_whole: Callable[[], bool],
    search: Callable[[], Amended | None],
    card_files: Callable[[], _CardFiles],
) -> SiteResult | None:
    from hubkit.site.planning import paths_of, plan_given
    from hubkit.site.publishing import publish

    order, folder, inputs, site, found = build.order, build.folder, build.inputs, build.site, build.found
    if not is_whole():
        return None
    known = found.known
    made = build.made
    owned = {path: digest for path, (_, digest, _, _) in made.items() if path != MANIFEST}
    replaced = {*site.files.sources, MANIFEST}
    lists: Groups = []
    write = nothing
    if found.has_lists:
        outlines, write, lists = _lists(build)
        replaced |= {*known.lists}
        known = replace(known, outlines=outlines, lists=tuple(sorted(paths_of(lists))))
    amended = search()
    if amended is None:
        return None
    words = {path: content for path, content in amended.files.items() if content is not None}
    if words:
        replaced |= {path for path in made if is_search_file(path) and (path in words or path not in amended.files)}
        known = replace(known, search=amended.keys)
    cards = card_files()
    replaced |= cards.before
    given = {**cards.files, **{path: (sha256(content).hexdigest(), content) for path, content in words.items()}}
    outputs = [*lists, plan_given(given)]
    planned = paths_of(outputs) | {download.target for download in build.downloads.values()}
    if any(path in made and path not in replaced for path in planned):  # of a family that is not concerned
        return None
    carried = [path for path in made if path not in planned and path not in replaced]
    with aside(write, order.jobs if found.has_lists else 1) as written:
        made, changes = publish(order, folder, owned, outputs, build.downloads, made, carried)
        write_known(folder, key_of(inputs.surroundings, inputs.stamps), known, found.readings)
        lacks = {each.source: each.stamp for each in build.missing}
        write_record(
            folder.work / STATE, inputs.surroundings, Site(inputs.stamps, files_of(made), build.problems, lacks)
        )
        written()
    return result(folder, changes, build.problems)


def _lists(build: _Build) -> tuple[str, Callable[[], None], Groups]:
    """The key of the outlines of all cards, what writes these down, and the files that are made of all cards."""
    from hubkit.site.list_kinds import LIST_FILES, LIST_PAGES
    from hubkit.site.outlines import outlines_key, write_outlines
    from hubkit.site.planning import catalogue_of, plan

    after = build.found.after
    whole = catalogue_of(build.order, tuple({**after.outlines, **after.entries}.values()), build.downloads)
    key = outlines_key(build.inputs.surroundings, whole)
    everything = after.part(replace(whole, index_lines=_lines_that_stay(build.folder, build.found)))
    lists = plan(build.order, everything, build.inputs.surroundings, LIST_PAGES.values(), LIST_FILES.values())
    return key, partial(write_outlines, build.folder, whole, key), lists


def _lines_that_stay(folder: SiteFolder, found: Difference) -> dict[str, bytes]:
    """The lines of the site's index of cards that say what they said, by uid."""
    entries = found.after.entries
    try:
        pairs = zip(found.before.outlines.values(), read_lines(folder.root), strict=True)
        lines = {entry.card.uid: (line, entry.outline) for entry, line in pairs}
    except (OSError, KeyError, TypeError, ValueError):
        return {}
    return {
        uid: line for uid, (line, outline) in lines.items() if uid not in entries or entries[uid].outline == outline
    }
