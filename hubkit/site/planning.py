"""Which files a site consists of, and what each is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hubkit.errors import SiteError
from hubkit.site.build import GENERATOR, Order
from hubkit.site.catalogue import Catalogue, File, Page
from hubkit.site.downloads import Download
from hubkit.site.gather import Entry
from hubkit.site.i18n import LANGUAGES, load_texts
from hubkit.site.paths import STATIC
from hubkit.site.render import Renderer

Groups = list[tuple["Output", ...]]
"""Files to be, those together that share work, such as a page in all its languages."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site to be."""

    path: str
    """Where it lies, from the site's root."""
    key: str
    """A digest of all that decides what it holds: while it is the same, so is the file."""
    content: Callable[[], bytes]
    """Makes it."""


def catalogue_of(order: Order, entries: tuple[Entry, ...], downloads: Mapping[str, Download]) -> Catalogue:
    """The catalogue of these cards. Raises SiteError where a static file or a catalogue of texts cannot be read."""
    return Catalogue(
        entries,
        GENERATOR,
        {name: path for name, (path, _) in static_files(order.templates).items()},
        {path: download.target for path, download in downloads.items()},
        order.base_url,
        texts=tuple(load_texts(language, order.templates) for language in LANGUAGES),
    )


def plan(
    order: Order,
    catalogue: Catalogue,
    surroundings: str,
    pages: Iterable[Callable[[Catalogue], Iterable[Page]]],
    files: Iterable[Callable[[Catalogue], Iterable[File]]],
) -> Groups:
    """All pages and files of these kinds; those that are made of all cards first, since each takes long.

    Raises SiteError where a template is wrong.
    """
    groups: dict[str, list[Output]] = {}
    for texts in catalogue.texts:
        language = texts.language
        renderer = Renderer(texts, order.templates, order.cache_dir)
        one = catalogue.speaking(language)
        for kind in pages:
            for page in kind(one):
                key = _key(surroundings, language.code, page.path, page.template, *page.depends)
                made: Callable[[], bytes] = partial(_page, renderer, page)
                if page.also:
                    made = _Twice(made)
                    groups.setdefault(page.path, []).append(Output(language.folder + page.also, key, made))
                groups.setdefault(page.path, []).append(Output(language.folder + page.path, key, made))
    alone: Groups = []
    for file in (file for kind in files for file in kind(catalogue)):
        output = Output(file.path, _key(surroundings, file.path, *file.depends), file.content)
        if file.beside:
            groups.setdefault(file.beside, []).append(output)
        else:
            alone.append((output,))
    return [*alone, *map(tuple, groups.values())]


def plan_search_files(files: Mapping[str, bytes]) -> Groups:
    """The files of the search: path -> content."""
    return [_plain(path, hashlib.sha256(content).hexdigest(), content) for path, content in files.items()]


def plan_given(files: Mapping[str, tuple[str, bytes | None]]) -> tuple[Output, ...]:
    """Files by their paths: what decides what each holds, as a digest, and what it holds; None where that is there."""
    return tuple(Output(path, key, partial(_given, path, content)) for path, (key, content) in files.items())


def _given(path: str, content: bytes | None) -> bytes:
    if content is None:
        raise SiteError(f"{path}: changed while the site was made", hint="Build again.")
    return content


def plan_static(order: Order) -> Groups:
    """The static files of the templates."""
    return [_plain(path, _key(path), content) for path, content in static_files(order.templates).values()]


def paths_of(groups: Groups) -> set[str]:
    """The paths of these files."""
    return {output.path for group in groups for output in group}


def refuse_two_at_one_path(groups: Groups) -> None:
    """Raise SiteError where two files are to lie at one path."""
    paths = [output.path for group in groups for output in group]
    if len(set(paths)) != len(paths):
        twice = min(path for path in paths if paths.count(path) > 1)
        raise SiteError(f"{twice}: two files of the site have this path")


def _plain(path: str, key: str, content: bytes) -> tuple[Output]:
    return (Output(path, key, partial(bytes, content)),)


class _Twice:
    """What two files hold, made once for both, and kept no longer than until the second has it."""

    def __init__(self, content: Callable[[], bytes]) -> None:
        self._content = content
        self._made: bytes | None = None

    def __call__(self) -> bytes:
        made, self._made = self._made, None
        if made is None:
            made = self._made = self._content()
        return made


def _page(renderer: Renderer, page: Page) -> bytes:
    return renderer.page(page.template, page.context)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def static_files(templates: Sequence[Path]) -> dict[str, tuple[str, bytes]]:
    """Name -> (path from the site's root, bytes). The path holds a digest, so that a browser may keep the file.

    Raises SiteError where a file cannot be read.
    """
    files = {}
    for folder in templates:
        for source in sorted((folder / STATIC).iterdir()) if (folder / STATIC).is_dir() else ():
            try:
                content = source.read_bytes()
            except OSError as error:
                raise SiteError(f"{source}: cannot be read: {error.strerror or error}") from error
            digest = hashlib.sha256(content).hexdigest()[:8]
            files[source.name] = (f"{STATIC}/{source.stem}-{digest}{source.suffix}", content)
    return dict(sorted(files.items()))
