"""The files of a site beside its pages and its index: feeds, and what search engines read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from hubkit.site.catalogue import Catalogue, File
from hubkit.site.dates import day_of
from hubkit.site.families import Family
from hubkit.site.feed import FeedEntry, atom
from hubkit.site.i18n import LANGUAGES, Language
from hubkit.site.listing_paths import listing_index
from hubkit.site.listings import LISTINGS
from hubkit.site.paths import FEED, HOME, ROBOTS, SITEMAP, url
from hubkit.site.sitemap import MOST, Address, robots, sitemap, sitemap_index

# As many entries as a reader of feeds may want to see at once.
_NEWEST = 50
_FEED_TITLES = {"en": "hubkit model catalogue: new and changed models", "zh": "hubkit 模型目录：新模型与更新"}


def feed_files(catalogue: Catalogue) -> Iterator[File]:
    """A feed a language, of the models that were changed last."""
    for language in LANGUAGES:
        yield File(
            path=language.folder + FEED,
            content=partial(_feed, catalogue.speaking(language)),
            depends=(catalogue.outline,),
        )


def search_engine_files(catalogue: Catalogue) -> Iterator[File]:
    """The list of pages, which has to name them by whole URLs: there is none where the site's URL is not known."""
    if not catalogue.base_url:
        return
    addresses = list(_addresses(catalogue))
    parts = [
        addresses[start : start + MOST // len(LANGUAGES)] for start in range(0, len(addresses), MOST // len(LANGUAGES))
    ]
    names = [SITEMAP] if len(parts) == 1 else [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield File(name, partial(sitemap, part), (repr(part),))
    if len(parts) > 1:
        yield File(SITEMAP, partial(sitemap_index, [catalogue.absolute(name) for name in names]), (repr(names),))
    yield File(ROBOTS, partial(robots, catalogue.absolute(SITEMAP)), ())


def changed(family: Family) -> str:
    """When a model was changed last, by its newest card and that card's receipt; empty where neither says."""
    newest = family.newest
    return max(day_of(newest.card.update_time), day_of(newest.receipt.created) if newest.receipt else "")


def _feed(catalogue: Catalogue) -> bytes:
    language = catalogue.language
    dated = [(changed(family), family) for family in catalogue.families]
    newest = sorted((item for item in dated if item[0]), key=lambda item: (item[0], item[1].key), reverse=True)
    return atom(
        _FEED_TITLES[language.code],
        f"urn:hubkit:feed:{language.code}",
        catalogue.absolute(language.folder + FEED),
        catalogue.absolute(language.folder + HOME) or HOME,
        language.tag,
        (_entry(catalogue, language, family, day) for day, family in newest[:_NEWEST]),
    )


def _entry(catalogue: Catalogue, language: Language, family: Family, day: str) -> FeedEntry:
    card = family.newest.card
    translated = catalogue.translation(family.newest)
    summary = translated.card.summary if translated else card.summary
    return FeedEntry(
        identifier=f"urn:hubkit:model:{url(family.key)}",
        title=f"{card.title} (MindSpore {card.version})" if card.version else card.title,
        url=catalogue.absolute(language.folder + family.page) or url(family.page),
        day=day,
        summary=summary,
        author=card.author or card.publisher,
        category=card.module_type,
    )


def _addresses(catalogue: Catalogue) -> Iterator[Address]:
    """The pages that stand for something of their own: not every version of a model."""
    for path in (HOME, *(listing_index(folder) for folder in LISTINGS)):
        yield _address(catalogue, path, "")
    for family in catalogue.families:
        yield _address(catalogue, family.page, changed(family))


def _address(catalogue: Catalogue, path: str, day: str) -> Address:
    return Address(tuple((item.tag, catalogue.absolute(item.folder + path)) for item in LANGUAGES), day)
