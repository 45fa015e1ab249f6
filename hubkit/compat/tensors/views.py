"""Changes in place of what shows another tensor, such as a part of it: what is compiled changes a copy alone."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

VIEWS = frozenset(
    {"diagonal", "flatten", "narrow", "permute", "reshape", "select", "squeeze", "swapaxes", "transpose", "unsqueeze"}
    | {"view"}
)
"""Methods that show the same numbers otherwise."""

_HINT = (
    "changes the tensor itself only where code runs, not where it is compiled: change the tensor, or set a part of it"
)


def refuse_changes(tree: ast.AST, changes: Collection[str], no_tensors: Collection[str]) -> None:
    """Raise ValueError where ``tree`` calls one of the methods ``changes`` of what shows a tensor that is read later.

    ``no_tensors`` are the names of modules and classes.
    """
    nodes = list(ast.walk(tree))
    shown = {part: whole for part, whole in _views(nodes) if whole != part and whole not in no_tensors}
    for node in nodes:
        match node:
            case ast.Expr(ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Attribute(attr=view)), attr=name))) if (
                view in VIEWS and name in changes
            ):
                raise ValueError(f"{view}(...).{name}(...) {_HINT}, x[...] = ...")
            case ast.Call(func=ast.Attribute(value=ast.Name(id=part), attr=name)) if part in shown and name in changes:
                whole = shown[part]
                if any(_reads(other, whole, node.lineno) for other in nodes):
                    raise ValueError(f"{part}.{name}(...), where {part} shows {whole}, {_HINT}, {whole}[...] = ...")


def _views(nodes: Collection[ast.AST]) -> Iterator[tuple[str, str]]:
    """Variables, and the tensors that they show."""
    for node in nodes:
        match node:
            case ast.Assign([ast.Name(id=part)], ast.Call(func=ast.Attribute(value=ast.Name(id=whole), attr=name))) if (
                name in VIEWS
            ):
                yield part, whole
            case ast.Assign([ast.Name(id=part)], ast.Subscript(value=ast.Name(id=whole), slice=where)):
                if any(isinstance(each, ast.Slice) for each in (where, *getattr(where, "elts", ()))):
                    yield part, whole


def _reads(node: ast.AST, name: str, after: int) -> bool:
    """Whether ``node`` reads the variable ``name`` below the line ``after``."""
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) and node.lineno > after
