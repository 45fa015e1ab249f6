"""Reading what the catalogue is made of: cards and their receipts. What cannot be read is listed and stops nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from sys import intern

from hubkit.card.model import Card, load_card
from hubkit.errors import HubkitError
from hubkit.receipts import Receipt, read_receipt
from hubkit.site.body_limit import too_much
from hubkit.site.folder import folders_of
from hubkit.site.inputs import Source
from hubkit.site.paths import bib_path, data_path, page_path
from hubkit.site.problem import Problem
from hubkit.site.search_words import words
from hubkit.site.workers import nothing, spread

_CARDS_AT_A_TIME = 50
# All that a card says but for its body.
_OUTLINE = attrgetter(*(field.name for field in fields(Card) if field.name != "body"))


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What is known of a link."""

    url: str
    """The link."""
    state: str
    """How it fares, in the words of links.verdict.State; empty where it was never asked for."""
    day: str
    """When it was asked for, as 2023-02-17."""
    reason: str
    """Why it is not simply alive; else empty."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A card of the catalogue and what is known of it."""

    card: Card
    """The card."""
    page: str
    """Its page, from the site's root."""
    receipt: Receipt | None = None
    """What was verified; None where nothing was."""
    stale: bool = False
    """Whether the card's file has changed since the receipt was made."""
    digest: str = ""
    """SHA-256 over all that the card and its receipt say."""
    outline: str = ""
    """The same without the card's body."""
    words: str = ""
    """The different words of its title, summary and body, with spaces between, for the search."""
    links: tuple[LinkCheck, ...] = ()
    """What is known of the links to its files and its code."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one card."""

    stamp: str
    """The stamp of the card and its receipt."""
    entry: Entry | None
    """The card; None where it cannot be shown."""
    problems: tuple[Problem, ...]
    """What cannot be shown."""


def gather(
    sources: Sequence[Source],
    cards_dir: Path,
    known: Mapping[str, Reading],
    jobs: int,
    meanwhile: Callable[[], None] = nothing,
) -> tuple[dict[str, Reading], tuple[Entry, ...], tuple[Problem, ...]]:
    """What was read of each card, by uid, all cards that can be shown, in order, and all that cannot.

    What is ``known`` of a card that has not changed is not read again; the others are read by ``jobs`` processes. This
    one does ``meanwhile`` first.
    """
    changed = [source for source in sources if (found := known.get(source.uid)) is None or found.stamp != source.stamp]
    new = read(changed, cards_dir, jobs, meanwhile)
    readings = {source.uid: new.get(source.uid) or known[source.uid] for source in sources}
    problems = [problem for reading in readings.values() for problem in reading.problems]
    if not sources:
        hint = "A card is a file <publisher>/<version>/<name>.md in it."
        problems.append(Problem(str(cards_dir), f"{cards_dir}: holds no cards; the site has no models", hint))
    entries = [reading.entry for reading in readings.values() if reading.entry]
    return readings, without_collisions(entries, problems), tuple(problems)


def read(
    sources: Sequence[Source], cards_dir: Path, jobs: int, meanwhile: Callable[[], None] = nothing
) -> dict[str, Reading]:
    """What these cards say, by uid; ``jobs`` processes read them. This one does ``meanwhile`` first."""
    size = max(_CARDS_AT_A_TIME, len(sources) // 1000)
    pieces = [sources[start : start + size] for start in range(0, len(sources), size)]
    found = spread(lambda piece: [(source, _reading(source, cards_dir)) for source in piece], pieces, jobs, meanwhile)
    return {source.uid: reading for pairs in found for source, reading in pairs}


def _reading(source: Source, cards_dir: Path) -> Reading:
    problems: list[Problem] = []
    try:
        page = page_path(source.uid)
        card = load_card(source.path, cards_dir)
    except HubkitError as error:
        return Reading(source.stamp, None, (Problem(str(source.path), error.message, error.hint),))
    cut = too_much(card.body)
    if cut:
        hint = "Move lists, tables and logs into files of their own."
        problems.append(Problem(str(source.path), f"{source.path}: {cut}", hint))
    receipt = _receipt(card.uid, source.receipt, problems) if source.receipt else None
    stale = receipt is not None and hashlib.sha256(source.path.read_bytes()).hexdigest() != receipt.card_sha256
    return Reading(source.stamp, _entry(card, page, receipt, stale), tuple(problems))


def _entry(card: Card, page: str, receipt: Receipt | None, stale: bool) -> Entry:
    outline = hashlib.sha256(repr((_OUTLINE(card), receipt, stale)).encode("utf-8", "surrogatepass"))
    whole = outline.copy()
    whole.update(card.body.encode("utf-8", "surrogatepass"))
    found = intern(" ".join(words(f"{card.title}\n{card.summary}\n{card.body}")))  # as the body, kept once for all
    return Entry(card, page, receipt, stale, whole.hexdigest(), outline.hexdigest(), found)


def _receipt(uid: str, path: Path, problems: list[Problem]) -> Receipt | None:
    try:
        receipt = read_receipt(path)
    except HubkitError as error:
        problems.append(Problem(str(path), f"{error.message}; the page says that nothing was verified", error.hint))
        return None
    if receipt.uid != uid:
        message = f"{path}: the receipt of {receipt.uid!r}; the page says that nothing was verified"
        problems.append(Problem(str(path), message, "Remove the file and build again."))
        return None
    return receipt


def without_collisions(entries: Collection[Entry], problems: list[Problem]) -> tuple[Entry, ...]:
    """The entries whose files are not the folder of another's, as of the cards ``a.md`` and ``a.html/b.md``."""
    folders = {folder for entry in entries for folder in folders_of(entry.page)}
    kept: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: entry.card.uid):
        if not folders.isdisjoint((entry.page, data_path(entry.card.uid), bib_path(entry.page))):
            message = f"{entry.card.uid}: its page {entry.page} would be a folder that other pages lie in"
            problems.append(Problem(entry.card.uid, message, "Rename the card or the folder."))
        else:
            kept.append(entry)
    return tuple(kept)
