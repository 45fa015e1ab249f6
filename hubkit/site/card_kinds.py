"""The kinds of pages and files that a card has, which nothing decides but it, its family and its translation.

They are by themselves so that a build after a change in one card loads little more than what makes these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

from hubkit.site.badges import standing
from hubkit.site.catalogue import Catalogue, File, Page
from hubkit.site.citation import bibtex
from hubkit.site.families import Family
from hubkit.site.gather import Entry
from hubkit.site.model_json import model_json
from hubkit.site.model_page import model_page
from hubkit.site.paths import bib_path, data_path


def model_pages(catalogue: Catalogue) -> Iterator[Page]:
    """A page a card."""
    for family, versions in _with_versions((*catalogue.families, *catalogue.translation_families)):
        changes = tuple(member.outline for member in family.members)  # the table of them stands on the newest's page
        for entry in family.members:
            translation = catalogue.translation(entry)
            others = (versions, *changes) if entry is family.newest else (versions,)
            is_newest = entry is family.newest and family.page != entry.page
            yield Page(
                path=entry.page,
                template="model.html",
                context=partial(model_page, catalogue, entry, family),
                depends=(entry.digest, *others, family.page, *((translation.digest,) if translation else ())),
                also=family.page if is_newest else "",
            )


@lru_cache(maxsize=4)  # they are the same in all languages
def _with_versions(families: tuple[Family, ...]) -> list[tuple[Family, str]]:
    """Each family with all that the page of one version says of the others."""
    return [
        (family, repr([(each.card.uid, each.page, standing(each).value) for each in family.members]))
        for family in families
    ]


def model_files(catalogue: Catalogue) -> Iterator[File]:
    """The data of each card."""
    translations = {original: uid for uid, original in catalogue.originals.items()}
    for family, versions in _with_versions((*catalogue.families, *catalogue.translation_families)):
        for entry in family.members:
            translation = translations.get(entry.card.uid, "")
            yield File(
                path=data_path(entry.card.uid),
                content=partial(model_json, catalogue, entry, family, translation),
                depends=(entry.digest, versions, translation, catalogue.original(entry)),
                beside=entry.page,
            )


def citation_files(catalogue: Catalogue) -> Iterator[File]:
    """A BibTeX file a card."""
    for entry in catalogue.entries:
        yield File(
            path=bib_path(entry.page),
            content=partial(_citation, catalogue, entry),
            depends=(entry.digest,),
            beside=entry.page,
        )


def _citation(catalogue: Catalogue, entry: Entry) -> bytes:
    return bibtex(entry.card, catalogue.absolute(entry.page)).encode("utf-8")


# The kind of page -> all pages of it, in one language.
CARD_PAGES: dict[str, Callable[[Catalogue], Iterable[Page]]] = {"model": model_pages}

# The kind of file -> all files of it.
CARD_FILES: dict[str, Callable[[Catalogue], Iterable[File]]] = {"citation": citation_files, "model": model_files}
