"""Objects of `hubkit.compat.outputs` in a tree that MindSpore's compiler is given."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Mapping
from typing import Any

from hubkit.compat import outputs
from hubkit.compat.compiled.trees import at, call_of
from hubkit.compat.use import mark

FUNCTIONS: Mapping[str, Any] = {
    "hubkit_parts": outputs.parts,
    "hubkit_field": outputs.field,
    "hubkit_is_dictionary": outputs.is_dictionary,
}
"""The names that calls get -> the functions that are called."""


class OutputCalls(ast.NodeTransformer):
    """Changes a tree in its place; ``known`` are the names of its module."""

    def __init__(self, known: Mapping[str, Any], fields: frozenset[str]) -> None:
        self._known, self._fields = known, fields

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        kind = self._class(node.func)
        if kind is not None:
            return _dictionary(node, kind)
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[value, wanted]) if self._class(wanted) is not None:
                return call_of("hubkit_is_dictionary", [value], node)
            case ast.Call(func=ast.Attribute(value=value, attr="to_tuple"), args=[], keywords=[]):
                return call_of("hubkit_parts", [value], node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr in self._fields and isinstance(node.ctx, ast.Load) and self._may_be_output(node.value):
            return call_of("hubkit_field", [node.value, at(ast.Constant(node.attr), node)], node)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and _is_place(node.slice) and self._may_be_output(node.value):
            node.value = call_of("hubkit_parts", [node.value], node.value)
        return node

    def _class(self, node: ast.expr) -> type | None:
        """The class of such objects that ``node`` names; None where it is something else."""
        match node:
            case ast.Name(id=name):
                found = self._known.get(name)
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                found = getattr(self._known.get(module), name, None)
            case _:
                return None
        return found if outputs.is_output(found) else None

    def _may_be_output(self, node: ast.expr) -> bool:
        """Whether it is a variable, or what a call gives."""
        return isinstance(node, ast.Call) or (
            isinstance(node, ast.Name) and node.id not in ("self", "cls") and node.id not in self._known
        )


def _is_place(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int()) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())):
            return True
        case ast.Slice(lower=lower, upper=upper, step=None):
            return all(item is None or _is_place(item) for item in (lower, upper))
    return False


def _dictionary(node: ast.Call, kind: type) -> ast.AST:
    """The fields of the object that ``node`` makes, in the order of its class."""
    if any(isinstance(item, ast.Starred) for item in node.args) or any(item.arg is None for item in node.keywords):
        return node
    fields = dataclasses.fields(kind)
    given = dict(zip((item.name for item in fields), node.args, strict=False))
    given |= {item.arg: item.value for item in node.keywords if item.arg is not None}
    mark(f"{kind.__module__}.{kind.__name__}(compiled as a dictionary)")
    keys: list[ast.expr | None] = [at(ast.Constant(item.name), node) for item in fields]
    values = [given.get(item.name) or at(ast.Constant(_default(item)), node) for item in fields]
    return at(ast.Dict(keys, values), node)


def _default(item: dataclasses.Field[Any]) -> Any:
    return item.default if isinstance(item.default, bool | int | float | str) else None
