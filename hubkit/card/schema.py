"""Checks front matter against ``schema/card.schema.json``, with words and places that help an author."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from hubkit.card.chinese_keys import CHINESE_KEYS
from hubkit.card.schema_part import Part, SchemaError
from hubkit.card.text import nearest, shown
from hubkit.card.values import Mapping, Scalar, Sequence, Value
from hubkit.card.violation import Violation
from hubkit.resources import schema

_TYPE_NAMES = {
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a group of fields",
    "null": "empty",
}
_MAX_GUESSES = 20  # more unknown keys than that are no misspellings


def violations(front: Mapping) -> Iterator[Violation]:
    """Everything in ``front`` that the card schema forbids."""
    data = front.data()
    if card_schema().accepts(data):
        return
    errors = list(card_schema().errors(data))
    wrong_types = {error.path for error in errors if error.keyword == "type"}
    told: set[tuple[object, ...]] = set()
    for error in errors:
        if error.path in wrong_types and error.keyword != "type":
            continue  # the other keywords only say it again
        if error.keyword in ("required", "type"):
            if (error.keyword, *error.path) in told:
                continue  # one error a missing key may come, and all of them are told at the first
            told.add((error.keyword, *error.path))
        yield from _WORDS.get(error.keyword, _other)(_breach(error, front))


@cache
def card_schema() -> Part:
    """The whole card schema."""
    return Part(schema("card"))


@dataclass(frozen=True, slots=True)
class _Breach:
    """One error of the validator, with its place."""

    name: str
    """The key concerned, such as "asset-sha256"; an item of a list is named by the list."""
    keyword: str
    """The schema's keyword that is not kept."""
    wanted: Any
    """The keyword's value."""
    schema: dict[str, Any]
    """The part of the schema that holds the keyword."""
    data: Any
    """The value as JSON data."""
    value: Value
    """The value."""
    place: tuple[int, int]
    """Where to show it."""


def _breach(error: SchemaError, front: Mapping) -> _Breach:
    """A value that is empty or nested is shown by its key, an item that is a group by its first character."""
    value: Value = front
    place = (front.start, front.start)
    name = "the front matter"
    for step in error.path:
        if isinstance(value, Mapping):
            name = str(step)
            entry = value.entries[name]
            value = entry.value
            by_key = isinstance(value, Mapping | Sequence) or value.start == value.end
            place = (entry.key.start, entry.key.end) if by_key else (value.start, value.end)
        elif isinstance(value, Sequence):
            value = value.items[int(step)]
            end = min(value.end, value.start + 1) if isinstance(value, Mapping) else value.end
            place = (value.start, end)
    return _Breach(name, error.keyword, error.wanted, error.schema, error.data, value, place)


def _missing_keys(breach: _Breach) -> Iterator[Violation]:
    present = breach.data
    # A required key that is misspelt is told as such, not as missing too.
    misspelt = {_meant(key, breach.wanted) for key in present if _is_unknown(key, breach)}
    for key in breach.wanted:
        if key not in present and key not in misspelt:
            description = breach.schema["properties"][key]["description"]
            yield Violation(*breach.place, f"the required key {key!r} is missing", f"Add it. {description}")


def _is_unknown(key: str, breach: _Breach) -> bool:
    return key not in breach.schema["properties"] and not (key[:2] == "x-" and _takes_own(breach))


def _takes_own(breach: _Breach) -> bool:
    """Whether keys of a hub's own, x-..., may stand here."""
    return "patternProperties" in breach.schema


def _unknown_keys(breach: _Breach) -> Iterator[Violation]:
    if not isinstance(breach.value, Mapping):
        return
    known = breach.schema["properties"]
    unknown = [entry.key for key, entry in breach.value.entries.items() if _is_unknown(key, breach)]
    remove = "Remove it, or begin a key of your own with x-." if _takes_own(breach) else "Remove it."
    for key in unknown:
        meant = _meant(key.text, known) if key.text in CHINESE_KEYS or len(unknown) <= _MAX_GUESSES else ""
        hint = remove
        if meant:
            hint = f"Write {meant!r}; keys are English." if key.text in CHINESE_KEYS else f"Did you mean {meant!r}?"
        yield Violation(key.start, max(key.end, key.start + 1), f"unknown key {shown(key.text)}", hint)


def _meant(key: str, known: Collection[str]) -> str:
    """The key that ``key`` most probably stands for; empty where none is near."""
    english = CHINESE_KEYS.get(key, "")
    return english if english in known else nearest(key, known)


def _wrong_type(breach: _Breach) -> Iterator[Violation]:
    wanted = breach.wanted if isinstance(breach.wanted, list) else [breach.wanted]
    expected = " or ".join(_TYPE_NAMES[name] for name in wanted)
    if breach.schema.get("minimum") == 1:
        expected = expected.replace("a whole number", "a positive whole number")
    hint = _example(breach)
    if breach.data is None:
        message = f"{breach.name} is empty; it must be {expected}"
    else:
        message = f"{breach.name} must be {expected}"
        if "string" in wanted and isinstance(breach.value, Scalar):
            hint = f'Write "{breach.value.text}", or YAML reads it as something else than a text.'
    yield Violation(*breach.place, message, hint)


def _not_listed(breach: _Breach) -> Iterator[Violation]:
    allowed = [str(value) for value in breach.wanted]
    meant = nearest(str(breach.data), allowed, cutoff=0.6)
    hint = f"Did you mean {meant!r}? " if meant else ""
    message = f"{breach.name} cannot be {shown(str(breach.data))}"
    yield Violation(*breach.place, message, f"{hint}Known: {', '.join(allowed)}.")


def _no_match(breach: _Breach) -> Iterator[Violation]:
    message = f"{breach.name} has the wrong form: {shown(str(breach.data))}"
    yield Violation(*breach.place, message, _example(breach))


def _not_one_of(breach: _Breach) -> Iterator[Violation]:
    """Keys of which a group has exactly one; the schema's keyword lists them as alternatives."""
    keys = [key for choice in breach.wanted for key in choice["required"]]
    present = [key for key in keys if key in breach.data]
    if present:
        yield Violation(*breach.place, f"{breach.name} has {' and '.join(present)}", "Keep one of them.")
    else:
        alternatives = " or ".join(f"{key} ({breach.schema['properties'][key]['description'][:-1]})" for key in keys)
        yield Violation(*breach.place, f"{breach.name} has neither {' nor '.join(keys)}", f"Add {alternatives}.")


def _wrong_length(breach: _Breach) -> Iterator[Violation]:
    message = f"{breach.name} must have {breach.wanted} values, not {len(breach.data)}"
    yield Violation(*breach.place, message, _example(breach))


def _too_small(breach: _Breach) -> Iterator[Violation]:
    least = f"must be at least {breach.wanted}" if breach.keyword == "minimum" else "is empty"
    yield Violation(*breach.place, f"{breach.name} {least}", _example(breach))


def _too_few(breach: _Breach) -> Iterator[Violation]:
    yield from (_wrong_length if "maxItems" in breach.schema and breach.data else _too_small)(breach)


def _other(breach: _Breach) -> Iterator[Violation]:
    yield Violation(*breach.place, f"{breach.name} breaks the schema's {breach.keyword}", _example(breach))


# The schema's keyword -> what to say where it is not kept.
_WORDS: dict[str, Callable[[_Breach], Iterator[Violation]]] = {
    "required": _missing_keys,
    "additionalProperties": _unknown_keys,
    "type": _wrong_type,
    "enum": _not_listed,
    "pattern": _no_match,
    "minLength": _too_small,
    "minItems": _too_few,
    "maxItems": _wrong_length,
    "oneOf": _not_one_of,
    "minimum": _too_small,
}


def _example(breach: _Breach) -> str:
    description = breach.schema.get("description", "")
    examples = [example for example in breach.schema.get("examples", ()) if isinstance(example, str | int | float)]
    if not examples:
        return str(description)
    example = str(examples[0]).lower() if isinstance(examples[0], bool) else str(examples[0])
    return f"{description} Example: {example}"
