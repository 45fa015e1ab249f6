"""Reading what the catalogue is made of: cards and their receipts. What cannot be read is listed and stops nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from hubkit.card.find import find_cards, uid_of
from hubkit.card.model import Card, load_card
from hubkit.errors import HubkitError
from hubkit.receipts import Receipt, read_receipt
from hubkit.site.paths import page_path

# What a card has beside its page, under the same name.
_SUFFIXES = (".html", ".json", ".bib")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the catalogue cannot show."""

    path: str
    """The file concerned."""
    message: str
    """What is wrong and what that means for the site."""
    hint: str = ""
    """How to mend it."""

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


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


def gather(cards_dir: Path, receipts_dir: Path | None) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """All cards that can be shown, by uid, and all that cannot.

    Raises CardError where ``cards_dir`` is no folder.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in find_cards(cards_dir):
        try:
            page = page_path(uid_of(path, cards_dir))
            card = load_card(path, cards_dir)
        except HubkitError as error:
            problems.append(Problem(str(path), error.message, error.hint))
            continue
        receipt = _receipt(card.uid, receipts_dir, problems) if receipts_dir else None
        stale = receipt is not None and hashlib.sha256(path.read_bytes()).hexdigest() != receipt.card_sha256
        entries.append(_entry(card, page, receipt, stale))
    return _without_collisions(entries, problems), tuple(problems)


def _entry(card: Card, page: str, receipt: Receipt | None, stale: bool) -> Entry:
    outline = hashlib.sha256(repr((replace(card, body=""), receipt, stale)).encode("utf-8", "surrogatepass"))
    whole = outline.copy()
    whole.update(card.body.encode("utf-8", "surrogatepass"))
    return Entry(card, page, receipt, stale, whole.hexdigest(), outline.hexdigest())


def _receipt(uid: str, receipts_dir: Path, problems: list[Problem]) -> Receipt | None:
    path = receipts_dir / f"{uid}.json"
    if not path.is_file():
        return None
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


def _without_collisions(entries: list[Entry], problems: list[Problem]) -> tuple[Entry, ...]:
    """The entries whose page, or a file beside it, is not the folder of another's page.

    The cards ``a.md`` and ``a.html/b.md`` would have such pages.
    """
    folders = {folder for entry in entries for folder in _folders(entry.page)}
    kept: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: entry.card.uid):
        paths = (f"{entry.page.removesuffix('.html')}{suffix}" for suffix in _SUFFIXES)
        taken = next((path for path in paths if path in folders), "")
        if taken:
            message = f"{entry.card.uid}: its {taken} would be a folder that other pages lie in"
            problems.append(Problem(entry.card.uid, message, "Rename the card or the folder."))
        else:
            kept.append(entry)
    return tuple(kept)


def _folders(path: str) -> list[str]:
    return [path[:index] for index, character in enumerate(path) if character == "/"]
