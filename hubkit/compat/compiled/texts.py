"""Methods of texts, in a tree that MindSpore's compiler is given: it has ``lower``, ``upper`` and ``format`` alone.

Where it compiles, a text is known, so that Python computes them (`hubkit.compat.compiled.constants`).
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from hubkit.compat.compiled.trees import at, call_of

_OF_TEXTS = frozenset(
    {"capitalize", "casefold", "endswith", "find", "isalnum", "isalpha", "isdigit", "islower", "isnumeric", "isupper"}
    | {"join", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rpartition"}
    | {"rsplit", "rstrip", "splitlines", "startswith", "strip", "swapcase", "title", "zfill"}
)
_OF_OTHERS_TOO = frozenset({"count", "index", "split"})
"""Methods that tensors, lists or networks have too: of a text where the text that is looked for stands there."""


class Texts(ast.NodeTransformer):
    """Changes a tree in its place; ``no_values`` are the names of modules and classes."""

    def __init__(self, no_values: Collection[str]) -> None:
        self._no_values = no_values

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[value], keywords=[]) if _may_be_text_alone(value):
                return call_of("hubkit_length", [value], node)
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=given, keywords=[]) if (
                self._may_be_text(value)
                and not any(isinstance(item, ast.Starred) for item in given)
                and (name in _OF_TEXTS or (name in _OF_OTHERS_TOO and _looks_for_text(name, given)))
            ):
                arguments = at(ast.Tuple(given, ast.Load()), node)
                return call_of("hubkit_of_text", [value, at(ast.Constant(name), node), arguments], node)
        return node

    def _may_be_text(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name) and node.id in ("self", "cls"):
            return False
        while isinstance(node, ast.Attribute):
            node = node.value
        return not isinstance(node, ast.Name) or node.id not in self._no_values


def _may_be_text_alone(node: ast.expr) -> bool:
    """Whether it is a constant, a variable or a setting; sizes and what is computed are none."""
    match node:
        case ast.Attribute(attr="shape" | "cells" | "blocks" | "layers"):
            return False
        case ast.Constant(value=str()) | ast.Name() | ast.Attribute() | ast.Call(func=ast.Name(id="hubkit_of_text")):
            return True
    return False


def _looks_for_text(name: str, given: list[ast.expr]) -> bool:
    if not given:
        return name == "split"
    return isinstance(given[0], ast.Constant) and isinstance(given[0].value, str)
