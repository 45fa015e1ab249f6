"""Indices of tensors, in a tree that MindSpore's compiler is given: what it refuses of them, in other words.

Such are places that are counted from the end, as of ``x[:, Tensor([-1, 0])]``, which it takes in no tuple, and what is
computed of the items that a mask picks, as ``x[x < 0] += 1``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

import mindspore
from mindspore import Tensor, ops
from mindspore.ops import functional

from hubkit.compat.compiled.trees import at, call_of, changed

_WHOLE = (mindspore.int32, mindspore.int64)


@ops.constexpr  # type: ignore[untyped-decorator]
def _counted(places: Tensor, size: int) -> Tensor:
    values = places.asnumpy()
    return Tensor((values < 0) * size + values, places.dtype) if (values < 0).any() else places


def from_beginning(places: Any, value: Any, axis: Any, *others: Any) -> Any:
    """``places`` along an axis of ``value`` counted from the beginning, where they are known when it is compiled.

    It is another axis where one of ``others``, which stand with it, is a mask, or None.
    """
    for other in others:
        if other is None or _is_mask(other):
            return places
    if isinstance(places, Tensor) and isinstance(value, Tensor):  # noqa: SIM102 (the compiler's other type is no such)
        if places.dtype in _WHOLE and functional.isconstant(places):
            return _counted(places, value.shape[axis])
    return places


def changed_at(value: Any, index: Any, number: Any, change: Any) -> Any:
    """What ``value[index] = change(value[index], number)`` leaves."""
    if _is_mask(index) and (isinstance(number, (int, float)) or (isinstance(number, Tensor) and number.ndim == 0)):
        return _chosen(index, change(value, number), value)
    value[index] = change(value[index], number)
    return value


def set_at(value: Any, index: Any, change: Any, *parts: Any) -> Any:
    """What ``value[index] = change(parts[0][index], ...)`` leaves, where each item is computed by itself."""
    if _is_mask(index):
        return _chosen(index, change(*parts), value)
    picked: Any = ()
    for part in parts:
        picked = picked + (part[index],)  # noqa: RUF005 (the compiler has no other)
    value[index] = change(*picked)
    return value


def _is_mask(index: Any) -> bool:
    return isinstance(index, Tensor) and index.dtype == mindspore.bool_


def _chosen(mask: Any, new: Any, old: Any) -> Any:
    """``new`` where ``mask`` is true."""
    for _ in range(old.ndim - mask.ndim):
        mask = mask.expand_dims(-1)
    return ops.where(mask, new.astype(old.dtype), old)


FUNCTIONS: Mapping[str, Any] = {
    "hubkit_from_beginning": from_beginning,
    "hubkit_changed_at": changed_at,
    "hubkit_set_at": set_at,
}
"""The names that calls get -> the functions that are called."""


class Indices(ast.NodeTransformer):
    """Changes a tree in its place."""

    def __init__(self, tree: ast.AST) -> None:
        self._masks = _masks(tree)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=items) as index, ctx=ast.Load()):
                index.elts = [_from_beginning(name, place, items) for place in range(len(items))]
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """``x[mask] += 1``."""
        self.generic_visit(node)
        match node.target:
            case ast.Subscript(value=ast.Name() as owner, slice=index) if self._may_be_mask(index):
                part, number = (at(ast.Name(name, ast.Load()), node) for name in ("hubkit_part", "hubkit_number"))
                change = _function([part.id, number.id], at(ast.BinOp(part, node.op, number), node))
                return changed("hubkit_changed_at", owner, [index, node.value, change], node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """``x[mask] = y[mask] * 2``, of which the compiler makes the first item for all."""
        self.generic_visit(node)
        match node.targets:
            case [ast.Subscript(value=ast.Name() as owner, slice=index)] if self._may_be_mask(index):
                parts: list[ast.expr] = []
                each = _of_each(node.value, ast.dump(index), parts)
                if each is not None and parts:
                    change = _function([_part(place) for place in range(len(parts))], each)
                    return changed("hubkit_set_at", owner, [index, change, *parts], node)
        return node

    def _may_be_mask(self, index: ast.expr) -> bool:
        return index.id in self._masks if isinstance(index, ast.Name) else _is_comparison(index)


_EACH = frozenset(
    {"abs", "cos", "exp", "log", "log2", "neg", "relu", "rsqrt", "sigmoid", "sin", "sqrt", "square", "tanh"}
)
"""Functions that compute each item by itself."""


def _of_each(node: ast.expr, index: str, parts: list[ast.expr]) -> ast.expr | None:
    """``node`` with a name for each ``part[index]``; None where it may be more than computed of these and numbers."""
    match node:
        case ast.Constant(value=int() | float()):
            return node
        case ast.Subscript(value=ast.Name() as part, slice=own) if ast.dump(own) == index:
            parts.append(part)
            return at(ast.Name(_part(len(parts) - 1), ast.Load()), node)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            found = _of_each(operand, index, parts)
            return found and at(ast.UnaryOp(node.op, found), node)
        case ast.BinOp(left=left, op=operator, right=right):
            both = _of_each(left, index, parts), _of_each(right, index, parts)
            return at(ast.BinOp(both[0], operator, both[1]), node) if both[0] and both[1] else None
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr=name) as function, args=[value], keywords=[]):
            found = _of_each(value, index, parts) if name in _EACH else None
            return found and at(ast.Call(function, [found], []), node)
    return None


def _part(place: int) -> str:
    return f"hubkit_part_{place}"


def _function(names: list[str], value: ast.expr) -> ast.expr:
    given = ast.arguments([], [at(ast.arg(name), value) for name in names], None, [], [], None, [])
    return at(ast.Lambda(given, value), value)


def _from_beginning(name: str, place: int, items: list[ast.expr]) -> ast.expr:
    """What stands for the item of ``items``, an index of the variable ``name``, at ``place``."""
    item = items[place]
    found = _axis(place, items) if isinstance(item, ast.Name | ast.Attribute | ast.Call) else None
    if found is None:
        return item
    axis, others = found
    given = [item, at(ast.Name(name, ast.Load()), item), at(ast.Constant(axis), item), *others]
    return call_of("hubkit_from_beginning", given, item)


def _axis(place: int, items: list[ast.expr]) -> tuple[int, list[ast.expr]] | None:
    """The axis that the item of ``items`` at ``place`` is of, where those given with it take one each; None where that
    cannot be said."""
    dots = next((number for number, item in enumerate(items) if _is_dots(item)), len(items))
    around = items[:place] if place < dots else items[place + 1 :]
    if any(isinstance(item, ast.Call | ast.Compare | ast.BinOp) or _is_none(item) for item in around):
        return None
    others: list[ast.expr] = [item for item in around if isinstance(item, ast.Name | ast.Attribute)]
    return place if place < dots else place - len(items), others


def _is_none(item: ast.expr) -> bool:
    return isinstance(item, ast.Constant) and item.value is None


def _is_dots(item: ast.expr) -> bool:
    return isinstance(item, ast.Constant) and item.value is ...


_MASKS = re.compile("mask|^is_|^has_|valid|invalid")
_GIVES_MASKS = re.compile("^(logical_.*|is_?(nan|inf|finite)|equal|eq|ne|not_equal|gt|ge|lt|le|greater.*|less.*|bool)$")


def _masks(tree: ast.AST) -> frozenset[str]:
    """The variables of ``tree`` that may be masks: by their names, or by what they are set to."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and _MASKS.search(node.id)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_comparison(node.value):
            found.add(node.targets[0].id)
    return frozenset(found)


def _is_comparison(node: ast.expr) -> bool:
    match node:
        case ast.Compare() | ast.UnaryOp(op=ast.Invert()) | ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return _GIVES_MASKS.search(name) is not None
        case ast.Attribute(attr=name):
            return _MASKS.search(name) is not None
    return False
