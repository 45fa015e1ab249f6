"""Evaluates JSON Schema on the data of cards, the same few values over and over.

Source of the keywords: https://json-schema.org/draft/2020-12/json-schema-validation
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, cast

_LONG = 256  # characters; a longer text is hardly ever the same as another
_MAX_KNOWN = 8192


class SchemaError(NamedTuple):
    """One keyword of the schema that data does not keep."""

    path: tuple[str | int, ...]
    """The keys and the positions that lead to the value."""
    keyword: str
    """The keyword, such as "pattern"."""
    wanted: Any
    """Its value in the schema."""
    schema: dict[str, Any]
    """The part of the schema that holds it."""
    data: Any
    """The value that does not keep it."""


class Part:
    """A part of a schema that remembers which values it accepts.

    The keywords of _CHECKS are looked at here: loading jsonschema takes a quarter of the time that the check of one
    card takes. A part of the schema with any other keyword is left to jsonschema. A catalogue has few different texts
    and numbers, and few different outlines (the keys of a group, the length of a list), and no keyword concerns two
    values at once: most answers are known from an earlier card.
    """

    def __init__(self, rules: dict[str, Any]) -> None:
        self._rules = rules
        self._is_known = _KNOWN.issuperset(rules)
        members = rules.get("properties", {}) if self._is_known else {}
        self._members = {key: Part(part) for key, part in members.items()}
        self._items = Part(rules["items"]) if self._is_known and "items" in rules else None
        self._answers: dict[object, bool] = {}

    def accepts(self, value: Any) -> bool:
        """Whether the JSON data ``value`` keeps this part of the schema."""
        if not self._is_known:
            return next(self.errors(value), None) is None
        if isinstance(value, dict):
            members = self._members
            return self._accepts_outline(tuple(value), value) and all(
                members[key].accepts(item) for key, item in value.items() if key in members
            )
        if isinstance(value, list):
            items = self._items
            return self._accepts_outline(len(value), value) and (items is None or all(map(items.accepts, value)))
        if isinstance(value, str) and len(value) > _LONG:
            return self._keeps_keywords(value)
        return self._accepts_outline((value.__class__, value), value)  # true is no 1

    def errors(self, value: Any, path: tuple[str | int, ...] = ()) -> Iterator[SchemaError]:
        """Every keyword that the JSON data ``value``, found at ``path``, does not keep."""
        if not self._is_known:
            yield from _errors_by_jsonschema(self._rules, value, path)
            return
        for keyword, wanted in self._rules.items():
            if keyword in _CHECKS:
                if not _CHECKS[keyword](wanted, value, self._rules):
                    yield SchemaError(path, keyword, wanted, self._rules, value)
            elif keyword == "properties" and isinstance(value, dict):
                for key, part in self._members.items():
                    if key in value:
                        yield from part.errors(value[key], (*path, key))
            elif self._items is not None and keyword == "items" and isinstance(value, list):
                for position, item in enumerate(value):
                    yield from self._items.errors(item, (*path, position))

    def _accepts_outline(self, outline: object, value: Any) -> bool:
        answer = self._answers.get(outline)
        if answer is None:
            if len(self._answers) >= _MAX_KNOWN:
                self._answers.clear()
            answer = self._answers[outline] = self._keeps_keywords(value)
        return answer

    def _keeps_keywords(self, value: Any) -> bool:
        """Whether the value keeps them; what a group or a list holds is looked at apart."""
        return all(
            _CHECKS[keyword](self._rules[keyword], value, self._rules) for keyword in self._rules if keyword in _CHECKS
        )


def _errors_by_jsonschema(rules: dict[str, Any], value: Any, path: tuple[str | int, ...]) -> Iterator[SchemaError]:
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(rules).iter_errors(value):
        where = (*path, *error.absolute_path)
        part = cast(dict[str, Any], error.schema)
        yield SchemaError(where, str(error.validator), error.validator_value, part, error.instance)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# The data of a card has no fractions: they stay texts.
_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "number": _is_integer,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def _has_type(wanted: Any, value: Any, _rules: dict[str, Any]) -> bool:
    return any(_TYPES[name](value) for name in ([wanted] if isinstance(wanted, str) else wanted))


def _is_listed(wanted: Any, value: Any, _rules: dict[str, Any]) -> bool:
    return any(value == choice and isinstance(value, bool) == isinstance(choice, bool) for choice in wanted)


def _has_form(wanted: Any, value: Any, _rules: dict[str, Any]) -> bool:
    return not isinstance(value, str) or re.search(wanted, value) is not None


def _is_long_enough(wanted: Any, value: Any, _rules: dict[str, Any]) -> bool:
    return not isinstance(value, str) or len(value) >= wanted


def _has_enough_items(wanted: Any, value: Any, _rules: dict[str, Any]) -> bool:
    return not isinstance(value, list) or len(value) >= wanted


def _is_great_enough(wanted: Any, value: Any, _rules: dict[str, Any]) -> bool:
    return not _is_integer(value) or value >= wanted


def _has_keys(wanted: Any, value: Any, _rules: dict[str, Any]) -> bool:
    return not isinstance(value, dict) or all(key in value for key in wanted)


def _has_known_keys(wanted: Any, value: Any, rules: dict[str, Any]) -> bool:
    if wanted is not False or not isinstance(value, dict):
        return True
    own = rules.get("patternProperties", {})
    return all(key in rules["properties"] or any(re.search(form, key) for form in own) for key in value)


# Keyword -> whether a value keeps it, from the keyword's value, the value, and the keywords that stand beside.
_CHECKS: dict[str, Callable[[Any, Any, dict[str, Any]], bool]] = {
    "type": _has_type,
    "enum": _is_listed,
    "pattern": _has_form,
    "minLength": _is_long_enough,
    "minItems": _has_enough_items,
    "minimum": _is_great_enough,
    "required": _has_keys,
    "additionalProperties": _has_known_keys,
}
_ANNOTATIONS = ("$schema", "$id", "title", "description", "examples", "default")
_KNOWN = frozenset((*_CHECKS, *_ANNOTATIONS, "properties", "patternProperties", "items"))
