"""Methods of classes, in a tree that MindSpore's compiler is given: it calls them without the class.

So they are made functions without that argument, and their class is a name of their module. Where the class has others
derived of it and the method uses it, the same code is of several classes, and stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import ModuleType
from typing import Any


class MethodsOfClasses(ast.NodeTransformer):
    """Changes the tree of a function of ``module``, which is known there as ``qualified``, in its place."""

    def __init__(self, module: ModuleType, qualified: str) -> None:
        self._module, self._qualified = module, qualified

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if not any(isinstance(item, ast.Name) and item.id == "classmethod" for item in node.decorator_list):
            return node
        owner = owner_of(vars(self._module), self._qualified)
        if owner is None or not node.args.args:
            return node
        own = node.args.args[0].arg
        named = [item for item in ast.walk(node) if isinstance(item, ast.Name) and item.id == own]
        if named and owner.__subclasses__():
            return node
        for item in named:
            item.id = f"hubkit_class_{self._qualified.rpartition('.')[0].replace('.', '_')}"
            setattr(self._module, item.id, owner)
        del node.args.args[0]
        return node


def owner_of(known: Mapping[str, Any], qualified: str) -> type | None:
    """The class whose method has that name; None where it is made within a function."""
    first, *inner = qualified.split(".")[:-1] or [""]
    found = known.get(first)
    for name in inner:
        found = vars(found).get(name) if isinstance(found, type) else None
    return found if isinstance(found, type) else None
