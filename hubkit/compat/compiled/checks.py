"""Checks of values, in a tree that MindSpore's compiler is given: of what only running code can know, none is left.

A model raises no errors: a MINDIR with one in it is not loaded, and ONNX has none. Checks of shapes, types and settings
stay, which are made where it is compiled.
"""

from __future__ import annotations

import ast

from hubkit.compat.compiled.trees import call_of


class Checks(ast.NodeTransformer):
    """Changes a tree in its place."""

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.test = _each(node.test, "hubkit_holds")
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        """``if x.max() > 1 or n < 2: raise ...``."""
        self.generic_visit(node)
        if isinstance(node.body[-1], ast.Raise):
            node.test = _each(node.test, "hubkit_fails")
        return node


def _each(test: ast.expr, function: str) -> ast.expr:
    """``test`` with a call of ``function`` for each condition of which it is made; it is changed in its place."""
    if isinstance(test, ast.BoolOp):
        test.values = [_each(value, function) for value in test.values]
        return test
    return call_of(function, [test], test)
