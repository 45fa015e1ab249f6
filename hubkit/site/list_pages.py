"""The pages on which many models are found: what each may say, by the same terms as those of ``pages``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hubkit.site.claims import Badge, Figure, Standing
from hubkit.site.page_context import page_context
from hubkit.site.pages import Frame, Metric


@page_context
class ModelSummary:
    """A family as the home page lists it, by its newest card."""

    title: str
    """The model's name."""
    name: str
    """The last part of the uid."""
    url: str
    """The page of the newest card."""
    versions_url: str
    """The part of that page that lists all versions."""
    task: str
    """The task in words, such as "object detection"; empty where the card names only a field."""
    dataset: str
    """What it was trained on."""
    metrics: tuple[Metric, ...]
    """What the authors measured."""
    version: str
    """The newest MindSpore version; may be empty."""
    others: int
    """How many other versions there are."""
    standing: Standing
    """How the newest card stands."""
    note: str
    """What every reader must know of the weights; else empty."""
    badges: tuple[Badge, ...]
    """The claims; empty where no conversion was tried."""
    figures: tuple[Figure, ...]
    """Size and the like, where known."""


@page_context
class TaskGroup:
    """The models of one field."""

    slug: str
    """Names the group in a link."""
    label: str
    """Such as "Computer vision"."""
    evidenced: tuple[ModelSummary, ...]
    """Models whose conversion was tried: they show their figures. Where they are many, the newest."""
    listed: tuple[ModelSummary, ...]
    """All other models; where they are many, the newest."""
    count: int
    """How many models the field has."""
    url: str
    """The page that lists all of them; empty where all of them are here."""


@page_context
class SearchFrame:
    """What the search of the home page has to know."""

    index: str
    """The link to the search's index."""
    facets: Mapping[str, str]
    """Facet -> what it is called, in the order in which it is offered."""
    labels: Mapping[str, Mapping[str, str]]
    """Facet -> value -> what it is called, where that is not the value itself."""
    spoken: Mapping[str, Mapping[str, str]]
    """Facet -> value -> what it is called in all languages; "metric" -> a part of a name -> what it means in them."""
    marks: Mapping[str, str]
    """The standing of a card -> the mark that shows it."""


@page_context
class HomePage:
    """The list of all models."""

    frame: Frame
    """What stands around it."""
    figures: tuple[Figure, ...]
    """The catalogue in numbers."""
    groups: tuple[TaskGroup, ...]
    """The models by field; a group is never empty."""
    search: SearchFrame
    """Its search."""


@page_context
class ComparePage:
    """The page that compares models; which ones, its address says."""

    frame: Frame
    """What stands around it."""
    fields: Mapping[str, str]
    """A field -> what it is called."""
    tasks: Mapping[str, str]
    """A task, in lower case with spaces between its words -> what it is called."""
    labels: Mapping[str, Mapping[str, str]]
    """Facet -> value -> what it is called, where that is not the value itself."""
    marks: Mapping[str, str]
    """The standing of a card -> the mark that shows it."""
    reasons: Sequence[tuple[str, str]]
    """What a receipt may say of its weights, and the same in the language of the page; none in English."""
    runtimes: Mapping[str, str]
    """A runtime's name in receipts -> what it is called."""


@page_context
class ModelRow:
    """A model in a table of models."""

    title: str
    """The model's name."""
    name: str
    """The last part of the uid."""
    url: str
    """Its page."""
    task: str
    """The task in words, else the field."""
    dataset: str
    """What it was trained on."""
    metrics: tuple[Metric, ...]
    """What the authors measured, the first few."""
    version: str
    """The MindSpore version; may be empty."""
    standing: Standing
    """How it stands."""


@page_context
class ListingPage:
    """The models that have something in common."""

    frame: Frame
    """What stands around it."""
    title: str
    """What they have in common."""
    count: str
    """How many they are, with the noun."""
    crumbs: tuple[Figure, ...]
    """The way from the home page; the last is the page itself."""
    rows: tuple[ModelRow, ...]
    """The models by title."""


@page_context
class ListingsPage:
    """All that models are listed by, such as all data sets."""

    frame: Frame
    """What stands around it."""
    title: str
    """What it lists."""
    crumbs: tuple[Figure, ...]
    """The way from the home page; the last is the page itself."""
    items: tuple[Figure, ...]
    """What there is, with how many models each has."""
