"""Classes whose objects are dictionaries with fields, as ``ModelOutput`` of transformers and diffusers has them, in
what is compiled.

MindSpore's compiler makes no object of a class out of tensors. It has dictionaries: there, making such an object gives
a dictionary of all its fields, and reading a field or a place of it reads the dictionary. A place counts the fields
that are not None alone.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from typing import Any


def is_output(value: object) -> bool:
    """Whether ``value`` is such a class."""
    return isinstance(value, type) and issubclass(value, dict) and dataclasses.is_dataclass(value)


def known_fields() -> frozenset[str]:
    """The names of the fields of all such classes that there are."""
    found: set[str] = set()
    left: list[type] = [OrderedDict]
    while left:
        kind = left.pop()
        left += type.__subclasses__(kind)
        if is_output(kind):
            found |= {item.name for item in dataclasses.fields(kind)}
    return frozenset(found)


def parts(value: Any) -> Any:
    """What has places: the fields that are not None, of a dictionary of names; else ``value``."""
    if isinstance(value, dict) and _has_names(tuple(value.keys())):
        return tuple([item for item in value.values() if item is not None])
    return value


def _has_names(keys: Any) -> Any:
    return len(keys) > 0 and isinstance(keys[0], str)


def field(value: Any, name: str) -> Any:
    """The field ``name`` of a dictionary, or of an object of another kind."""
    if isinstance(value, dict):
        return value[name]
    return getattr(value, name)


def is_dictionary(value: Any) -> bool:
    """Whether ``value`` is a dictionary, as such an object is."""
    return isinstance(value, dict)


def taken(value: Any, name: Any, default: Any) -> Any:
    """What ``value.pop(name, default)`` gives."""
    if isinstance(value, dict):
        return value[name] if name in value else default  # noqa: SIM401 (the compiler's dictionaries refuse others)
    return value.pop(name, default)


def without(value: Any, name: Any) -> Any:
    """What ``value.pop(name, default)`` leaves."""
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if key != name}  # also items that are None
    return value


def with_item(value: Any, name: str, item: Any) -> Any:
    """What ``value[name] = item`` leaves; the compiler's assignment refuses None."""
    if item is None and isinstance(value, dict):
        value.update({name: None})
    else:
        value[name] = item
    return value


def merged(first: Any, second: Any) -> Any:
    """``{**first, **second}``; the compiler's ``update`` changes the one that it is given."""
    found = {key: item for key, item in first.items() if key not in second}
    found.update(second)
    return found


def power(base: Any, exponent: Any) -> Any:
    """``base ** exponent``, a fraction where both are whole numbers and the exponent is negative."""
    if isinstance(base, int) and isinstance(exponent, int) and exponent < 0:
        return 1 / base ** (-exponent)
    return base**exponent


def backwards(value: Any) -> Any:
    """``reversed(value)``; what the compiler makes of a tuple of tensors is one tensor."""
    return value[::-1] if isinstance(value, (tuple, list)) else reversed(value)


def joined(lists: Any) -> Any:
    """The items of several lists, one after the other."""
    found: Any = []
    for items in lists:
        for item in items:
            found.append(item)
    return found
