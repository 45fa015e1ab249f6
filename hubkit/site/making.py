"""Making a site anew where it has changed: read cards, plan all files, make those that must be, publish the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hubkit.errors import SiteError
from hubkit.site.build import (
    CARDS,
    GENERATOR,
    RECENT,
    STATE,
    Inputs,
    Made,
    Order,
    Site,
    SiteResult,
    refuse_problems,
    result,
)
from hubkit.site.catalogue import Catalogue, File, Page
from hubkit.site.downloads import Download, find_downloads
from hubkit.site.draft import Draft
from hubkit.site.folder import MANIFEST, Changes, SiteFolder, is_same
from hubkit.site.gather import Entry, Reading, gather
from hubkit.site.i18n import LANGUAGES, load_texts
from hubkit.site.kinds import FILES, PAGES
from hubkit.site.link_evidence import checks, read_links
from hubkit.site.paths import STATIC
from hubkit.site.record import read_record, write_record
from hubkit.site.render import Renderer
from hubkit.site.workers import spread, without_collections

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict

_MAX_PIECES = 1000
_MOST_RECENT = 200


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site to be."""

    path: str
    """Where it lies, from the site's root."""
    key: str
    """A digest of all that decides what it holds: while it is the same, so is the file."""
    content: Callable[[], bytes]
    """Makes it."""


def make(order: Order, folder: SiteFolder, inputs: Inputs, site: Site | None) -> SiteResult:
    """Make what has changed since ``site`` was made, and publish the whole. Errors are those of build_site."""
    with without_collections():
        return _make_site(order, folder, inputs, site)


def _make_site(order: Order, folder: SiteFolder, inputs: Inputs, site: Site | None) -> SiteResult:
    known = _known(folder, inputs)
    readings, entries, problems = gather(inputs.sources, order.cards_dir, known, order.jobs)
    owned = folder.owned()
    downloads: dict[str, Download] = {}
    if order.models_dir:
        downloads, missing = find_downloads(entries, order.models_dir, folder, owned)
        problems += missing
    refuse_problems(order, problems)
    entries = tuple(_with_downloads(entry, downloads) for entry in entries)
    known_links = read_links(order.links)
    if known_links:
        entries = tuple(_with_links(entry, known_links) for entry in entries)
    outputs = plan(order, entries, downloads, inputs.surroundings)
    before = site.made if site else {}
    made, changes = _made(order, folder, owned, outputs, downloads, before)
    _remember(folder, inputs, known, readings)
    write_record(folder.work / STATE, inputs.surroundings, Site(inputs.stamps, made, problems))
    return result(folder, changes, problems)


def _known(folder: SiteFolder, inputs: Inputs) -> dict[str, Reading]:
    """What earlier builds read: of all cards, and beside it of the few that have changed since."""
    found: dict[str, Reading] = read_record(folder.work / CARDS, inputs.surroundings) or {}
    return found | (read_record(folder.work / RECENT, inputs.surroundings) or {})


def _remember(
    folder: SiteFolder, inputs: Inputs, known: Mapping[str, Reading], readings: Mapping[str, Reading]
) -> None:
    """Write down what was read, and no more than that where it is little."""
    recent: dict[str, Reading] = read_record(folder.work / RECENT, inputs.surroundings) or {}
    new = {uid: reading for uid, reading in readings.items() if known.get(uid) is not reading}
    if known and len(recent) + len(new) <= _MOST_RECENT:
        if new:
            write_record(folder.work / RECENT, inputs.surroundings, recent | new)
        return
    write_record(folder.work / CARDS, inputs.surroundings, dict(readings))
    with suppress(OSError):
        (folder.work / RECENT).unlink()


def _with_downloads(entry: Entry, downloads: Mapping[str, Download]) -> Entry:
    """The entry, other by digest where another of its files is published."""
    models = entry.receipt.models if entry.receipt else ()
    absent = [model.path for model in models if model.path not in downloads]
    if not absent:
        return entry
    mark = hashlib.sha256(repr(absent).encode("utf-8", "surrogatepass")).hexdigest()
    return replace(entry, digest=f"{entry.digest} {mark}", outline=f"{entry.outline} {mark}")


def _with_links(entry: Entry, known: Mapping[str, Verdict]) -> Entry:
    """The entry with what is known of its links, and other by digest where that is anything."""
    found = checks(entry.card, known)
    if not any(check.state for check in found):  # its page says as much without a list of them
        return entry
    mark = hashlib.sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest()
    return replace(entry, links=found, digest=f"{entry.digest} {mark}")


def plan(
    order: Order, entries: tuple[Entry, ...], downloads: Mapping[str, Download], surroundings: str
) -> tuple[tuple[Output, ...], ...]:
    """All files of the site but downloads, those together that share work, such as a page in all its languages.

    Raises SiteError where two are to lie at one path, or a template or a catalogue of texts is wrong.
    """
    static = static_files(order.templates)
    catalogue = Catalogue(
        entries,
        GENERATOR,
        {name: path for name, (path, _) in static.items()},
        {path: download.target for path, download in downloads.items()},
        order.base_url,
    )
    groups: dict[str, list[Output]] = {}
    for language in LANGUAGES:
        renderer = Renderer(load_texts(language, order.templates), order.templates, order.cache_dir)
        one = catalogue.speaking(language)
        for kind in PAGES.values():
            for page in kind(one):
                key = _key(surroundings, language.code, page.path, page.template, *page.depends)
                made: Callable[[], bytes] = partial(_page, renderer, page)
                if page.also:
                    made = _Twice(made)
                    groups.setdefault(page.path, []).append(Output(language.folder + page.also, key, made))
                groups.setdefault(page.path, []).append(Output(language.folder + page.path, key, made))
    for file in (file for kind in FILES.values() for file in kind(catalogue)):
        groups.setdefault(file.beside or file.path, []).append(_file(file, surroundings))
    for path, content in static.values():
        groups.setdefault(path, []).append(Output(path, _key(path), partial(bytes, content)))
    paths = [output.path for group in groups.values() for output in group]
    if len(set(paths)) != len(paths):
        twice = min(path for path in paths if paths.count(path) > 1)
        raise SiteError(f"{twice}: two files of the site have this path")
    return tuple(map(tuple, groups.values()))


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


def _file(file: File, surroundings: str) -> Output:
    return Output(file.path, _key(surroundings, file.path, *file.depends), file.content)


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


def _made(
    order: Order,
    folder: SiteFolder,
    owned: Mapping[str, str],
    outputs: Iterable[Sequence[Output]],
    downloads: Mapping[str, Download],
    before: Mapping[str, Made],
) -> tuple[dict[str, Made], Changes]:
    """Make what is not there yet, and put it in the place of the site with what is."""
    made: dict[str, Made] = {}
    sound: set[str] = set()
    groups: list[list[Output]] = []
    targets = [download.target for download in downloads.values()]
    draft = Draft(folder, owned, [*targets, *(output.path for group in outputs for output in group)])
    try:
        for group in outputs:
            needed = []
            for output in group:
                old = before.get(output.path)
                if old and old[0] == output.key and folder.stamp(output.path) == old[2]:
                    made[output.path] = old
                    sound.add(output.path)
                else:
                    needed.append(output)
            if needed:
                groups.append(needed)
        size = max(1, len(groups) // _MAX_PIECES)
        pieces = [groups[start : start + size] for start in range(0, len(groups), size)]
        for answer in spread(partial(_make_all, draft, folder, owned), pieces, order.jobs):
            made.update(answer)
        for download in downloads.values():
            made[download.target] = _linked(draft, folder, download)
        kept = [
            path for path, (_, _, stamp, _) in made.items() if path in sound or (owned and folder.stamp(path) == stamp)
        ]
        files = {path: sha256 for path, (_, sha256, _, _) in made.items()}
        changes = Changes(len(made) - len(kept), len(kept), len(owned.keys() - files.keys()))
        if len(kept) == len(made) and files == owned:
            draft.put_back()
        else:
            draft.publish(files, kept)
    except OSError as error:
        draft.discard()
        raise SiteError(f"{error.filename or folder.root}: cannot be written: {error.strerror or error}") from error
    except BaseException:
        draft.discard()
        raise
    stamp = folder.stamp(MANIFEST)
    assert stamp is not None  # it was just written
    return {**made, MANIFEST: ("", "", stamp, "")}, changes


def _make_all(
    draft: Draft, folder: SiteFolder, owned: Mapping[str, str], groups: Sequence[Sequence[Output]]
) -> dict[str, Made]:
    return {output.path: _make(draft, folder, owned, output) for group in groups for output in group}


def _make(draft: Draft, folder: SiteFolder, owned: Mapping[str, str], output: Output) -> Made:
    content = output.content()
    sha256 = hashlib.sha256(content).hexdigest()
    if owned.get(output.path) == sha256:
        path = folder.root / output.path
        stamp = folder.stamp(output.path)
        if stamp and stamp[0] == len(content) and not path.is_symlink() and path.read_bytes() == content:
            return output.key, sha256, stamp, ""
    return output.key, sha256, draft.write(output.path, content), ""


def _linked(draft: Draft, folder: SiteFolder, download: Download) -> Made:
    path = folder.root / download.target
    stamp = folder.stamp(download.target)
    if stamp is None or not is_same(path, download.source):
        stamp = draft.link(download.target, download.source)
    return download.sha256, download.sha256, stamp, str(download.source)
