"""Plain data classes and named tuples that a network's methods make of tensors.

MindSpore's compiler makes no object of a class out of tensors. What is compiled has a dictionary for an object of a
data class, and a tuple for a named tuple.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from mindspore import nn

_NOT_THEIRS = frozenset(sys.stdlib_module_names) | {"hubkit", "mindspore", "numpy", "onnx", "onnxruntime"}
_EMPTY: Mapping[Any, str] = {list: "[]", dict: "{}", tuple: "()"}


@dataclass(frozen=True, slots=True)
class Record:
    """Such a class."""

    kind: type
    """The class."""
    is_tuple: bool
    """Whether it is a named tuple."""
    defaults: Mapping[str, str | None]
    """Its fields in order, and what they are where they are not given, in Python; None where they have to be."""


def records() -> Mapping[type, Record]:
    """All that methods of networks make, but ``__init__``: what is made there are settings, which stay objects."""
    found: dict[type, Record] = {}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in _NOT_THEIRS and isinstance(module, ModuleType):
            found |= {kind: record for kind in _made(module) if (record := record_of(kind)) is not None}
    return found


def record_of(kind: object) -> Record | None:
    """What ``kind`` is as such a class; None where it is no such, or does more than to keep what it is given."""
    if not isinstance(kind, type) or str(kind.__module__).partition(".")[0] in _NOT_THEIRS:
        return None
    if issubclass(kind, tuple) and hasattr(kind, "_field_defaults"):
        names, given = getattr(kind, "_fields", ()), kind._field_defaults
        defaults = {name: _written(given.get(name, dataclasses.MISSING)) for name in names}
        own = "__new__" in vars(kind) and kind.__bases__ != (tuple,)
        return None if own or "" in defaults.values() else Record(kind, True, defaults)
    if not dataclasses.is_dataclass(kind) or issubclass(kind, dict | nn.Cell) or hasattr(kind, "__post_init__"):
        return None
    fields = dataclasses.fields(kind)
    defaults = {item.name: _default(item) for item in fields}
    plain = all(item.init for item in fields) and _is_made("__init__", kind)
    return Record(kind, False, defaults) if plain and "" not in defaults.values() else None


def _is_made(name: str, kind: type) -> bool:
    """Whether the method was written by ``dataclass``, and not in the class."""
    return bool(getattr(kind, name).__code__.co_filename == "<string>")


def _default(item: dataclasses.Field[Any]) -> str | None:
    if item.default_factory is not dataclasses.MISSING:
        return _EMPTY.get(item.default_factory, "")
    return _written(item.default)


def _written(value: Any) -> str | None:
    """``value`` in Python; empty where it cannot be written so."""
    if value is dataclasses.MISSING:
        return None
    return repr(value) if value is None or type(value) in (bool, int, float, str) or value == () else ""


@cache
def _made(module: ModuleType) -> tuple[type, ...]:
    """The classes of data that methods of networks of ``module`` make."""
    known = vars(module)
    if not any(isinstance(value, type) and issubclass(value, nn.Cell) for value in known.values()):
        return ()
    try:
        body = ast.parse(inspect.getsource(module)).body
    except (OSError, TypeError, SyntaxError):
        return ()
    calls = (call for item in body if isinstance(item, ast.ClassDef) for call in _calls(item, known))
    return tuple(dict.fromkeys(kind for call in calls if record_of(kind := named(call.func, known)) is not None))


def _calls(item: ast.ClassDef, known: Mapping[str, Any]) -> Iterator[ast.Call]:
    owner = known.get(item.name)
    if isinstance(owner, type) and issubclass(owner, nn.Cell):
        for method in item.body:
            if isinstance(method, ast.FunctionDef) and method.name != "__init__":
                yield from (node for node in ast.walk(method) if isinstance(node, ast.Call))


def named(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """What ``node`` names, ``known`` being the names of its module; None where it is something else."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return getattr(known.get(module), name, None)
    return None
