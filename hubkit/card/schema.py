"""Checks front matter against ``schema/card.schema.json``, with words and places that help an author."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from hubkit.card.values import Entry, Mapping, Sequence, Value
from hubkit.resources import schema

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_TYPE_NAMES = {
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a group of fields",
    "null": "empty",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which front matter breaks the schema."""

    start: int
    """Offset of the first character concerned."""
    end: int
    """Offset after the last one."""
    message: str
    """What is wrong."""
    hint: str
    """How to mend it."""


def violations(front: Mapping) -> Iterator[Violation]:
    """Everything in ``front`` that the card schema forbids."""
    data = front.data()
    if _keys_are_valid(tuple(data)) and all(_value_is_valid(key, value) for key, value in data.items()):
        return
    for error in _validator().iter_errors(data):
        yield from _WORDS.get(error.validator, _other)(error, front)


# The schema says nothing that concerns two fields at once, so a card is valid where its set of keys is and each value
# is. A catalogue has few different sets of keys and few different values: most answers are known from an earlier card.


@lru_cache(maxsize=1024)
def _keys_are_valid(keys: tuple[str, ...]) -> bool:
    card = schema("card")
    rules = {name: card[name] for name in ("required", "patternProperties", "additionalProperties")}
    return (
        _validator()
        .evolve(schema={**rules, "properties": dict.fromkeys(card["properties"], True)})
        .is_valid(dict.fromkeys(keys))
    )


def _value_is_valid(key: str, value: Any) -> bool:
    if isinstance(value, str | int | None):
        return _scalar_is_valid(key, type(value), value)
    return _part_is_valid(key, value)


@lru_cache(maxsize=16384)
def _scalar_is_valid(key: str, _kind: type, value: str | int | None) -> bool:
    """``_kind`` keeps true and 1 apart, which are equal as keys of a cache."""
    return _part_is_valid(key, value)


def _part_is_valid(key: str, value: Any) -> bool:
    part = schema("card")["properties"].get(key, True)
    return _validator().evolve(schema=part).is_valid(value)


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema("card"))


def _missing_key(error: ValidationError, front: Mapping) -> Iterator[Violation]:
    place, inside = _locate(error, front)
    present = inside.entries if isinstance(inside, Mapping) else {}
    for key in error.validator_value:
        if key not in present:
            description = error.schema["properties"][key]["description"]
            yield Violation(*place, f"the required key {key!r} is missing", f"Add it. {description}")
            error.validator_value = [other for other in error.validator_value if other != key]
            return


def _unknown_key(error: ValidationError, front: Mapping) -> Iterator[Violation]:
    _, inside = _locate(error, front)
    if not isinstance(inside, Mapping):
        return
    known = list(error.schema["properties"])
    for key, entry in inside.entries.items():
        if key in known or key.startswith("x-"):
            continue
        nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.7)
        hint = f"Did you mean {nearest[0]!r}?" if nearest else "Remove it, or begin a key of your own with x-."
        yield Violation(entry.key.start, entry.key.end, f"unknown key {key!r}", hint)


def _wrong_type(error: ValidationError, front: Mapping) -> Iterator[Violation]:
    place, _ = _locate(error, front)
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    expected = " or ".join(_TYPE_NAMES[name] for name in wanted)
    name = _name(error)
    if error.instance is None:
        yield Violation(*place, f"{name} is empty; it must be {expected}", _example(error))
    else:
        yield Violation(*place, f"{name} must be {expected}", _example(error))


def _not_listed(error: ValidationError, front: Mapping) -> Iterator[Violation]:
    place, _ = _locate(error, front)
    allowed = [str(value) for value in error.validator_value]
    nearest = difflib.get_close_matches(str(error.instance), allowed, n=1)
    hint = f"Did you mean {nearest[0]!r}? " if nearest else ""
    yield Violation(*place, f"{_name(error)} has no value {error.instance!r}", f"{hint}Known: {', '.join(allowed)}.")


def _no_match(error: ValidationError, front: Mapping) -> Iterator[Violation]:
    place, _ = _locate(error, front)
    yield Violation(*place, f"{_name(error)} has the wrong form: {_short(error.instance)}", _example(error))


def _too_small(error: ValidationError, front: Mapping) -> Iterator[Violation]:
    place, _ = _locate(error, front)
    if error.validator == "minimum":
        message = f"{_name(error)} must be at least {error.validator_value}"
    else:
        message = f"{_name(error)} is empty"
    yield Violation(*place, message, _example(error))


def _other(error: ValidationError, front: Mapping) -> Iterator[Violation]:
    place, _ = _locate(error, front)
    yield Violation(*place, f"{_name(error)}: {error.message}", _example(error))


# The schema's keyword -> what to say of its violation.
_WORDS: dict[str, Callable[[ValidationError, Mapping], Iterator[Violation]]] = {
    "required": _missing_key,
    "additionalProperties": _unknown_key,
    "type": _wrong_type,
    "enum": _not_listed,
    "pattern": _no_match,
    "minLength": _too_small,
    "minItems": _too_small,
    "minimum": _too_small,
}


def _locate(error: ValidationError, front: Mapping) -> tuple[tuple[int, int], Value]:
    """Where the violation lies, and the value there. A value that is empty or nested is shown by its key."""
    value: Value = front
    place = (front.start, front.start)
    for step in error.absolute_path:
        if isinstance(value, Mapping):
            entry: Entry = value.entries[str(step)]
            value = entry.value
            nested = isinstance(value, Mapping | Sequence) or value.start == value.end
            place = (entry.key.start, entry.key.end) if nested else (value.start, value.end)
        elif isinstance(value, Sequence):
            value = value.items[int(step)]
            place = (
                (value.start, min(value.end, value.start + 1))
                if isinstance(value, Mapping)
                else (value.start, value.end)
            )
    return place, value


def _name(error: ValidationError) -> str:
    """The key concerned, such as "asset-sha256"; an item of a list is named by the list."""
    keys = [step for step in error.absolute_path if isinstance(step, str)]
    return keys[-1] if keys else "the front matter"


def _example(error: ValidationError) -> str:
    description = error.schema.get("description", "")
    examples = [example for example in error.schema.get("examples", ()) if isinstance(example, str | int | float)]
    if not examples:
        return str(description)
    shown = str(examples[0]).lower() if isinstance(examples[0], bool) else str(examples[0])
    return f"{description} Example: {shown}"


def _short(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= 80 else text[:77] + "...")
