"""Objects of `hubkit.compat.records` in a tree that MindSpore's compiler is given: dictionaries and tuples."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from hubkit.compat.compiled.trees import at, call_of, changed
from hubkit.compat.records import Record, named
from hubkit.compat.use import mark


def field(value: Any, name: Any, places: Any) -> Any:
    """``value.name``, of a dictionary, a tuple or an object; ``places`` has the place of it for a tuple's length."""
    if isinstance(value, dict):
        return value[name]
    if isinstance(value, tuple):
        for length, place in places:
            if len(value) == length:
                return value[place]
    return getattr(value, name)


def with_field(value: Any, name: Any, item: Any) -> Any:
    """What ``value.name = item`` leaves of a dictionary."""
    return {key: item if key == name else old for key, old in value.items()}


FUNCTIONS: Mapping[str, Any] = {"hubkit_record_field": field, "hubkit_with_field": with_field}
"""The names that calls get -> the functions that are called."""


class RecordCalls(ast.NodeTransformer):
    """Changes a tree in its place; ``known`` are the names of its module."""

    def __init__(self, known: Mapping[str, Any], records: Mapping[type, Record]) -> None:
        self._known, self._records = known, records
        self._places = {name: _places(name, records) for record in records.values() for name in record.defaults}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute):  # a method, and no field
            node.func.value = self.visit(node.func.value)
            node.args = [self.visit(item) for item in node.args]
            node.keywords = [self.visit(item) for item in node.keywords]
        else:
            self.generic_visit(node)
        record = self._record(node.func)
        if record is not None:
            return _made(node, record)
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[value, kind]):
                wanted = self._record(kind)
                if wanted is not None:
                    node.args = [value, at(ast.Name("tuple" if wanted.is_tuple else "dict", ast.Load()), kind)]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        places = self._places.get(node.attr)
        if places is None or not isinstance(node.ctx, ast.Load) or not self._may_be_record(node.value):
            return node
        return call_of(
            "hubkit_record_field",
            [node.value, at(ast.Constant(node.attr), node), _expression(repr(places), node)],
            node,
        )

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """``made.name = value``."""
        self.generic_visit(node)
        match node.targets:
            case [ast.Attribute(value=ast.Name() as owner, attr=name)] if name in self._places and self._may_be_record(
                owner
            ):
                return changed("hubkit_with_field", owner, [at(ast.Constant(name), node), node.value], node)
        return node

    def _record(self, node: ast.expr) -> Record | None:
        found = named(node, self._known)
        return self._records.get(found) if isinstance(found, type) else None

    def _may_be_record(self, node: ast.expr) -> bool:
        """Whether it is a variable, an item, or what a call gives."""
        return isinstance(node, ast.Call | ast.Subscript) or (
            isinstance(node, ast.Name) and node.id not in ("self", "cls") and node.id not in self._known
        )


def _places(name: str, records: Mapping[type, Record]) -> tuple[tuple[int, int], ...] | None:
    """The lengths of named tuples with the field ``name``, and its place in them; None where it has several."""
    found: dict[int, int] = {}
    for record in records.values():
        if record.is_tuple and name in record.defaults:
            place = list(record.defaults).index(name)
            if found.setdefault(len(record.defaults), place) != place:
                return None
    return tuple(found.items())


def _made(node: ast.Call, record: Record) -> ast.AST:
    """The fields of the object that ``node`` makes, in order."""
    if any(isinstance(item, ast.Starred) for item in node.args) or any(item.arg is None for item in node.keywords):
        return node
    given = dict(zip(record.defaults, node.args, strict=False))
    given |= {item.arg: item.value for item in node.keywords if item.arg is not None}
    values = [given.get(name) or _expression(text or "None", node) for name, text in record.defaults.items()]
    what = "tuple" if record.is_tuple else "dictionary"
    mark(f"{record.kind.__module__}.{record.kind.__name__}(compiled as a {what})")
    if record.is_tuple:
        return at(ast.Tuple(values, ast.Load()), node)
    keys: list[ast.expr | None] = [at(ast.Constant(name), node) for name in record.defaults]
    return at(ast.Dict(keys, values), node)


def _expression(text: str, node: ast.AST) -> ast.expr:
    """``text`` in the place of ``node``."""
    value = ast.parse(text, mode="eval").body
    for part in ast.walk(value):
        at(part, node)
    return value
