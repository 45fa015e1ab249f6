"""Writing the site: everything is gathered first, then written; the same input gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from hubkit import __version__
from hubkit.errors import SiteError
from hubkit.resources import resource_dir
from hubkit.site.downloads import Download, find_downloads, source_path
from hubkit.site.folder import SiteFolder
from hubkit.site.gather import Entry, Problem, gather
from hubkit.site.inputs import inputs_digest
from hubkit.site.paths import FILES as DOWNLOADS
from hubkit.site.paths import STATIC

GENERATOR = f"hubkit {__version__}"


@dataclass(frozen=True, slots=True)
class SiteResult:
    """What became of a site."""

    site_dir: Path
    """Its folder."""
    written: int
    """Files that are new or different: pages, the index, static files and models."""
    unchanged: int
    """Files that had the right bytes already."""
    removed: int
    """Files of an earlier build that no longer belong to the site."""
    problems: tuple[Problem, ...]
    """What could not be shown."""


def build_site(
    cards_dir: Path,
    site_dir: Path,
    *,
    receipts_dir: Path | None,
    models_dir: Path | None = None,
    strict: bool = False,
    base_url: str = "",
) -> SiteResult:
    """Write the catalogue of the cards in ``cards_dir`` into ``site_dir``.

    A card that cannot be read is a problem of the result and stops no other. Files of the site are replaced whole,
    one by one, and only where their bytes differ; those that earlier builds left over are removed; files that hubkit
    did not write are left alone. Where neither the input nor a file of the site has changed, nothing is made anew.

    Args:
        cards_dir: the cards, as ``<publisher>/<version>/<name>.md``.
        site_dir: the site's folder; it is made where it is missing.
        receipts_dir: the receipts, as ``<uid>.json``; with None nothing is shown as verified.
        models_dir: the converted files that receipts name, to be published with the site; with None they are not.
        strict: whether a problem is an error.
        base_url: the URL where the site will be found, for what must name itself whole, such as the page for missing
            pages, which is shown under any URL; all other links are relative.

    Raises:
        CardError: ``cards_dir`` is no folder.
        SiteError: a file is in the way that hubkit did not write, something cannot be written, or, when strict,
            there is a problem; then nothing was written.
    """
    folder = SiteFolder(site_dir)
    inputs = inputs_digest(cards_dir, receipts_dir, f"{GENERATOR}\n{base_url}\n{models_dir is not None}")
    if folder.is_whole(inputs, partial(_source, models_dir)):
        return _result(folder, ())
    entries, problems = gather(cards_dir, receipts_dir)
    downloads: dict[str, Download] = {}
    if models_dir:
        downloads, missing = find_downloads(entries, models_dir, folder)
        problems += missing
    if strict and problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise SiteError(f"{problems[0].message}{more}", hint=problems[0].hint)
    _write(folder, entries, downloads, base_url)
    # A site with problems is made anew each time, so that they are told each time.
    folder.finish("" if problems else inputs)
    return _result(folder, problems)


def _source(models_dir: Path | None, path: str) -> Path | None:
    """Where a file of the site is linked from; None for what hubkit made itself."""
    return source_path(models_dir, path) if models_dir and path.startswith(f"{DOWNLOADS}/") else None


def _result(folder: SiteFolder, problems: tuple[Problem, ...]) -> SiteResult:
    changes = folder.changes
    return SiteResult(folder.root, changes.written, changes.unchanged, changes.removed, problems)


def _write(folder: SiteFolder, entries: tuple[Entry, ...], downloads: Mapping[str, Download], base_url: str) -> None:
    """Write everything, the home pages last: they lead only to what is there."""
    # Loaded here: where nothing changed, neither templates nor Markdown are needed.
    from hubkit.site.catalogue import Catalogue
    from hubkit.site.i18n import LANGUAGES, load_texts, speaking
    from hubkit.site.kinds import FILES, PAGES
    from hubkit.site.render import Renderer

    static = _static_files()
    catalogue = Catalogue(
        entries,
        GENERATOR,
        {name: path for name, (path, _) in static.items()},
        {path: download.target for path, download in downloads.items()},
        base_url and f"{base_url.rstrip('/')}/",
    )
    renderer = Renderer()
    catalogues = [replace(catalogue, language=language) for language in LANGUAGES]
    pages = [[page for kind in PAGES.values() for page in kind(one)] for one in catalogues]
    files = [file for kind in FILES.values() for file in kind(catalogue)]
    folder.claim(
        [
            *(path for path, _ in static.values()),
            *(file.path for file in files),
            *(
                one.language.folder + path
                for one, own in zip(catalogues, pages, strict=True)
                for page in own
                for path in (page.path, page.also)
                if path
            ),
        ],
        {download.target: download.sha256 for download in downloads.values()},
    )
    for download in downloads.values():
        folder.link(download.target, download.source)
    for path, content in static.values():
        folder.write(path, content)
    for file in files:
        folder.write(file.path, file.content())
    for one, own in zip(catalogues, pages, strict=True):
        with speaking(load_texts(one.language, [resource_dir("site_templates")])):
            for page in own:
                html = renderer.render(page.template, page.context())
                folder.write(one.language.folder + page.path, html)
                if page.also:
                    folder.write(one.language.folder + page.also, html)


def _static_files() -> dict[str, tuple[str, bytes]]:
    """Name -> (path from the site's root, bytes). The path holds a digest, so that a browser may keep the file."""
    files = {}
    for source in sorted((resource_dir("site_templates") / STATIC).iterdir()):
        content = source.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:8]
        files[source.name] = (f"{STATIC}/{source.stem}-{digest}{source.suffix}", content)
    return files
