"""The vocabularies: terms that cards may use, from data files in ``schema/vocab``, each with its own schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hubkit.resources import resource_dir

_NO_WORD = re.compile(r"[\W_]+")
_DATASET = re.compile(r"datasets?$")  # "VehicleNet Dataset" is VehicleNet
_BETWEEN = re.compile(r"[|,;&+/_]|\s+")
_SHORTEST_ENDING = 3


@dataclass(frozen=True)
class Vocabulary:
    """The terms of one kind. Case, spaces and punctuation do not tell terms apart."""

    terms: Mapping[str, str]
    """Term without case and punctuation -> the term."""
    misspellings: Mapping[str, str]
    """Spelling that is found in cards, without case and punctuation -> the term that it means."""

    def knows(self, text: str) -> bool:
        """Whether ``text`` is a term, or terms side by side: ``icdar2013 | coco``."""
        whole = bare(text)
        if whole in self.terms or _DATASET.sub("", whole) in self.terms:
            return True
        parts = [bare(part) for part in _BETWEEN.split(text)]
        return len(parts) > 1 and all(part in self.terms for part in parts if part) and any(parts)


@dataclass(frozen=True, slots=True)
class MetricKind:
    """A metric."""

    name: str
    """What it is called in full."""
    minimum: float | None
    """No value lies below it; None where there is no bound."""
    maximum: float | None
    """No value lies above it; None where there is no bound."""
    higher_is_better: bool
    """Whether a higher value is better."""


@dataclass(frozen=True, slots=True)
class PlaceholderWords:
    """What templates leave for an author to fill in."""

    marks: tuple[str, ...]
    """Words in capitals."""
    phrases: tuple[str, ...]
    """Phrases; each begins with a capital letter here, with either in a card."""


def bare(text: str) -> str:
    """``text`` in lower case, letters and digits only."""
    return _NO_WORD.sub("", text.lower())


@cache
def vocabulary(name: str) -> Vocabulary:
    """The vocabulary of ``schema/vocab/<name>.json``: "datasets", "module-types", "file-formats" or "backends"."""
    terms = _read(name)["terms"]
    return Vocabulary(
        {bare(term["name"]): term["name"] for term in terms},
        {bare(spelling): term["name"] for term in terms for spelling in term.get("misspellings", ())},
    )


@cache
def mindspore_versions() -> tuple[str, ...]:
    """Major and minor version of each MindSpore that was released, the oldest first."""
    return tuple(_read("mindspore-versions")["versions"])


@cache
def placeholder_words() -> PlaceholderWords:
    """The words of ``schema/vocab/placeholders.json``."""
    words = _read("placeholders")
    return PlaceholderWords(tuple(words["marks"]), tuple(words["phrases"]))


@cache
def metric_spellings() -> Mapping[str, MetricKind]:
    """Spelling in lower case -> metric."""
    return {
        spelling: MetricKind(metric["name"], metric.get("minimum"), metric.get("maximum"), metric["better"] == "higher")
        for metric in _read("metrics")["metrics"]
        for spelling in metric["spellings"]
    }


@cache
def metric_kind(name: str) -> MetricKind | None:
    """The metric that a name such as "top1acc" or "mAP@0.5" stands for; None where it is not known.

    A name that is no spelling itself counts as the longest one that it ends with: data sets, classes and ranks stand
    before the metric.
    """
    spellings = metric_spellings()
    word = name.lower().strip()
    for candidate in (word, word.rstrip("0123456789.@%=<>-_ ")):
        for length in range(len(candidate), 0, -1):
            ending = candidate[-length:]
            if ending in spellings and (length == len(candidate) or length >= _SHORTEST_ENDING):
                return spellings[ending]
    return None


def _read(name: str) -> Any:
    with (resource_dir("schema") / "vocab" / f"{name}.json").open(encoding="utf-8") as stream:
        return json.load(stream)
