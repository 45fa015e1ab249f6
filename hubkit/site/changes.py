"""What changed between the versions of a family: a row a version, each compared with the one before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hubkit.card.model import Card
from hubkit.site.dates import day_of
from hubkit.site.families import Family
from hubkit.site.gather import Entry
from hubkit.site.i18n import _
from hubkit.site.metrics import metrics, value_of
from hubkit.site.pages import Metric


@dataclass(frozen=True, slots=True)
class Change:
    """A version of a model beside the one before it."""

    entry: Entry
    """The card."""
    same_weights_since: str
    """The first version that has had the same files without a break; empty where this one's are new or unknown."""
    weights_again: str
    """The last version before a break that had the same files; empty where this one's are new, unknown or unbroken."""
    changed: frozenset[str]
    """The names of COMPARED that differ from the version before; empty for the first version."""
    is_first: bool
    """Whether there is no version before."""


@lru_cache(maxsize=4096)  # most cards of a catalogue say the same
def _gist(words: str) -> str:
    """Letters and digits alone: "mvtecad_bottle" is "MVTecADbottle", and "Apache-2.0" is "apache 2.0"."""
    return "".join(filter(str.isalnum, words.casefold()))


# What is compared: a name -> what it is of a card, so that spellings of the same thing are no change.
COMPARED: dict[str, Callable[[Card], object]] = {
    "weights": lambda card: tuple(asset.sha256.lower() for asset in card.assets),
    "metric": lambda card: [_figure(item) for item in metrics(card.evaluation)],
    "data set": lambda card: _gist(card.train_dataset),
    "licence": lambda card: _gist(card.license),
    "author": lambda card: " ".join(card.author.lower().split()),
    "code": lambda card: _without_branch(card.repo_link),
    "date": lambda card: day_of(card.update_time) or card.update_time,
}


def summary(rows: Sequence[Change]) -> str:
    """The rows in a sentence; there must be two at least, the newest version first."""
    newest = rows[0]
    if newest.same_weights_since:
        return _("The weights have been the same since %(version)s.") % {"version": newest.same_weights_since}
    if newest.weights_again:
        words = _("The weights of %(newest)s are those of %(version)s again.")
        return words % {"newest": name_of(newest.entry), "version": newest.weights_again}
    if not newest.entry.card.assets:
        return _("The newest version names no file.")
    return _("The weights are new in %(version)s.") % {"version": name_of(newest.entry)}


def changes(members: Sequence[Entry]) -> tuple[Change, ...]:
    """A row for each member; members and rows have the newest version first."""
    return tuple(reversed(list(_rows(members[::-1]))))


@lru_cache(maxsize=8)  # a family's pages, one a language, are made one after the other
def family_changes(family: Family) -> tuple[Change, ...]:
    """The rows of a family."""
    return changes(family.members)


def name_of(entry: Entry) -> str:
    """What a version is called: its version, or its uid where it has none."""
    return entry.card.version or entry.card.uid


def _rows(members: Sequence[Entry]) -> Iterator[Change]:
    """The rows, the oldest version first."""
    before: dict[str, object] | None = None
    since = ""
    had: dict[object, str] = {}  # weights -> the last version that had them
    for entry in members:
        card = entry.card
        now = {name: what(card) for name, what in COMPARED.items()}
        changed = frozenset[str]()
        if before is not None:
            changed = frozenset(name for name in COMPARED if now[name] != before[name])
        is_same = before is not None and "weights" not in changed and bool(card.assets)
        if not is_same:
            since = name_of(entry)
        again = had.get(now["weights"], "") if card.assets and not is_same else ""
        yield Change(entry, since if is_same else "", again, changed, before is None)
        had[now["weights"]] = name_of(entry)
        before = now


def _figure(metric: Metric) -> tuple[str, float | str]:
    """A metric's name and figure, "76.90" as "76.9"."""
    value = value_of(metric)
    return metric.name.lower(), metric.value if value is None else value


def _without_branch(link: str) -> str:
    """A link to code whatever its branch, since each version's branch bears its number."""
    host, mark, rest = link.partition("/tree/")
    return f"{host}/{rest.partition('/')[2]}" if mark else link
