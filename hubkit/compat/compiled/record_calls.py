"""Objects of `hubkit.compat.records` in a tree that MindSpore's compiler is given: dictionaries and tuples."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Mapping
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


def has_field(value: Any, name: Any, places: Any) -> Any:
    """``hasattr(value, name)``; ``places`` as above."""
    if isinstance(value, dict):
        return name in value
    if isinstance(value, tuple):
        for length, _ in places:
            if len(value) == length:
                return True
    return hasattr(value, name)


def with_field(value: Any, name: Any, item: Any) -> Any:
    """What ``value.name = item`` leaves of a dictionary."""
    return {key: item if key == name else old for key, old in value.items()}


def with_place(value: Any, name: Any, places: Any, item: Any) -> Any:
    """What ``value._replace(name=item)`` gives; ``places`` as above."""
    if isinstance(value, tuple):
        for length, place in places:
            if len(value) == length:
                return value[:place] + (item,) + value[place + 1 :]  # noqa: RUF005 (the compiler has no other)
    return value._replace(**{name: item})


def as_dictionary(value: Any, lengths: Any) -> Any:
    """What ``value._asdict()`` gives; ``lengths`` has the names of the fields for a tuple's length."""
    if isinstance(value, tuple):
        for length, names in lengths:
            if len(value) == length:
                return {name: value[place] for place, name in enumerate(names)}
    return value._asdict()


FUNCTIONS: Mapping[str, Any] = {
    "hubkit_record_field": field,
    "hubkit_has_field": has_field,
    "hubkit_with_field": with_field,
    "hubkit_with_place": with_place,
    "hubkit_as_dictionary": as_dictionary,
}
"""The names that calls get -> the functions that are called."""


class RecordCalls(ast.NodeTransformer):
    """Changes a tree in its place; ``known`` are the names of its module."""

    def __init__(self, known: Mapping[str, Any], records: Mapping[type, Record]) -> None:
        self._known, self._records = known, records
        self._places = {name: _places(name, records) for record in records.values() for name in record.defaults}
        self._tuples = _tuples(records)

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
        changed_one = self._changed(node) or self._of_tuple(node)
        if changed_one is not None:
            return changed_one
        match node:
            case ast.Call(func=ast.Name(id="hasattr" | "getattr"), args=[value, ast.Constant(str() as name), *default]):
                if self._places.get(name) is not None and self._may_be_record(value):
                    return self._asked(node, value, name, default)
            case ast.Call(func=ast.Name(id="isinstance"), args=[value, kind]):
                wanted = self._record(kind)
                if wanted is not None:
                    node.args = [value, at(ast.Name("tuple" if wanted.is_tuple else "dict", ast.Load()), kind)]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        kind = self._record(node.value) if node.attr == "_fields" else None
        if kind is not None and kind.is_tuple:
            return _expression(repr(tuple(kind.defaults)), node)
        places = self._places.get(node.attr)
        if places is None or not isinstance(node.ctx, ast.Load) or not self._may_be_record(node.value):
            return node
        return call_of(
            "hubkit_record_field",
            [node.value, at(ast.Constant(node.attr), node), _expression(repr(places), node)],
            node,
        )

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """``made.name += value``."""
        match node.target:
            case ast.Attribute(value=ast.Name() as owner, attr=name) if self._is_field(owner, name):
                return self.visit_Assign(
                    _set_field(owner, name, lambda old: at(ast.BinOp(old, node.op, node.value), node), node)
                )
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """``made.name.append(value)``: of a list in a dictionary, to the compiler."""
        match node.value:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name() as owner, attr=name), attr="append"),
                args=[item],
            ) if self._is_field(owner, name):
                more = at(ast.List([item], ast.Load()), node)
                return self.visit_Assign(
                    _set_field(owner, name, lambda old: at(ast.BinOp(old, ast.Add(), more), node), node)
                )
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """``made.name = value``."""
        self.generic_visit(node)
        match node.targets:
            case [ast.Attribute(value=ast.Name() as owner, attr=name)] if self._is_field(owner, name):
                return changed("hubkit_with_field", owner, [at(ast.Constant(name), node), node.value], node)
        return node

    def _of_tuple(self, node: ast.Call) -> ast.expr | None:
        """``made._replace(name=value)``, ``made._asdict()``, ``Made._make(values)``; None where it is none of these."""
        match node:
            case ast.Call(func=ast.Attribute(value=kind, attr="_make"), args=[values], keywords=[]):
                made = self._record(kind)
                return call_of("tuple", [values], node) if made is not None and made.is_tuple else None
            case ast.Call(func=ast.Attribute(value=value, attr="_replace"), args=[], keywords=items):
                names = [item.arg for item in items]
                if any(name is None or not self._places.get(name) for name in names):
                    return None
                for name, item in zip(names, items, strict=True):
                    places = _expression(repr(self._places[str(name)]), node)
                    value = call_of(
                        "hubkit_with_place", [value, at(ast.Constant(name), node), places, item.value], node
                    )
                return value
            case ast.Call(func=ast.Attribute(value=value, attr="_asdict"), args=[], keywords=[]) if self._tuples:
                return call_of("hubkit_as_dictionary", [value, _expression(repr(self._tuples), node)], node)
        return None

    def _asked(self, node: ast.Call, value: ast.expr, name: str, default: list[ast.expr]) -> ast.expr:
        """``hasattr(value, name)``, or ``getattr(value, name, default)``."""
        given = [value, at(ast.Constant(name), node), _expression(repr(self._places[name]), node)]
        has = call_of("hubkit_has_field", given, node)
        return at(ast.IfExp(has, call_of("hubkit_record_field", given, node), *default), node) if default else has

    def _changed(self, node: ast.Call) -> ast.expr | None:
        """``dataclasses.replace(made, name=value)`` and ``asdict(made)``; None where it is none of them."""
        function = named(node.func, self._known)
        if function not in (dataclasses.replace, dataclasses.asdict) or len(node.args) != 1:
            return None
        value = node.args[0]
        if not isinstance(value, ast.Dict) and not self._may_be_record(value):
            return None
        if function is dataclasses.asdict:
            return None if node.keywords else call_of("hubkit_dictionary", [value], node)
        if any(item.arg not in self._places for item in node.keywords):
            return None
        for item in node.keywords:
            value = call_of("hubkit_with_field", [value, at(ast.Constant(item.arg), node), item.value], node)
        return value

    def _record(self, node: ast.expr) -> Record | None:
        found = named(node, self._known)
        return self._records.get(found) if isinstance(found, type) else None

    def _is_field(self, owner: ast.Name, name: str) -> bool:
        return name in self._places and self._may_be_record(owner)

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


def _set_field(owner: ast.Name, name: str, value: Callable[[ast.expr], ast.expr], old: ast.stmt) -> ast.Assign:
    """``owner.name = value(owner.name)`` in the place of ``old``."""
    before = at(ast.Attribute(at(ast.Name(owner.id, ast.Load()), owner), name, ast.Load()), old)
    target = at(ast.Attribute(at(ast.Name(owner.id, ast.Load()), owner), name, ast.Store()), old)
    return at(ast.Assign([target], value(before)), old)


def _tuples(records: Mapping[type, Record]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The lengths of named tuples, and the names of their fields, where all of a length have the same."""
    found: dict[int, set[tuple[str, ...]]] = {}
    for record in records.values():
        if record.is_tuple:
            found.setdefault(len(record.defaults), set()).add(tuple(record.defaults))
    return tuple((length, next(iter(names))) for length, names in found.items() if len(names) == 1)


def _made(node: ast.Call, record: Record) -> ast.AST:
    """The fields of the object that ``node`` makes, in order."""
    more = [item.value for item in node.keywords if item.arg is None]
    if any(isinstance(item, ast.Starred) for item in node.args) or (more and record.is_tuple):
        return node
    given = dict(zip(record.defaults, node.args, strict=False))
    given |= {item.arg: item.value for item in node.keywords if item.arg is not None}
    values = [given.get(name) or _expression(text or "None", node) for name, text in record.defaults.items()]
    what = "tuple" if record.is_tuple else "dictionary"
    mark(f"{record.kind.__module__}.{record.kind.__name__}(compiled as a {what})")
    if record.is_tuple:
        return at(ast.Tuple(values, ast.Load()), node)
    keys: list[ast.expr | None] = [at(ast.Constant(name), node) for name in record.defaults]
    made: ast.expr = at(ast.Dict(keys, values), node)
    for item in more:  # ``Made(**items)``
        made = call_of("hubkit_merged", [made, item], node)
    return made


def _expression(text: str, node: ast.AST) -> ast.expr:
    """``text`` in the place of ``node``."""
    value = ast.parse(text, mode="eval").body
    for part in ast.walk(value):
        at(part, node)
    return value
