"""The kinds of pages and files that a site consists of. A new kind is a function and its line in a table here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from hubkit.site.badge_meanings import badges_pages
from hubkit.site.card_kinds import CARD_FILES, CARD_PAGES
from hubkit.site.catalogue import Catalogue, File, Page
from hubkit.site.home import compare_page, home_page, links_shown
from hubkit.site.i18n import CHINESE
from hubkit.site.index import index_files
from hubkit.site.listings import listing_pages
from hubkit.site.operator_page import operator_pages
from hubkit.site.pages import NotFoundPage
from hubkit.site.paths import COMPARE, HOME, NOT_FOUND
from hubkit.site.rule_pages import rule_pages
from hubkit.site.search import SearchData
from hubkit.site.search_cards import search_card, search_data
from hubkit.site.site_files import feed_files, search_engine_files


def not_found_pages(catalogue: Catalogue) -> Iterator[Page]:
    """What a reader sees where there is no page; its links hold under any URL."""
    yield Page(
        path=NOT_FOUND,
        template="404.html",
        context=lambda: NotFoundPage(catalogue.frame(NOT_FOUND, catalogue.base_path)),
        depends=(),
    )


def home_pages(catalogue: Catalogue) -> Iterator[Page]:
    """The list of all models."""
    yield Page(
        path=HOME,
        template="home.html",
        context=partial(home_page, catalogue),
        depends=(catalogue.outline, links_shown(catalogue)),
    )


def compare_pages(catalogue: Catalogue) -> Iterator[Page]:
    """The page that compares models; which ones, its address says."""
    yield Page(path=COMPARE, template="compare.html", context=partial(compare_page, catalogue), depends=())


def search_of(catalogue: Catalogue) -> SearchData:
    """What the search knows of the catalogue."""
    chinese = catalogue.speaking(CHINESE)
    return search_data(
        [search_card(entry, chinese.translation(entry)) for entry in family.members] for family in catalogue.families
    )


# The kind of page -> all pages of it, in one language.
PAGES: dict[str, Callable[[Catalogue], Iterable[Page]]] = {
    **CARD_PAGES,
    "listing": listing_pages,
    "rule": rule_pages,
    "badges": badges_pages,
    "operators": operator_pages,
    "not found": not_found_pages,
    "compare": compare_pages,
    "home": home_pages,
}

# The kind of file -> all files of it.
FILES: dict[str, Callable[[Catalogue], Iterable[File]]] = {
    "index": index_files,
    "feed": feed_files,
    "search engines": search_engine_files,
    **CARD_FILES,
}
