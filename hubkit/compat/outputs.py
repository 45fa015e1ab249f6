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
