"""The pages of the catalogue: what each may say. A page's context is the whole contract that its template may use.

Texts are plain and untrusted, and are escaped by the template; only Markup holds HTML. URLs are relative to the page
and percent-encoded, or sound http(s) links; an empty URL means that there is nothing to link to.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from hubkit.site.charts.chart import Chart
from hubkit.site.claims import AssetRow, Badge, Figure, FileRow, Standing, Verification
from hubkit.site.page_context import page_context


@page_context
class Alternate:
    """The same page in one language of the interface."""

    language: str
    """What ``lang`` and ``hreflang`` say."""
    name: str
    """The language, as its speakers write it."""
    url: str
    """The page."""
    absolute_url: str
    """The page as a whole URL; empty where the site's URL is not known."""
    current: bool
    """Whether it is this page."""


@page_context
class Frame:
    """What stands around every page."""

    root: str
    """The link to the site's root, where static files, models and data lie: "" or "../" as often as needed."""
    pages: str
    """The link to the root of the pages in this language."""
    static: Mapping[str, str]
    """A file of ``site_templates/static`` -> its URL."""
    generator: str
    """Name and version of what made the page."""
    language: str
    """The language of the interface, as ``lang`` says it."""
    alternates: tuple[Alternate, ...]
    """The page in all languages, this one included."""
    canonical: str
    """The page as a whole URL; empty where the site's URL is not known."""


@page_context
class Metric:
    """One figure that the authors measured."""

    name: str
    """Such as "top1acc"; empty where the card gives only a number."""
    value: str
    """As the card writes it."""


@page_context
class VersionLink:
    """A card of the same family."""

    version: str
    """The MindSpore version; the uid where it has none."""
    url: str
    """Its page."""
    current: bool
    """Whether it is the page's own."""
    standing: Standing
    """How it stands."""


@page_context
class Cell:
    """A fact in a row of versions."""

    value: str
    """As the card writes it."""
    changed: bool
    """Whether it differs from the version before."""


@page_context
class ChangeRow:
    """A version beside the one before it."""

    link: VersionLink
    """The version."""
    cells: tuple[Cell, ...]
    """Its facts, in the order of the table's heads."""


@page_context
class Changes:
    """What changed between the versions of a model."""

    summary: str
    """The same in a sentence."""
    heads: tuple[str, ...]
    """What the columns are, the first one's left out: it names the version."""
    rows: tuple[ChangeRow, ...]
    """The versions, the newest first."""
    charts: tuple[Chart, ...]
    """Metrics by version; may be empty."""


@page_context
class Citation:
    """How to cite a model."""

    code: str
    """The BibTeX entries."""
    url: str
    """Them as a file."""


@page_context
class Snippet:
    """Code to copy."""

    label: str
    """What it does."""
    language: str
    """"shell" or "python"."""
    code: str
    """The code; it runs as it stands."""


@page_context
class ModelPage:
    """One card."""

    frame: Frame
    """What stands around it."""
    title: str
    """The model's name."""
    uid: str
    """The card's uid."""
    crumbs: tuple[Figure, ...]
    """The way from the home page; the last is the page itself."""
    summary: str
    """One sentence."""
    tags: tuple[Figure, ...]
    """Task and data set."""
    standing: Standing
    """How it stands."""
    badges: tuple[Badge, ...]
    """Its claims."""
    note: str
    """What every reader must know of the weights; else empty."""
    stale: str
    """What every reader must know of an outdated receipt; else empty."""
    facts: tuple[Figure, ...]
    """The front matter."""
    metrics: tuple[Metric, ...]
    """What the authors measured."""
    versions: tuple[VersionLink, ...]
    """All versions, the newest first, this one included."""
    newest_url: str
    """The family's page, which shows the newest version; empty on that page itself."""
    newest: str
    """What the newest version is called."""
    tried: VersionLink | None
    """The newest version that has evidence, where this one has none."""
    changes: Changes | None
    """What changed between the versions; None but on the family's page."""
    charts: tuple[Chart, ...]
    """The figures of its receipt as pictures."""
    citation: Citation
    """How to cite it."""
    assets: tuple[AssetRow, ...]
    """The files that the card names."""
    files: tuple[FileRow, ...]
    """The files that were made."""
    snippets: tuple[Snippet, ...]
    """How to use it."""
    verification: Verification | None
    """Its receipt; None without one."""
    body: Markup
    """The card's text; may be empty."""
    text_language: str
    """The language of the card's own text (title, summary, body), as "en" or "zh-Hans"."""


@page_context
class NotFoundPage:
    """What a reader sees where there is no page."""

    frame: Frame
    """What stands around it."""
