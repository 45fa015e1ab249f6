"""``lambda`` in a ``for`` loop, in a tree that MindSpore's compiler is given: of a function with one it makes None.

So it is made a function with a name, which stands before the statement.
"""

from __future__ import annotations

import ast
from typing import Any

from hubkit.compat.compiled.trees import at

_OWN_VALUES = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda
_LINES = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Return


class Lambdas(ast.NodeTransformer):
    """Changes a tree in its place."""

    def __init__(self) -> None:
        self._in_loop = False

    def visit(self, node: ast.AST) -> Any:
        if self._in_loop and isinstance(node, _LINES):
            named = _Named(node)
            changed = named.visit(node)
            return [*named.functions, changed]
        return super().visit(node)

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        before, named = self._in_loop, _Named(node)
        if before:
            node.iter = named.visit(node.iter)
        self._in_loop = True
        self.generic_visit(node)
        self._in_loop = before
        return [*named.functions, node]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        before, self._in_loop = self._in_loop, False
        self.generic_visit(node)
        self._in_loop = before
        return node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if not self._in_loop:
            return node
        named = _Named(node)
        node.test = named.visit(node.test)
        return [*named.functions, node]


class _Named(ast.NodeTransformer):
    """Gives each ``lambda`` of a statement a name, but those that may use the variables of what they stand in."""

    def __init__(self, node: ast.stmt) -> None:
        self.functions: list[ast.stmt] = []
        """The functions that they are."""
        self._node = node

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Lambda):
            name = f"hubkit_lambda_{len(self.functions)}_at_{node.lineno}_{node.col_offset}"
            body: list[ast.stmt] = [at(ast.Return(node.body), node)]
            self.functions.append(at(ast.FunctionDef(name, node.args, body, [], None, None), self._node))
            return at(ast.Name(name, ast.Load()), node)
        return node if isinstance(node, _OWN_VALUES) else self.generic_visit(node)
