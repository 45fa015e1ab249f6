"""Casts of an argument that is not given, as the ground truth of a detector in inference.

What they give is not needed there, and MindSpore 1.x did not ask; MindSpore 2 refuses to compile it. So None stays
None: what then needs it is refused in its own place.
"""

from __future__ import annotations

import ast
from types import ModuleType
from typing import Any

from mindspore.ops import operations

from hubkit.compat.compiled.classes import owner_of
from hubkit.compat.compiled.trees import at
from hubkit.compat.use import mark


class Casts(ast.NodeTransformer):
    """Changes the tree of a function of ``module``, which is known there as ``qualified``, in its place.

    An operator is told by its name: ``self.cast(x, kind)``, where the class has no method of that name, and
    ``Cast()(x, kind)``.
    """

    def __init__(self, module: ModuleType, qualified: str) -> None:
        self._owner = owner_of(vars(module), qualified)
        self._given: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        before = self._given
        self._given = {item.arg for item in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
        self.generic_visit(node)
        self._given = before
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=func, args=[ast.Name(id=name), _], keywords=[]) if name in self._given and self._is_cast(
                func
            ):
                absent = at(ast.Compare(at(ast.Name(name, ast.Load()), node), [ast.Is()], [_none(node)]), node)
                return at(ast.IfExp(absent, _none(node), node), node)
        return node

    def _is_cast(self, func: ast.expr) -> bool:
        match func:
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return name.lower().endswith("cast") and not hasattr(self._owner, name)
            case ast.Call(func=ast.Attribute(attr="Cast") | ast.Name(id="Cast"), args=[], keywords=[]):
                return True
        return False


def _none(old: ast.AST) -> ast.expr:
    return at(ast.Constant(None), old)


def install() -> None:
    """Let the operator do the same where it runs uncompiled; calling it again changes nothing."""
    before = operations.Cast.__call__
    if getattr(before, "of_hubkit", False):
        return

    def cast(self: Any, input_x: Any, dtype: Any) -> Any:
        if input_x is None:
            mark("mindspore.ops.Cast(None)")
            return None
        return before(self, input_x, dtype)

    cast.of_hubkit = True  # type: ignore[attr-defined]
    operations.Cast.__call__ = cast
