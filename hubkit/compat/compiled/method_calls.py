"""Calls of tensors' methods, in a tree that MindSpore's compiler is given: calls of functions instead."""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import mindspore

from hubkit.compat.compiled.trees import at
from hubkit.compat.tensors import methods
from hubkit.compat.tensors.own import own_methods
from hubkit.compat.tensors.views import refuse_changes

_PREFIX = "hubkit_"
_OWN = f"{_PREFIX}own_"


def functions() -> dict[str, Any]:
    """The names that calls get -> the functions that are called."""
    found = {f"{_PREFIX}tensor": methods.tensor}
    found |= {f"{_PREFIX}{name}": methods.compiled(name, method) for name, method in methods.METHODS.items()}
    for name, pair in methods.PAIRS.items():
        found[f"{_PREFIX}{name}"] = methods.compiled(name, methods.Method(pair))
    for name, values in methods.IN_PLACE.items():
        found[f"{_PREFIX}{name}"] = methods.compiled_in_place(name, values)
        found[f"{_PREFIX}{name}values"] = methods.compiled(name, methods.Method(values))
    return found


def own_functions() -> dict[str, Any]:
    """The same for methods that the code itself has given to tensors."""
    return {f"{_OWN}{name}": methods.compiled(name, methods.Method(value)) for name, value in own_methods().items()}


def modules_and_classes(tree: ast.AST, known: Mapping[str, Any]) -> set[str]:
    """The names in ``tree`` that mean such; ``known`` are the names of its module."""
    nodes = list(ast.walk(tree))
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {name for name, value in known.items() if isinstance(value, ModuleType | type) and name not in own}


class MethodCalls(ast.NodeTransformer):
    """Changes ``tree`` in its place; ``known`` are the names of its module.

    Raises ValueError where it changes in place what the compiler makes a copy of.
    """

    def __init__(self, tree: ast.AST, known: Mapping[str, Any]) -> None:
        self._known = known
        self._no_tensors = modules_and_classes(tree, known)
        refuse_changes(tree, methods.IN_PLACE, self._no_tensors)
        self._pairs = methods.PAIRS if methods.uses_mint(known) else {}
        self._own = own_methods()

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        self._call_of_its_object(node)
        if self._makes_tensor(node.func):
            node.func = at(ast.Name(f"{_PREFIX}tensor", ast.Load()), node.func)
            return node
        match node.func:
            case ast.Attribute(attr=name) if self._may_be_tensor(node.func.value):
                if name in self._own:
                    return _called(node, f"own_{name}")
                method = methods.METHODS.get(name)
                if name in methods.IN_PLACE or (method is not None and _means(method, node)):
                    return _called(node, name)
        return node

    def _call_of_its_object(self, node: ast.Call) -> None:
        """``Tensor.add(x, y)`` as ``x.add(y)``: the compiler takes no methods of the class."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=kind), attr=name) as func, args=[first, *rest]) if (
                kind in self._no_tensors and self._known[kind] is mindspore.Tensor
            ):
                found = inspect.getattr_static(mindspore.Tensor, name, None)
                if callable(found) and not isinstance(found, staticmethod | classmethod):
                    func.value, node.args = first, rest

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Subscript() as part, attr=name) as func) if (
                name in methods.IN_PLACE and self._may_be_tensor(part)
            ):
                return self._set(node, node.value, func, part)
        self.generic_visit(node)
        return node

    def _set(self, node: ast.Expr, call: ast.Call, func: ast.Attribute, part: ast.Subscript) -> ast.AST:
        """``x[i].add_(y)`` as ``x[i] = ...``: what is compiled changes the part alone, which nothing else has."""
        target = copy.copy(part)
        target.ctx = ast.Store()
        self.generic_visit(call)
        found = ast.Assign([target], _called(call, f"{func.attr}values"))
        return at(found, node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.slice, ast.Constant) and node.slice.value in (0, 1):
            node.value = self._pair(node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.targets[0], ast.Tuple) and len(node.targets[0].elts) == 2:
            node.value = self._pair(node.value)
        return node

    def _pair(self, node: ast.expr) -> ast.expr:
        """``x.max(1)`` where a pair is meant."""
        match node:
            case ast.Call(func=ast.Attribute(value=tensor, attr=name), args=[_, *_], keywords=[]) if (
                name in self._pairs and self._may_be_tensor(tensor)
            ):
                return _called(node, name)
        return node

    def _makes_tensor(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                found = self._known.get(name) if name in self._no_tensors or name == "tensor" else None
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self._no_tensors:
                found = getattr(self._known[module], name, None)
            case _:
                return False
        return found is not None and (found is mindspore.Tensor or found is mindspore.tensor)

    def _may_be_tensor(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name) and node.id in ("self", "cls"):
            return False
        while isinstance(node, ast.Attribute):
            node = node.value
        return not isinstance(node, ast.Name) or node.id not in self._no_tensors


def _means(method: methods.Method, node: ast.Call) -> bool:
    unknown = any(isinstance(item, ast.Starred) for item in node.args) or any(
        item.arg is None for item in node.keywords
    )
    if unknown:
        return not method.keywords and not method.counts
    names = frozenset(item.arg for item in node.keywords if item.arg is not None)
    return method.means(len(node.args) + len(node.keywords), names)


def _called(node: ast.Call, name: str) -> ast.Call:
    """The call of the function of ``name``, which gets the tensor first."""
    assert isinstance(node.func, ast.Attribute)
    function = at(ast.Name(f"{_PREFIX}{name}", ast.Load()), node.func)
    return at(ast.Call(function, [node.func.value, *node.args], node.keywords), node)
