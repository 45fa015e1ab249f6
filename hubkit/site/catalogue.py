"""What all pages are made from: the cards in their families, in one language of the interface."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hubkit.site.families import Family, families, original_of
from hubkit.site.gather import Entry
from hubkit.site.i18n import CHINESE, ENGLISH, LANGUAGES, Language, Texts
from hubkit.site.paths import root_of, url

if TYPE_CHECKING:
    from hubkit.site.pages import Frame


# What a catalogue finds out once for all languages.
_OF_THE_CARDS = ("families", "translation_families", "outline", "originals", "_translations")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of one language, to be made where it is new or something that it depends on has changed."""

    path: str
    """Where it lies, from the root of the language's pages; the same in all languages."""
    template: str
    """Its file in ``site_templates``."""
    context: Callable[[], object]
    """Makes its context, which the template knows as ``page``."""
    depends: tuple[str, ...]
    """Digests of all that decides what it says, but for templates, settings and code, which concern every page:
    ``Entry.digest`` for all of a card, ``Entry.outline`` for all but its body, ``Catalogue.outline`` for the outlines
    of all cards."""
    also: str = ""
    """A second path of the very same page, in as many folders; empty for none."""


@dataclass(frozen=True, slots=True)
class File:
    """Any other file, which is one for all languages."""

    path: str
    """Where it lies, from the site's root."""
    content: Callable[[], bytes]
    """Makes it."""
    depends: tuple[str, ...]
    """As for a page."""
    beside: str = ""
    """The page, from the root of the language's pages, that is made before it and shares work; empty for none."""


@dataclass(frozen=True)
class Catalogue:
    """The cards of a site, and how its pages link, in one language."""

    entries: tuple[Entry, ...]
    """All cards, by uid."""
    generator: str
    """Name and version of what makes the site."""
    static: Mapping[str, str]
    """A file of ``site_templates/static`` -> where it lies, from the site's root."""
    downloads: Mapping[str, str] = field(default_factory=dict)
    """The path of a converted file in its receipt -> where it lies, from the site's root."""
    base_url: str = ""
    """The URL of the site's root, with a slash at its end; empty where it is not known."""
    index_lines: Mapping[str, bytes] = field(default_factory=dict)
    """The uid of a card -> its line in the index, where it is known already."""
    language: Language = ENGLISH
    """The language of the pages. Texts of the interface are in it while a page is made."""
    texts: tuple[Texts, ...] = ()
    """The texts of the interface in all its languages."""

    def speaking(self, language: Language) -> Catalogue:
        """The catalogue in another language; what was found out of its cards is the same in all of them."""
        other = replace(self, language=language)
        vars(other).update({name: getattr(self, name) for name in _OF_THE_CARDS})
        return other

    def part(self, families: tuple[Family, ...], translation_families: tuple[Family, ...]) -> Catalogue:
        """The catalogue as one with these families alone, as they are in one with more cards."""
        other = replace(self)
        vars(other).update(families=families, translation_families=translation_families)
        return other

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """The models that lists show, by key. A translation is a part of its original, not a model of its own."""
        return families(entry for entry in self.entries if entry.card.uid not in self.originals)

    @cached_property
    def translation_families(self) -> tuple[Family, ...]:
        """The families of translations, by key."""
        return families(entry for entry in self.entries if entry.card.uid in self.originals)

    @cached_property
    def outline(self) -> str:
        """A digest of what all cards and receipts say, but for the bodies."""
        digest = hashlib.sha256()
        for entry in self.entries:
            digest.update(entry.outline.encode())
        return digest.hexdigest()

    def translation(self, entry: Entry) -> Entry | None:
        """The card that translates ``entry`` into the language of the pages; None where there is none."""
        if self.language is not CHINESE:
            return None
        return self._translations.get(entry.card.uid)

    def original(self, entry: Entry) -> str:
        """The uid of the card that ``entry`` is the translation of; empty where it is none."""
        return self.originals.get(entry.card.uid, "")

    def frame(self, path: str, root: str | None = None, canonical: str = "") -> Frame:
        """What stands around the page at ``path``, counted from the root of the language's pages.

        ``root`` is the link to the site's root where a page is shown under any URL; ``canonical`` the page that search
        engines should show in place of this one.
        """
        from hubkit.site.pages import Alternate, Frame

        if root is None:
            root = root_of(self.language.folder + path)
        return Frame(
            root=root,
            pages=root + self.language.folder,
            static=self._static_from(root),
            generator=self.generator,
            language=self.language.tag,
            alternates=tuple(
                Alternate(
                    language=other.tag,
                    name=other.name,
                    url=root + url(other.folder + path),
                    absolute_url=self.absolute(other.folder + path),
                    current=other is self.language,
                )
                for other in LANGUAGES
            ),
            canonical=self.absolute(self.language.folder + (canonical or path)),
        )

    def _static_from(self, root: str) -> Mapping[str, str]:
        found = self._statics.get(root)
        if found is None:
            found = self._statics[root] = {name: root + url(path) for name, path in self.static.items()}
        return found

    @cached_property
    def _statics(self) -> dict[str, Mapping[str, str]]:
        return {}

    def absolute(self, path: str) -> str:
        """The whole URL of ``path``, counted from the site's root; empty where the site's URL is not known."""
        return self.base_url + url(path) if self.base_url else ""

    @property
    def base_path(self) -> str:
        """The path of the site's root on its server, with slashes around it; "/" where it is not known."""
        return urlsplit(self.base_url).path or "/"

    @cached_property
    def originals(self) -> dict[str, str]:
        """The uid of a translation -> that of its original."""
        uids = {entry.card.uid for entry in self.entries}
        pairs = ((uid, original_of(uid)) for uid in sorted(uids))
        return {uid: original for uid, original in pairs if original in uids}

    @cached_property
    def _translations(self) -> dict[str, Entry]:
        return {self.originals[entry.card.uid]: entry for entry in self.entries if entry.card.uid in self.originals}
