"""``max``, ``min`` and ``sorted`` with a key or a default, in a tree that MindSpore's compiler is given, and refuses.

And ``sorted`` of pairs with tensors in them, as a dictionary's items, which it leaves in the order that they have.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from mindspore import ops
from mindspore.ops import functional

from hubkit.compat.compiled.trees import at, call_of

_ITEM = "hubkit_item"


@ops.constexpr  # type: ignore[untyped-decorator]
def _sorted(values: tuple[Any, ...], reverse: bool) -> Any:
    return sorted(values, reverse=reverse)


@ops.constexpr  # type: ignore[untyped-decorator]
def _places(keys: tuple[Any, ...], reverse: bool) -> tuple[int, ...]:
    return tuple(sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse))


def in_order(values: Any, reverse: Any = False) -> Any:
    """``sorted(values, reverse=reverse)``; of a dictionary, its keys and its items too, whose values may be tensors."""
    if isinstance(values, dict):
        return _sorted(tuple(values.keys()), reverse)
    if isinstance(values, (tuple, list)) and not functional.isconstant(values) and isinstance(values[0], tuple):
        return in_order_of(values, _first, reverse)
    return _sorted(values, reverse)


def _first(item: Any) -> Any:
    return item[0]


def in_order_of(values: Any, key: Any, reverse: Any = False) -> Any:
    """``sorted(values, key=key, reverse=reverse)``, where the keys are known when it is compiled."""
    items = tuple(values.keys()) if isinstance(values, dict) else values
    keys: Any = ()
    for item in items:
        keys = keys + (key(item),)  # noqa: RUF005 (the compiler has no other)
    found: Any = []
    for place in _places(keys, reverse):
        found.append(items[place])
    return found


def most(values: Any, key: Any, largest: Any) -> Any:
    """``max(values, key=key)``, or ``min``."""
    return in_order_of(values, key, largest)[0]


def most_or(values: Any, key: Any, largest: Any, default: Any) -> Any:
    """The same with ``default=default``."""
    return in_order_of(values, key, largest)[0] if len(values) > 0 else default


def largest_or(values: Any, default: Any) -> Any:
    """``max(values, default=default)``."""
    return max(values) if len(values) > 0 else default


def least_or(values: Any, default: Any) -> Any:
    """``min(values, default=default)``."""
    return min(values) if len(values) > 0 else default


@ops.constexpr  # type: ignore[untyped-decorator]
def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


def distinct(values: Any) -> Any:
    """The items of ``set(values)``, which the compiler makes of what it was given, and not of sizes of tensors."""
    return _distinct(tuple(values))


FUNCTIONS: Mapping[str, Any] = {
    "hubkit_sorted": in_order,
    "hubkit_sorted_by": in_order_of,
    "hubkit_most": most,
    "hubkit_most_or": most_or,
    "hubkit_max_or": largest_or,
    "hubkit_min_or": least_or,
    "hubkit_distinct": distinct,
}
"""The names that calls get -> the functions that are called."""


class Ordering(ast.NodeTransformer):
    """Changes a tree in its place."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(
                func=ast.Name(id="len" | "max" | "min" | "sorted"),
                args=[ast.Call(func=ast.Name(id="set"), args=[values], keywords=[])],
            ):
                node.args = [call_of("hubkit_distinct", [_as_list(values)], values)]
        match node:
            case ast.Call(func=ast.Name(id="sorted" | "max" | "min" as name), args=[values]):
                said = {item.arg: item.value for item in node.keywords}
                if None not in said:
                    return _put(name, _as_list(values), said, node)
        return node


def _put(name: str, values: ast.expr, said: dict[str | None, ast.expr], node: ast.Call) -> ast.AST:
    """The call of the function of ``name`` with ``values`` and what is ``said`` by keywords."""
    key = said.pop("key", None)
    if isinstance(key, ast.Constant) and key.value is None:
        key = None
    by = [_function(key)] if key is not None else []
    if name == "sorted" and set(said) <= {"reverse"}:
        return call_of("hubkit_sorted_by" if by else "hubkit_sorted", [values, *by, *said.values()], node)
    if name == "sorted" or not set(said) <= {"default"}:
        return node
    if by:
        largest = at(ast.Constant(name == "max"), node)
        return call_of("hubkit_most_or" if said else "hubkit_most", [values, *by, largest, *said.values()], node)
    return call_of(f"hubkit_{name}_or", [values, *said.values()], node) if said else node


def _as_list(values: ast.expr) -> ast.expr:
    return at(ast.ListComp(values.elt, values.generators), values) if isinstance(values, ast.GeneratorExp) else values


def _function(key: ast.expr) -> ast.expr:
    """``key`` as the compiler takes it: of ``d.get`` and ``itemgetter(1)`` it makes no functions."""
    item = at(ast.Name(_ITEM, ast.Load()), key)
    found: ast.expr
    match key:
        case ast.Attribute(value=owner, attr="get" | "__getitem__"):
            found = at(ast.Subscript(owner, item, ast.Load()), key)
        case ast.Call(func=ast.Name(id="itemgetter") | ast.Attribute(attr="itemgetter"), args=[place]):
            found = at(ast.Subscript(item, place, ast.Load()), key)
        case ast.Name(id="len"):  # of a text too
            found = call_of("hubkit_length", [item], key)
        case _:
            return key
    given = ast.arguments([], [at(ast.arg(_ITEM), key)], None, [], [], None, [])
    return at(ast.Lambda(given, found), key)
