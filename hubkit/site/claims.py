"""What a page says of a verification: claims, how they stand, and the figures behind them.

Texts are plain and untrusted, and are escaped by the template. URLs are relative to the page and percent-encoded, or
sound http(s) links; an empty URL means that there is nothing to link to.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from hubkit.site.i18n import N_, _
from hubkit.site.page_context import page_context


class Mark(StrEnum):
    """How a claim stands. Each has an icon, a word and a colour of its own; only one of them is a pass."""

    PASSED = "passed", N_("Passed")
    FAILED = "failed", N_("Failed")
    SKIPPED = "skipped", N_("Skipped")
    STALE = "stale", N_("Outdated")
    NONE = "none", N_("Not verified yet")

    english: str
    """The mark in words, in English."""

    def __new__(cls, value: str, english: str) -> Self:
        """The mark of this name."""
        mark = str.__new__(cls, value)
        mark._value_ = value
        mark.english = english
        return mark

    # A page asks for it some fifty times; that of Enum is a function of Python.
    __hash__ = str.__hash__

    @property
    def word(self) -> str:
        """The mark in words."""
        return _(self.english)


class Standing(StrEnum):
    """How a card stands as a whole; these are the words of the JSON index."""

    VERIFIED = "verified", N_("Verified"), Mark.PASSED
    PARTIAL = "partial", N_("Partly verified"), Mark.SKIPPED
    FAILED = "failed", N_("Failed"), Mark.FAILED
    STALE = "stale", N_("Outdated"), Mark.STALE
    NOT_VERIFIED = "not verified", N_("Not verified yet"), Mark.NONE

    english: str
    """The standing in words, in English."""
    mark: Mark
    """The mark that shows it."""

    def __new__(cls, value: str, english: str, mark: Mark) -> Self:
        """The standing of this name."""
        standing = str.__new__(cls, value)
        standing._value_ = value
        standing.english = english
        standing.mark = mark
        return standing

    __hash__ = str.__hash__  # as above

    @property
    def word(self) -> str:
        """The standing in words."""
        return _(self.english)


@page_context
class Figure:
    """A fact with its name."""

    label: str
    """What it is."""
    value: str
    """The figure, as people read it."""
    url: str = ""
    """Where it leads."""

    @property
    def outward(self) -> bool:
        """Whether it leads out of the catalogue."""
        return self.url.startswith(("http:", "https:"))


@page_context
class ErrorBar:
    """A difference against its tolerance, on a logarithmic scale from 0 to 100."""

    length: float
    """Where the difference lies; 0 for none."""
    limit: float
    """Where the tolerance lies."""
    mark: Mark
    """Whether the difference passed."""
    words: str
    """The same in words."""


@page_context
class Badge:
    """One claim, how it stands, and the figures behind it."""

    slug: str
    """"links", "digest", "mindir" or "onnx"."""
    label: str
    """The claim, such as "ONNX parity"."""
    value: str
    """The figure that matters most, such as "max 3.1e-6 (limit 1e-4)"; empty where there is none."""
    mark: Mark
    """How it stands."""
    qualifier: str
    """What limits a pass, such as "on untrained weights"; else empty."""
    reason: str
    """Why it failed, was skipped or is outdated; else empty."""
    source: str
    """What the date is of, such as "Receipt of"; without a date, what is missing."""
    date: str
    """The day of the evidence, as 2023-02-17; empty without one."""
    figures: tuple[Figure, ...]
    """The figures behind it."""
    bar: ErrorBar | None
    """The difference against its tolerance, for a parity."""


@page_context
class OperatorRow:
    """How often an operator is used."""

    name: str
    """The operator."""
    count: str
    """Uses."""
    share: float
    """0 to 100, of the operator that is used most."""


@page_context
class PortRow:
    """An input or an output of a model file."""

    kind: str
    """"input" or "output"."""
    name: str
    """Its name."""
    shape: str
    """Such as "batch × 3 × 320 × 320"."""
    dtype: str
    """The element type."""


@page_context
class FileRow:
    """A file that was made by conversion."""

    label: str
    """Such as "ONNX"."""
    name: str
    """The file's name."""
    url: str
    """Where the site has it; empty where it does not."""
    sha256: str
    """Its digest."""
    size: str
    """As people read it."""
    note: str
    """What to know of how it was made, such as that it takes one batch size only; else empty."""
    facts: tuple[Figure, ...]
    """Opset and number of operators."""
    ports: tuple[PortRow, ...]
    """What goes in and what comes out."""
    operators: tuple[OperatorRow, ...]
    """Its operators, most used first."""


@page_context
class AssetRow:
    """A file that the card names."""

    file_format: str
    """The kind of file."""
    name: str
    """The file's name."""
    url: str
    """Where to fetch it."""
    sha256: str
    """The digest in the card."""
    size: str
    """As people read it; empty where unknown."""
    mark: Mark
    """Whether its bytes have this digest."""
    reason: str
    """Why they were not checked, or what was wrong."""


@page_context
class StepRow:
    """One step of the verification."""

    label: str
    """What was done."""
    mark: Mark
    """How it ended."""
    reason: str
    """Why it failed or was skipped, or what to know of a pass."""
    seconds: str
    """How long it took; empty where it did not run."""


@page_context
class ParityRow:
    """The comparison of two runtimes."""

    reference: str
    """What is taken as right."""
    candidate: str
    """What is compared with it."""
    compared: str
    """What it was made on: the output, the batch size, and how many inputs; the figures are the worst of these."""
    max_abs: str
    """Largest absolute difference."""
    max_abs_limit: str
    """How large it may be."""
    max_rel: str
    """Largest relative difference."""
    over: str
    """Elements over the relative tolerance, in parts per million."""
    over_limit: str
    """What may lie over it."""
    rtol: str
    """The relative tolerance."""
    bit_equal: bool
    """Whether all bits are equal."""
    exact: bool
    """Whether nothing but equal bits will do, so that the tolerances say nothing."""
    mark: Mark
    """Whether it passed."""
    bar: ErrorBar
    """The difference against its tolerance."""


@page_context
class TimingRow:
    """A time beside the others of its kind."""

    label: str
    """What was timed."""
    seconds: str
    """How long it took."""
    share: float
    """0 to 100, of the longest."""


@page_context
class Verification:
    """A receipt, laid out."""

    date: str
    """The day, as 2023-02-17."""
    time: str
    """The time of day in UTC, as 08:15."""
    created: str
    """Both, as ISO 8601."""
    standing: Standing
    """The result."""
    steps: tuple[StepRow, ...]
    """All steps, those that did not run included."""
    parity: tuple[ParityRow, ...]
    """The comparisons."""
    sensitivity: tuple[Figure, ...]
    """How the output moves with the input; empty where nothing ran."""
    sensitivity_mark: Mark
    """Whether it moves enough for a parity to mean something."""
    inference: tuple[TimingRow, ...]
    """Mean time of one inference a runtime."""
    parts: tuple[TimingRow, ...]
    """Times of the conversion's parts."""
    facts: tuple[Figure, ...]
    """The network, its weights and the seed."""
    versions: tuple[Figure, ...]
    """The packages that it ran with."""
    machine: tuple[Figure, ...]
    """What it ran on."""
