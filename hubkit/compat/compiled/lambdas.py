"""``lambda`` in a tree that MindSpore's compiler is given: of a function with one in a ``for`` loop it makes None.

So it is made a function with a name, which stands before the statement, and part of a comprehension where it is mapped.
"""

from __future__ import annotations

import ast
from typing import Any

from hubkit.compat.compiled.trees import at, call_of

_OWN_VALUES = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda


class Mapped(ast.NodeTransformer):
    """Makes comprehensions of ``map(lambda a: ..., items)`` and ``filter(lambda a: ..., items)``; in its place.

    The compiler maps no function that uses variables of what it stands in.
    """

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(
                func=ast.Name(id="map" | "filter" as name), args=[ast.Lambda() as function, *items], keywords=[]
            ) if [ast.unparse(item) for item in function.args.args] == ast.unparse(function.args).split(", "):
                names: list[ast.expr] = [at(ast.Name(item.arg, ast.Store()), node) for item in function.args.args]
                if len(names) != len(items) or (name == "filter" and len(names) != 1):
                    return node
                one = len(names) == 1
                target = names[0] if one else at(ast.Tuple(names, ast.Store()), node)
                values = items[0] if one else call_of("zip", items, node)
                kept = [function.body] if name == "filter" else []
                given = at(ast.Name(function.args.args[0].arg, ast.Load()), node) if kept else function.body
                return at(ast.ListComp(given, [ast.comprehension(target, values, kept, 0)]), node)
        return node


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
