"""Nodes of the trees that MindSpore's compiler is given."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeVar

_Node = TypeVar("_Node", bound=ast.AST)


def at(made: _Node, old: ast.AST) -> _Node:
    """``made``, which is told to lie where ``old`` does."""
    ast.copy_location(made, old)
    for name in ("first_token", "last_token"):  # what the compiler finds places by
        if hasattr(old, name):
            setattr(made, name, getattr(old, name))
    return made


def call_of(name: str, arguments: Sequence[ast.expr], old: ast.AST) -> ast.Call:
    """A call of the function ``name`` in the place of ``old``."""
    return at(ast.Call(at(ast.Name(name, ast.Load()), old), list(arguments), []), old)


def evaluated_first(test: ast.expr) -> ast.expr:
    """What of the condition ``test`` is evaluated first, whatever becomes of the rest."""
    match test:
        case ast.BoolOp(values=[left, *_]) | ast.Compare(left=left) | ast.UnaryOp(operand=left):
            return evaluated_first(left)
    return test


def with_first(test: ast.expr, made: ast.expr) -> ast.expr:
    """``test`` with ``made`` in the place of what is evaluated first; it is changed in its place."""
    match test:
        case ast.BoolOp(values=[left, *rest]):
            test.values = [with_first(left, made), *rest]
        case ast.Compare(left=left):
            test.left = with_first(left, made)
        case ast.UnaryOp(operand=left):
            test.operand = with_first(left, made)
        case _:
            return made
    return test
