"""Writing the site: everything is gathered first, then written; the same input gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from hubkit import __version__
from hubkit.errors import SiteError
from hubkit.resources import resource_dir
from hubkit.site.downloads import Download, find_downloads, source_path
from hubkit.site.families import families
from hubkit.site.folder import SiteFolder
from hubkit.site.gather import Entry, Problem, gather
from hubkit.site.index import index_json
from hubkit.site.inputs import inputs_digest
from hubkit.site.paths import FILES, HOME, INDEX, NOT_FOUND, STATIC

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
    base_path: str = "/",
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
        base_path: the path of the site's root on its server, with slashes around it. Only the page for missing
            pages needs it, since that is shown under any URL.

    Raises:
        CardError: ``cards_dir`` is no folder.
        SiteError: a file is in the way that hubkit did not write, something cannot be written, or, when strict,
            there is a problem; then nothing was written.
    """
    folder = SiteFolder(site_dir)
    inputs = inputs_digest(cards_dir, receipts_dir, f"{GENERATOR}\n{base_path}\n{models_dir is not None}")
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
    _write(folder, entries, downloads, base_path)
    # A site with problems is made anew each time, so that they are told each time.
    folder.finish("" if problems else inputs)
    return _result(folder, problems)


def _source(models_dir: Path | None, path: str) -> Path | None:
    """Where a file of the site is linked from; None for what hubkit made itself."""
    return source_path(models_dir, path) if models_dir and path.startswith(f"{FILES}/") else None


def _result(folder: SiteFolder, problems: tuple[Problem, ...]) -> SiteResult:
    changes = folder.changes
    return SiteResult(folder.root, changes.written, changes.unchanged, changes.removed, problems)


def _write(folder: SiteFolder, entries: Sequence[Entry], downloads: Mapping[str, Download], base_path: str) -> None:
    """Write everything, the home page last: it leads only to what is there."""
    # Loaded here: where nothing changed, neither templates nor Markdown are needed.
    from hubkit.site.contexts import Contexts
    from hubkit.site.pages import NotFoundPage
    from hubkit.site.render import Renderer

    static = _static_files()
    targets = {path: download.target for path, download in downloads.items()}
    contexts = Contexts(GENERATOR, {name: PurePosixPath(path).name for name, (path, _) in static.items()}, targets)
    renderer = Renderer()
    found = families(entries)
    folder.claim(
        [HOME, INDEX, NOT_FOUND, *(path for path, _ in static.values()), *(entry.page for entry in entries)],
        {download.target: download.sha256 for download in downloads.values()},
    )
    for download in downloads.values():
        folder.link(download.target, download.source)
    for path, content in static.values():
        folder.write(path, content)
    for family in found:
        for entry in family.members:
            folder.write(entry.page, renderer.model(contexts.model(entry, family)))
    folder.write(NOT_FOUND, renderer.not_found(NotFoundPage(contexts.frame(base_path))))
    folder.write(INDEX, index_json(entries, targets, GENERATOR))
    folder.write(HOME, renderer.home(contexts.home(found)))


def _static_files() -> dict[str, tuple[str, bytes]]:
    """Name -> (path from the site's root, bytes). The path holds a digest, so that a browser may keep the file."""
    files = {}
    for source in sorted((resource_dir("site_templates") / STATIC).iterdir()):
        content = source.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:8]
        files[source.name] = (f"{STATIC}/{source.stem}-{digest}{source.suffix}", content)
    return files
