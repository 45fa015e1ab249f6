"""Generators, in a tree that MindSpore's compiler is given, and refuses: functions that give a list of all the items.

What is computed between two items is computed before the first is used; the same comes of it where a loop, ``list`` or
the like takes them all. A generator that is sent values stays as it is.
"""

from __future__ import annotations

import ast

from hubkit.compat.compiled.definitions import own_nodes
from hubkit.compat.compiled.trees import at, call_of

_ITEMS = "hubkit_items"


class Generators(ast.NodeTransformer):
    """Changes a tree in its place."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        given = [item for item in own_nodes(node) if isinstance(item, ast.Yield | ast.YieldFrom)]
        said = [item.value for item in own_nodes(node) if isinstance(item, ast.Expr)]
        if not given or any(item not in said for item in given):
            return node
        change = _ToList()
        node.body = [change.visit(line) for line in node.body]
        first, last = node.body[0], node.body[-1]
        empty = at(ast.Assign([_items(first, ast.Store())], at(ast.List([], ast.Load()), first)), first)
        node.body = [empty, *node.body, at(ast.Return(_items(last)), last)]
        return node


class _ToList(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        match node.value:
            case ast.Yield(value):
                item = value or at(ast.Constant(None), node)
                add = at(ast.Attribute(_items(node), "append", ast.Load()), node)
                return at(ast.Expr(at(ast.Call(add, [item], []), node)), node)
            case ast.YieldFrom(value):
                both = at(ast.List([_items(node), value], ast.Load()), node)
                return at(ast.Assign([_items(node, ast.Store())], call_of("hubkit_joined", [both], node)), node)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        return at(ast.Return(_items(node)), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node


def _items(old: ast.AST, context: ast.expr_context | None = None) -> ast.Name:
    return at(ast.Name(_ITEMS, context or ast.Load()), old)
