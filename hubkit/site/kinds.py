"""The kinds of pages that no card decides, and the search. A new kind of page is a function and its line in a table.

Those that cards decide are in card_kinds and list_kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from hubkit.site.badge_meanings import badges_pages
from hubkit.site.catalogue import Catalogue, Page
from hubkit.site.home import compare_page
from hubkit.site.i18n import CHINESE
from hubkit.site.operator_page import operator_pages
from hubkit.site.pages import NotFoundPage
from hubkit.site.paths import COMPARE, NOT_FOUND
from hubkit.site.rule_pages import rule_pages
from hubkit.site.search import SearchData
from hubkit.site.search_cards import search_card, search_data


def not_found_pages(catalogue: Catalogue) -> Iterator[Page]:
    """What a reader sees where there is no page; its links hold under any URL."""
    yield Page(
        path=NOT_FOUND,
        template="404.html",
        context=lambda: NotFoundPage(catalogue.frame(NOT_FOUND, catalogue.base_path)),
        depends=(),
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
FIXED_PAGES: dict[str, Callable[[Catalogue], Iterable[Page]]] = {
    "rule": rule_pages,
    "badges": badges_pages,
    "operators": operator_pages,
    "not found": not_found_pages,
    "compare": compare_pages,
}
