"""The kinds of pages and files that a site consists of. A new kind is a function and its line in a table here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from hubkit.site.badge_meanings import badges_pages
from hubkit.site.catalogue import Catalogue, File, Page
from hubkit.site.home import compare_page, home_page
from hubkit.site.i18n import CHINESE
from hubkit.site.index import index_files
from hubkit.site.listings import listing_pages
from hubkit.site.metrics import metrics
from hubkit.site.model_json import model_json
from hubkit.site.model_page import model_page
from hubkit.site.operator_page import operator_pages
from hubkit.site.pages import NotFoundPage
from hubkit.site.paths import COMPARE, HOME, NOT_FOUND, data_path
from hubkit.site.rule_pages import rule_pages
from hubkit.site.search import search_card, search_files
from hubkit.site.site_files import citation_files, feed_files, search_engine_files


def model_pages(catalogue: Catalogue) -> Iterator[Page]:
    """A page a card."""
    for family in (*catalogue.families, *catalogue.translation_families):
        others = tuple(member.outline for member in family.members)
        for entry in family.members:
            translation = catalogue.translation(entry)
            is_newest = entry is family.newest and family.page != entry.page
            yield Page(
                path=entry.page,
                template="model.html",
                context=partial(model_page, catalogue, entry, family),
                depends=(entry.digest, *others, *((translation.digest,) if translation else ())),
                also=family.page if is_newest else "",
            )


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
        depends=(catalogue.outline,),
    )


def compare_pages(catalogue: Catalogue) -> Iterator[Page]:
    """The page that compares models; which ones, its address says."""
    yield Page(path=COMPARE, template="compare.html", context=partial(compare_page, catalogue), depends=())


def model_files(catalogue: Catalogue) -> Iterator[File]:
    """The data of each card."""
    translations = {original: uid for uid, original in catalogue.originals.items()}
    for family in (*catalogue.families, *catalogue.translation_families):
        others = tuple(member.outline for member in family.members)
        for entry in family.members:
            translation = translations.get(entry.card.uid, "")
            yield File(
                path=data_path(entry.card.uid),
                content=partial(model_json, catalogue, entry, family, translation),
                depends=(entry.digest, *others, translation, catalogue.original(entry)),
                beside=entry.page,
            )


def search_data(catalogue: Catalogue) -> Iterator[File]:
    """What the search reads."""
    chinese = catalogue.speaking(CHINESE)
    found = search_files(
        [
            search_card(
                entry, chinese.translation(entry), [(each.name, each.value) for each in metrics(entry.card.evaluation)]
            )
            for entry in family.members
        ]
        for family in catalogue.families
    )
    for path, content in found.items():
        yield File(path, partial(bytes, content), (hashlib.sha256(content).hexdigest(),))


# The kind of page -> all pages of it, in one language.
PAGES: dict[str, Callable[[Catalogue], Iterable[Page]]] = {
    "model": model_pages,
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
    "citation": citation_files,
    "feed": feed_files,
    "search engines": search_engine_files,
    "model": model_files,
    "search": search_data,
}
