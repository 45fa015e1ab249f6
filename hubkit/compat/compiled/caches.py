"""Dictionaries that a layer keeps, as ``self.cache[key] = value``, in a tree that MindSpore's compiler is given.

It lets a layer's parameters alone be changed. Where one method alone has to do with the dictionary, and takes nothing
of it but what it has put there, or would put there, in the same run, a variable does as well.
"""

from __future__ import annotations

import ast
from functools import cache
from types import ModuleType

from hubkit.compat.compiled.attributes import methods_of
from hubkit.compat.compiled.classes import owner_of
from hubkit.compat.compiled.trees import at

_PREFIX = "hubkit_kept_"


class Caches(ast.NodeTransformer):
    """Changes the tree of a function of ``module``, which is known there as ``qualified``, in its place."""

    def __init__(self, module: ModuleType, qualified: str) -> None:
        owner = owner_of(vars(module), qualified)
        self._method = qualified.rpartition(".")[2]
        self._kept = _kept(owner, self._method) if owner is not None and "<" not in qualified else frozenset()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if node.name == self._method:
            first = node.body[0]
            node.body[:0] = [
                at(ast.Assign([at(ast.Name(_PREFIX + name, ast.Store()), first)], at(ast.Dict([], []), first)), first)
                for name in sorted(self._kept)
            ]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        return at(ast.Name(_PREFIX + node.attr, node.ctx), node) if _own(node) in self._kept else node


@cache
def _kept(owner: type, method: str) -> frozenset[str]:
    """The attributes of ``owner`` that are such to its method."""
    try:
        methods = dict(methods_of(owner))
    except (OSError, TypeError, SyntaxError):
        return frozenset()
    made = methods.pop("__init__", None)
    if made is None or method not in methods:
        return frozenset()
    empty = {
        _own(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        for node in ast.walk(made)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _is_empty(node.value)
    }
    of_others = {
        _own(node)
        for name, other in (*methods.items(), ("", made))
        if name != method
        for node in ast.walk(other)
        if not isinstance(getattr(node, "ctx", None), ast.Store)
    }
    return frozenset(name for name in empty - of_others if name and _is_of_run(name, methods[method]))


def _is_of_run(name: str, method: ast.FunctionDef) -> bool:
    """Whether ``method`` sets items of the attribute, and takes those alone."""
    items = [node for node in ast.walk(method) if isinstance(node, ast.Subscript) and _own(node.value) == name]
    asked = [node for node in ast.walk(method) if isinstance(node, ast.If) and _asks(name, node)]
    used = [node for node in ast.walk(method) if _own(node) == name]
    return any(isinstance(node.ctx, ast.Store) for node in items) and len(used) == len(items) + len(asked)


def _asks(name: str, node: ast.If) -> bool:
    """Whether it is ``if key not in self.name: ...``, which sets it, or ``if key in self.name:`` with nothing but a
    return of it."""
    match node.test:
        case ast.Compare(left=key, ops=[ast.NotIn()], comparators=[kept]) if _own(kept) == name and not node.orelse:
            sets = [target for line in node.body if isinstance(line, ast.Assign) for target in line.targets]
            return any(_is_item(target, name, key) for target in sets)
        case ast.Compare(left=key, ops=[ast.In()], comparators=[kept]) if _own(kept) == name and not node.orelse:
            match node.body:
                case [ast.Return(value=ast.Subscript() as item)]:
                    return _is_item(item, name, key)
    return False


def _is_item(node: ast.expr, name: str, key: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and _own(node.value) == name and ast.dump(node.slice) == ast.dump(key)


def _own(node: ast.AST) -> str:
    """The name of the attribute that ``self.name`` means; empty where ``node`` is something else."""
    match node:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
    return ""


def _is_empty(node: ast.expr) -> bool:
    match node:
        case ast.Dict(keys=[]) | ast.Call(func=ast.Name(id="dict"), args=[], keywords=[]):
            return True
    return False
