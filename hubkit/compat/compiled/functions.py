"""Functions that compiled code calls in the place of Python that MindSpore's compiler lacks, or takes otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def taken(value: Any, name: Any, default: Any) -> Any:
    """What ``value.pop(name, default)`` gives."""
    if isinstance(value, dict):
        return value[name] if name in value else default  # noqa: SIM401 (the compiler's dictionaries refuse others)
    return value.pop(name, default)


def without(value: Any, name: Any) -> Any:
    """What ``value.pop(name)`` leaves, of a dictionary or a list."""
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if key != name}  # also items that are None
    return without_places(value, name, name + 1 if name != -1 else None) if isinstance(value, list) else value


def without_places(items: Any, begin: Any, end: Any) -> Any:
    """What ``del items[begin:end]`` leaves."""
    first = _place(0 if begin is None else begin, items)
    last = _place(len(items) if end is None else end, items)
    return items[:first] + items[max(first, last) :]


def _place(place: Any, items: Any) -> Any:
    """``place`` counted from the beginning of ``items``."""
    return place if place >= 0 else max(len(items) + place, 0)


def with_item(value: Any, name: str, item: Any) -> Any:
    """What ``value[name] = item`` leaves; the compiler's assignment refuses None."""
    if item is None and isinstance(value, dict):
        value.update({name: None})
    else:
        value[name] = item
    return value


def merged(first: Any, second: Any) -> Any:
    """``{**first, **second}``; the compiler's ``update`` changes the one that it is given."""
    found = {key: second[key] if key in second else item for key, item in first.items()}  # noqa: SIM401 (as above)
    found.update(second)
    return found


def with_default(value: Any, name: Any, item: Any) -> Any:
    """What ``value.setdefault(name, item)`` leaves."""
    return value if name in value else merged(value, {name: item})


def dictionary(value: Any) -> Any:
    """``dict(value)``, which the compiler makes of constants alone."""
    if isinstance(value, dict):
        return {key: item for key, item in value.items()}  # noqa: C416 (the compiler's `dict` is not this one)
    return {key: item for key, item in value}  # noqa: C416 (as above)


def copied(value: Any) -> Any:
    """``value.copy()``."""
    if isinstance(value, dict):
        return {key: item for key, item in value.items()}  # noqa: C416 (as above)
    return list(value) if isinstance(value, list) else value.copy()


def joined(lists: Any) -> Any:
    """The items of several lists, one after the other."""
    found: Any = []
    for items in lists:
        for item in items:
            found.append(item)
    return found


def removed(items: Any, value: Any) -> Any:
    """What ``items.remove(value)`` leaves."""
    place = items.index(value)
    return items[:place] + items[place + 1 :]


def any_of(values: Any) -> Any:
    """``any(values)`` of what is computed of variables; the compiler's is of constants."""
    for value in values:  # noqa: SIM110 (what is wanted is the compiler's loop)
        if value:
            return True
    return False


def all_of(values: Any) -> Any:
    """``all(values)``."""
    for value in values:  # noqa: SIM110 (as above)
        if not value:
            return False
    return True


def reduced(function: Any, items: Any, *start: Any) -> Any:
    """``functools.reduce(function, items, *start)``."""
    found = start[0] if start else items[0]
    for item in items if start else items[1:]:
        found = function(found, item)
    return found


def backwards(value: Any) -> Any:
    """``reversed(value)``; what the compiler makes of a tuple of tensors is one tensor."""
    return value[::-1] if isinstance(value, (tuple, list)) else reversed(value)


def power(base: Any, exponent: Any) -> Any:
    """``base ** exponent``, a fraction where both are whole numbers and the exponent is negative."""
    if isinstance(base, int) and isinstance(exponent, int) and exponent < 0:
        return 1 / base ** (-exponent)
    return base**exponent


def size(value: Any) -> Any:
    """``value`` where a size stands: a whole number where it is a float of no fraction."""
    if isinstance(value, float) and value == value // 1:
        return int(value)
    return value


FUNCTIONS: Mapping[str, Any] = {
    "hubkit_taken": taken,
    "hubkit_without": without,
    "hubkit_without_places": without_places,
    "hubkit_with_item": with_item,
    "hubkit_merged": merged,
    "hubkit_with_default": with_default,
    "hubkit_dictionary": dictionary,
    "hubkit_copied": copied,
    "hubkit_joined": joined,
    "hubkit_removed": removed,
    "hubkit_any": any_of,
    "hubkit_all": all_of,
    "hubkit_reduced": reduced,
    "hubkit_backwards": backwards,
    "hubkit_power": power,
    "hubkit_size": size,
}
"""The names that calls get -> the functions that are called."""
