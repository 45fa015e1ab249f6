"""Facets: what a reader of the catalogue can filter by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from hubkit.card.model import Card
from hubkit.site.architectures import WRITTEN_OUT
from hubkit.site.badges import FORMATS, standing
from hubkit.site.claims import Standing
from hubkit.site.gather import Entry
from hubkit.site.i18n import N_, Texts, _, speaking
from hubkit.site.metrics import MEANINGS
from hubkit.site.tasks import SYNONYMS, field_label, field_of, task_key, task_name
from hubkit.site.text import gist

# The name in the page's address and the search's index -> what it is called, in the order in which it is offered.
FACETS: dict[str, str] = {
    "task": N_("Task"),
    "dataset": N_("Data set"),
    "version": N_("MindSpore"),
    "status": N_("Verification"),
    "format": N_("Format"),
    "backend": N_("Backend"),
    "license": N_("Licence"),
    "publisher": N_("Publisher"),
}

_FILE_FORMATS: dict[str, str] = {
    **{file_format: label for file_format, (label, _runtime) in FORMATS.items()},
    "air": "AIR",
    "ckpt": "CKPT",
    "mslite": "MindSpore Lite",
    "safetensors": "safetensors",
}
_BACKENDS: dict[str, str] = {"ascend": "Ascend", "cpu": "CPU", "gpu": "GPU"}
_BACKEND = re.compile(r"(?<![^\W_])(?:{})(?![^\W_])".format("|".join(_BACKENDS)))


# What stands between the words of a data set's name in some cards and not in others: "MVTecAD_bottle", "mvtecadbottle".
_BETWEEN = re.compile(r"(?<=\w)[\s_-]+(?=\w)|_")


@lru_cache(maxsize=1024)
def _dataset(name: str) -> str:
    return _BETWEEN.sub("", name.lower()).strip()


# Nearly all cards mean one of these, and many write "Apache2.0".
_LICENSES = {
    gist(identifier): identifier for identifier in ("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0")
}


def values(entry: Entry) -> dict[str, tuple[str, ...]]:
    """For each of FACETS the values of a card, none of them empty. A task counts for its field as well."""
    card, receipt = entry.card, entry.receipt
    formats = [asset.file_format for asset in card.assets]
    if receipt:
        formats += [model.format for model in receipt.models]
    found: dict[str, Iterable[str]] = {
        "task": _tasks(card),
        "dataset": (_dataset(card.train_dataset),),
        "version": (card.version or card.mindspore_version,),
        "status": (standing(entry).value,),
        "format": sorted({name.lower() for name in formats}),
        "backend": _backends(entry),
        "license": (_LICENSES.get(gist(card.license), card.license),),
        "publisher": (card.publisher,),
    }
    return {name: tuple(value for value in found[name] if value) for name in FACETS}


def labels(entries: Iterable[Entry]) -> dict[str, dict[str, str]]:
    """Facet -> value -> what it is called in the language that is being spoken, where that is not the value itself."""
    tasks: set[str] = set()
    names: set[str] = set()
    for entry in entries:
        tasks.update(_tasks(entry.card))
        names.add(entry.card.train_dataset.lower())
    # Of the spellings of a data set the longest is the one that is easiest to read.
    datasets = {_dataset(name): name for name in sorted(names, key=len) if _dataset(name) != name}
    return {**_labels(tasks - {""}), "dataset": dict(sorted(datasets.items()))}


def _labels(tasks: Iterable[str]) -> dict[str, dict[str, str]]:
    return {
        "task": {value: task_name(value) or field_label(value) for value in sorted(tasks)},
        "status": {each.value: each.word for each in Standing},
        "format": dict(_FILE_FORMATS),
        "backend": dict(_BACKENDS),
    }


def spoken(tasks: Iterable[str], languages: Iterable[Texts]) -> dict[str, dict[str, str]]:
    """What a search finds values by beside their own words: what they are called in all languages, a line each.

    Facet -> value -> words; and "metric" and "name" -> a part of a metric's or of a model's name, in lower case ->
    words. ``tasks`` are the values of that facet.
    """
    known = [*tasks]
    found: dict[str, dict[str, dict[str, None]]] = {}
    for texts in languages:
        with speaking(texts):
            said = [*_labels(known).items(), ("task", {task: _(words) for task, words in SYNONYMS.items()})]
            said.append(("metric", {part: _(words) for part, words in MEANINGS.items()}))
            said.append(("name", {part: _(words) for part, words in WRITTEN_OUT.items()}))
        for facet, called in said:
            for value, words in called.items():
                found.setdefault(facet, {}).setdefault(value, {})[words] = None
    found["task"] = {task: words for task, words in found.get("task", {}).items() if task in known}
    return {facet: {value: "\n".join(words) for value, words in called.items()} for facet, called in found.items()}


def names() -> dict[str, str]:
    """Facet -> what it is called in the language that is being spoken."""
    return {name: _(label) for name, label in FACETS.items()}


def marks() -> dict[str, str]:
    """The standing of a card -> the mark that shows it."""
    return {each.value: each.mark.value for each in Standing}


def _tasks(card: Card) -> Iterable[str]:
    """A card's field and its task; either may be empty."""
    return dict.fromkeys((field_of(card.module_type), task_key(card.module_type)))


def _backends(entry: Entry) -> tuple[str, ...]:
    """What the card says that it was trained on and runs on; where it says nothing, what its files' names say."""
    card = entry.card
    said = f"{card.train_backend} {card.infer_backend}"
    told = said if said.strip() else " ".join(asset.file_name for asset in card.assets)
    return _backends_in(told.lower())


@lru_cache(maxsize=4096)
def _backends_in(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(_BACKEND.findall(text))))
