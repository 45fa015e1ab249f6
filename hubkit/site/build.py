"""Writing the site: the same input gives the same bytes, and what did not change is not made again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hubkit import __version__
from hubkit.errors import SiteError
from hubkit.resources import resource_dir
from hubkit.site.folder import Changes, SiteFolder
from hubkit.site.inputs import Source, file_stamp, sources, surroundings
from hubkit.site.paths import HOME
from hubkit.site.problem import Problem
from hubkit.site.record import read_record
from hubkit.site.state import STATE, Site
from hubkit.site.workers import aside, cores

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


@dataclass(frozen=True, slots=True)
class Order:
    """What to build of what."""

    cards_dir: Path
    """The cards, as ``<publisher>/<version>/<name>.md``."""
    receipts_dir: Path | None
    """The receipts, as ``<uid>.json``; with None nothing is shown as verified."""
    models_dir: Path | None
    """The converted files that receipts name, to be published with the site; with None they are not."""
    templates: tuple[Path, ...]
    """The folders of templates; a file in a later one goes before one of the same name in an earlier one."""
    base_url: str
    """The URL of the site's root, with a slash at its end; empty where it is not known."""
    strict: bool
    """Whether a problem is an error."""
    links: Path | None
    """What is known of links, as `hubkit links` keeps it."""
    jobs: int
    """How many processes make pages."""
    cache_dir: Path | None
    """The user's own folder for templates that are compiled; with None they are compiled each time."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a site is made of."""

    surroundings: str
    """A digest of all but the cards."""
    sources: tuple[Source, ...]
    """The cards and their receipts."""
    links: str
    """The stamp of what is known of links, which concerns few pages."""

    @property
    def stamps(self) -> dict[str, str]:
        """The stamp of each card, by uid; under the empty text, which is no uid, that of what is known of links."""
        return {"": self.links, **{source.uid: source.stamp for source in self.sources}}


def build_site(
    cards_dir: Path,
    site_dir: Path,
    *,
    receipts_dir: Path | None,
    models_dir: Path | None = None,
    templates_dir: Path | None = None,
    strict: bool = False,
    base_url: str = "",
    links: Path | None = None,
    jobs: int = 0,
    cache_dir: Path | None = None,
) -> SiteResult:
    """Write the catalogue of the cards in ``cards_dir`` into ``site_dir``.

    A card that cannot be read is a problem of the result and stops no other. The new site is made beside the old one
    and put in its place in one step: a reader never sees half of it, and where a build fails or is killed the old one
    stays. Files that did not change stay the same files; those that earlier builds left over are gone; files that
    hubkit did not write are carried over.

    Args:
        cards_dir: the cards, as ``<publisher>/<version>/<name>.md``.
        site_dir: the site's folder; it is made where it is missing. A folder beside it, ``.<name>.hubkit``, keeps what
            the next build need not do again, and may be removed.
        receipts_dir: the receipts, as ``<uid>.json``; with None nothing is shown as verified.
        models_dir: the converted files that receipts name, to be published with the site; with None they are not.
        templates_dir: the publisher's own templates, static files and texts, each in place of hubkit's of that name.
        strict: whether a problem is an error.
        base_url: the URL where the site will be found, for what must name itself whole, such as the page for missing
            pages, which is shown under any URL; all other links are relative.
        links: what is known of links, the file that `hubkit links` keeps; it may be missing.
        jobs: how many processes make pages; 0 stands for as many as there are cores.
        cache_dir: a folder of the user's own, not of the hub's, that keeps compiled templates; they are code.

    Raises:
        CardError: ``cards_dir`` is no folder.
        SiteError: a file is in the way that hubkit did not write, something cannot be written, a template is wrong,
            there are no cards where there is a site, or, when strict, there is a problem; then the site is as it was.
    """
    if templates_dir and not templates_dir.is_dir():
        raise SiteError(f"{templates_dir}: no such folder of templates", hint="Name a folder with, say, home.html.")
    order = Order(
        cards_dir,
        receipts_dir,
        models_dir,
        (resource_dir("site_templates"), *((templates_dir,) if templates_dir else ())),
        base_url and f"{base_url.rstrip('/')}/",
        strict,
        links,
        jobs or cores(),
        cache_dir,
    )
    folder = SiteFolder(site_dir)
    with folder.locked():
        settings = f"{GENERATOR}\n{order.base_url}\n{models_dir}\n{receipts_dir}"
        around = surroundings(order.templates, settings)
        site: Site | None = read_record(folder.work / STATE, around)
        with aside(lambda: site is not None and site.files.is_whole(folder), order.jobs if site else 1) as is_whole:
            inputs = Inputs(around, sources(cards_dir, receipts_dir), file_stamp(links) if links else "")
            if not inputs.sources and (site is None or any(site.stamps)) and (site_dir / HOME).is_file():
                raise SiteError(
                    f"{cards_dir}: holds no cards, and would leave nothing of the site in {site_dir}",
                    hint="Name the folder of the cards, or remove the site first.",
                )
            if site and site.stamps == inputs.stamps and site.lacks_the_same() and is_whole():
                refuse_problems(order, site.problems)
                return result(folder, Changes(0, site.files.count - 1, 0), site.problems)
            from hubkit.site.making import make  # where nothing changed, neither templates nor Markdown are needed

            return make(order, folder, inputs, site, is_whole)


def refuse_problems(order: Order, problems: tuple[Problem, ...]) -> None:
    """Raise the first problem as SiteError where problems are errors."""
    if order.strict and problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise SiteError(f"{problems[0].message}{more}", hint=problems[0].hint)


def result(folder: SiteFolder, changes: Changes, problems: tuple[Problem, ...]) -> SiteResult:
    """What became of the site in ``folder``."""
    return SiteResult(folder.root, changes.written, changes.unchanged, changes.removed, problems)
