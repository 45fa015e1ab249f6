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


def changed(function: str, owner: ast.Name, given: Sequence[ast.expr], old: ast.stmt) -> ast.stmt:
    """``owner = function(owner, *given)`` in the place of ``old``."""
    before, after = at(ast.Name(owner.id, ast.Load()), owner), at(ast.Name(owner.id, ast.Store()), owner)
    return at(ast.Assign([after], call_of(function, [before, *given], old)), old)
