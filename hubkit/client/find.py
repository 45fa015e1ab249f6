"""Finding models of a hub by words, what suits best first: one hit a model, with its newest card that fits."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hubkit.card.uid import family_of, version_of, version_order
from hubkit.client.model import ClientError, Hub, Listing
from hubkit.client.pull import HubPlace, fetch_options
from hubkit.site.architectures import WRITTEN_OUT
from hubkit.site.claims import Standing
from hubkit.site.search_words import words
from hubkit.site.tasks import SYNONYMS, field_label, field_of, task_key, task_name
from hubkit.site.text import gist
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root

# What a word counts that a field has, by the field; a word that only begins with it counts _BEGUN of that.
_NAME, _STANDS_FOR, _SAID, _SUMMARY = 5.0, 3.0, 2.0, 1.0
_BEGUN = 0.6
# How much more a model counts that is called just what is asked for, and one whose name begins so.
_CALLED, _CALLED_SO_FAR = 2.0, 1.5
# How like a word, or a value, another must be to be taken, or named, in its stead.
_ALIKE, _NEAR = 0.75, 0.4
_SHOWN = 8
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a model must be, beside what its words say; what is empty rules none out."""

    task: str = ""
    """Its field or task, as cards or people write it: "cv", "cv-object_detection", "object detection"."""
    dataset: str = ""
    """What it was trained on."""
    version: str = ""
    """The version of MindSpore in its uid."""
    format: str = ""
    """A format that it can be had in."""
    verified: bool = False
    """Whether everything that its card claims was verified."""


@dataclass(frozen=True, slots=True)
class Found:
    """A model that was found."""

    listing: Listing
    """Its newest card that fits."""
    versions: tuple[str, ...]
    """The versions of all its cards that fit, the newest first; empty texts are left out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to a search."""

    found: tuple[Found, ...]
    """What was found, what suits best first; without words to look for, by uid."""
    instead: tuple[tuple[str, str], ...] = ()
    """Words that no model has, and the words that were looked for in their place."""


def find(
    query: str = "",
    *,
    task: str = "",
    dataset: str = "",
    version: str = "",
    format: str = "",
    verified: bool = False,
    cards: Path | str = "cards",
    out: Path | str = "build",
    catalogue: str = "",
    offline: bool | None = None,
) -> tuple[Found, ...]:
    """The models that have all words of ``query``, what suits best first.

    Names are compared in parts ("u-net", "yolo v5"), short forms by what they stand for ("vision transformer"), and a
    mistyped word by what is near it. The other arguments are those of `Wanted` and of `hubkit.pull`.

    Raises ClientError where the hub cannot be read, or nothing in it has the task, data set, version or format;
    FetchError where a catalogue cannot be had.
    """
    store, options = BlobStore(default_root()), fetch_options(offline)
    hub = HubPlace(Path(cards), Path(out), catalogue).open(store, options)
    return search(hub, query, Wanted(task, dataset, version, format, verified)).found


def search(hub: Hub, query: str, wanted: Wanted) -> Finding:
    """The models of a hub that have all words of ``query`` and are what is wanted. Raises HubkitError as find does."""
    listings = list(hub.listings())
    suits = _Suits(wanted, listings, hub.name)
    families: dict[str, list[Listing]] = defaultdict(list)
    for listing in listings:
        if suits(listing):
            families[family_of(listing.uid)].append(listing)
    models = [sorted(members, key=_age, reverse=True) for _, members in sorted(families.items())]
    terms = list(_terms(query, models))
    if not terms and query.strip():
        return Finding(())  # signs alone, which no name has
    hits = _hits(models, terms)
    if hits or not terms:
        return Finding(hits)
    instead = dict(_nearest(terms, models))
    hits = _hits(models, [instead.get(term, term) for term in terms]) if instead else ()
    return Finding(hits, tuple(instead.items()) if hits else ())


def _terms(query: str, models: Sequence[Sequence[Listing]]) -> Iterator[str]:
    """The words to look for: "u-net" is one word where a model is called so, else it is cut as names are."""
    names = {name for members in models for member in members for name in _names(member)}
    for chunk in query.split():
        joined = gist(chunk)
        cut = [] if any(name.startswith(joined) for name in names) else words(chunk)
        yield from cut or filter(None, (joined,))


def _names(listing: Listing) -> tuple[str, ...]:
    """What a model is called, by its title and by its uid, without what stands between words."""
    return gist(listing.title), gist(listing.uid.rpartition("/")[2])


def _hits(models: Sequence[Sequence[Listing]], terms: Sequence[str]) -> tuple[Found, ...]:
    """Of each model the newest card that has all the words; the models that suit best first."""
    found = []
    for members in models:
        versions = tuple(filter(None, (version_of(member.uid) for member in members)))
        scores = ((_score(member, terms), member) for member in members)
        score, listing = next((scored for scored in scores if scored[0]), (0.0, members[0]))
        if score or not terms:
            found.append((score, Found(listing, versions)))
    return tuple(hit for _, hit in sorted(found, key=lambda each: -each[0]))


def _age(listing: Listing) -> tuple[tuple[int, ...], str]:
    return version_order(version_of(listing.uid)), listing.uid


class _Suits:
    """Whether a card is what is wanted."""

    def __init__(self, wanted: Wanted, listings: Sequence[Listing], where: str) -> None:
        """Raises ClientError where no card at all has one of the values: it was mistyped."""
        asked = {
            "task": wanted.task,
            "data set": wanted.dataset,
            "version": wanted.version,
            "format": wanted.format,
            "status": Standing.VERIFIED.value if wanted.verified else "",
        }
        self._asked = {what: value for what, value in asked.items() if value}
        for what, value in self._asked.items():
            known = {_key(what, text): text for listing in listings for text in _values(listing)[what] if text}
            if what != "status" and _key(what, value) not in known:
                near = difflib.get_close_matches(_key(what, value), known, n=_SHOWN, cutoff=_NEAR)
                named = ", ".join(known[key] for key in near or sorted(known)[:_SHOWN])
                hint = f"There is {named}." if named else "It has no cards."
                raise ClientError(f"no model in {where} has the {what} {value!r}", hint=hint)

    def __call__(self, listing: Listing) -> bool:
        values = _values(listing)
        return all(
            any(_key(what, text) == _key(what, value) for text in values[what]) for what, value in self._asked.items()
        )


def _values(listing: Listing) -> dict[str, tuple[str, ...]]:
    return {
        "task": _tasks(listing.task),
        "data set": (listing.dataset,),
        "version": (version_of(listing.uid),),
        "format": listing.formats,
        "status": (listing.status,),
    }


def _key(what: str, text: str) -> str:
    """What is compared of a value; 1.1 is another version than 11."""
    return text if what == "version" else gist(text)


def _score(listing: Listing, terms: Sequence[str]) -> float:
    """How well a card suits; 0 where it lacks one of the words."""
    asked = "".join(terms)
    names = _names(listing)
    names += tuple(name for called in names for name in _called_in_full(called))
    called = bool(asked) and any(name.startswith(asked) for name in names)
    score = 0.0
    fields = list(_fields(listing))
    for term in terms:
        best = max(
            (weight * (1 if term in found else _BEGUN) for found, weight in fields if _has(term, found)), default=0.0
        )
        if not best and not called:
            return 0.0
        score += best or _NAME * _BEGUN
    return score * (_CALLED if asked in names else _CALLED_SO_FAR if called else 1)


def _has(term: str, found: frozenset[str]) -> bool:
    return term in found or any(word.startswith(term) for word in found)


def _fields(listing: Listing) -> Iterator[tuple[frozenset[str], float]]:
    """The words of a card, and what each counts."""
    names = _parts(listing.title) | _parts(listing.uid.rpartition("/")[2])
    yield names, _NAME
    yield frozenset().union(*map(_stands_for, names)), _STANDS_FOR
    said = (*_tasks(listing.task), listing.dataset, listing.evaluation, listing.author, listing.license)
    yield _cut(listing.uid).union(*map(_parts, said)), _SAID
    yield _cut(listing.summary), _SUMMARY


@lru_cache(maxsize=65536)
def _stands_for(name: str) -> frozenset[str]:
    """The words that a word of a name stands for, by what it begins or ends with."""
    return _cut(" ".join(text for part, text in WRITTEN_OUT.items() if name.startswith(part) or name.endswith(part)))


@lru_cache(maxsize=65536)
def _called_in_full(name: str) -> tuple[str, ...]:
    """What a name stands for that begins with a short form, without what stands between words."""
    return tuple(gist(text) for part, text in WRITTEN_OUT.items() if name.startswith(part))


@lru_cache(maxsize=65536)
def _cut(text: str) -> frozenset[str]:
    return frozenset(words(text))


@lru_cache(maxsize=65536)
def _parts(text: str) -> frozenset[str]:
    """The words of a name, and their parts: "ResNetV2_50" has resnetv2, res, net, v, 2 and 50."""
    return _cut(text) | {part.lower() for part in _PART.findall(text)} | {*filter(None, map(gist, text.split()))}


@lru_cache(maxsize=65536)
def _tasks(module_type: str) -> tuple[str, ...]:
    """What a card's ``module-type`` is called: as the card and as people write it."""
    field, task = field_of(module_type), task_key(module_type)
    names = (module_type, field, task, field_label(field), task_name(module_type), *map(SYNONYMS.get, (field, task)))
    return tuple(dict.fromkeys(name for name in names if name))


def _nearest(terms: Iterable[str], models: Sequence[Sequence[Listing]]) -> Iterator[tuple[str, str]]:
    """For the words that no model has, the nearest that one has."""
    vocabulary = {word for members in models for found, _ in _fields(members[0]) for word in found}
    for term in terms:
        if not _has(term, frozenset(vocabulary)):
            for near in difflib.get_close_matches(term, sorted(vocabulary), n=1, cutoff=_ALIKE):
                yield term, near
