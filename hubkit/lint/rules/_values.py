"""The scalars of a card's front matter, for the rules that look at all of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from hubkit.card.values import Entry, Mapping, Scalar
from hubkit.resources import schema

_Scalars = tuple[tuple[str, Entry, Scalar], ...]

# Several rules ask for the scalars of one card, one after the other: the last answer is kept.
_last: tuple[Mapping | None, _Scalars] = (None, ())


def scalars(front: Mapping) -> _Scalars:
    """(key, entry, value) of each field that is a scalar, those of the assets included."""
    global _last
    asked, found = _last
    if asked is not front:
        found = tuple(
            (key, entry, entry.value)
            for mapping in (front, *front.mappings("asset"))
            for key, entry in mapping.entries.items()
            if isinstance(entry.value, Scalar)
        )
        _last = (front, found)
    return found


@cache
def field_types() -> dict[str, tuple[str, ...]]:
    """Key -> the types that the schema allows it, for the card's fields and those of its assets."""
    card = schema("card")["properties"]
    return {key: _types(part) for key, part in (card | card["asset"]["items"]["properties"]).items()}


@cache
def text_fields() -> frozenset[str]:
    """The keys whose values are texts, and cannot be numbers."""
    return frozenset(key for key, types in field_types().items() if "string" in types and "number" not in types)


def _types(part: dict[str, Any]) -> tuple[str, ...]:
    types = part["type"]
    return (types,) if isinstance(types, str) else tuple(types)
