"""Imports within functions, in a tree that MindSpore's compiler is given, and refuses: names of the module instead."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from hubkit.compat.compiled.trees import at


class Imports(ast.NodeTransformer):
    """Changes a tree in its place, and gives ``module``, whose code it is, the names that it lacks.

    An import stays, and is refused, where it fails or the module has something else by the name.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def visit_Import(self, node: ast.Import) -> ast.AST:
        try:
            for item in node.names:
                importlib.import_module(item.name)
        except Exception:  # the imported code raises anything
            return node
        return self._named(
            node,
            {
                item.asname or item.name.partition(".")[0]: sys.modules[
                    item.name if item.asname else item.name.partition(".")[0]
                ]
                for item in node.names
            },
        )

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        try:
            place = f"{'.' * node.level}{node.module or ''}"
            found = importlib.import_module(place, self._module.__package__)
            return self._named(node, {item.asname or item.name: _part(found, item.name) for item in node.names})
        except Exception:  # as above
            return node

    def _named(self, node: ast.stmt, found: Mapping[str, Any]) -> ast.AST:
        known = vars(self._module)
        if any(name in known and known[name] is not value for name, value in found.items()):
            return node
        known.update(found)
        return at(ast.Pass(), node)


def _part(module: ModuleType, name: str) -> Any:
    """What ``from module import name`` gives."""
    if not hasattr(module, name):
        return importlib.import_module(f"{module.__name__}.{name}")
    return getattr(module, name)
