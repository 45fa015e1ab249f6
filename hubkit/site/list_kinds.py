"""The kinds of pages and files that are made of all cards: lists and indexes. No body is needed for any of them.

They are by themselves, as those of one card are (see card_kinds): a build after a change in one card plans no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from hubkit.site.catalogue import Catalogue, File, Page
from hubkit.site.home import home_depends, home_page
from hubkit.site.index import index_files
from hubkit.site.listings import listing_pages
from hubkit.site.paths import HOME
from hubkit.site.site_files import feed_files, search_engine_files


def home_pages(catalogue: Catalogue) -> Iterator[Page]:
    """The list of all models."""
    yield Page(path=HOME, template="home.html", context=partial(home_page, catalogue), depends=home_depends(catalogue))


# The kind of page -> all pages of it, in one language.
LIST_PAGES: dict[str, Callable[[Catalogue], Iterable[Page]]] = {"listing": listing_pages, "home": home_pages}

# The kind of file -> all files of it.
LIST_FILES: dict[str, Callable[[Catalogue], Iterable[File]]] = {
    "index": index_files,
    "feed": feed_files,
    "search engines": search_engine_files,
}
