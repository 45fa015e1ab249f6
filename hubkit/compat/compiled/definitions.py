"""Variables that are set in one branch or in a loop only, in a tree that MindSpore's compiler is given.

It asks for their value behind the branch, also where nothing reads it then, and refuses those that have none. So they
get one at the function's beginning.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from hubkit.compat.compiled.trees import at


def define_first(tree: ast.AST) -> ast.AST:
    """Let each function in ``tree`` begin with ``name = None`` for such variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            place = 1 if ast.get_docstring(node, clean=False) is not None else 0
            if place < len(node.body):
                first = node.body[place]
                node.body[place:place] = [
                    at(ast.Assign([at(ast.Name(name, ast.Store()), first)], at(ast.Constant(None), first)), first)
                    for name in _set_in_a_branch(node)
                ]
    return tree


def _set_in_a_branch(function: ast.FunctionDef) -> list[str]:
    """The variables that are set first in a loop, or in a branch of an ``if`` and not in the other one, and read
    behind it."""
    arguments = function.args
    known = {item.arg for item in ast.walk(arguments) if isinstance(item, ast.arg)}
    found: dict[str, None] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal):
            known |= set(node.names)
    names = sorted(
        (item for item in own_nodes(function) if isinstance(item, ast.Name)),
        key=lambda item: (item.lineno, item.col_offset),
    )
    for branch in own_nodes(function):
        if not isinstance(branch, ast.If | ast.For | ast.While):
            continue
        begin, end = branch.lineno, branch.end_lineno or branch.lineno
        before = {item.id for item in names if item.lineno < begin and isinstance(item.ctx, ast.Store)}
        behind = {item.id for item in names if item.lineno > end and isinstance(item.ctx, ast.Load)}
        both = _surely(branch.body) & _surely(branch.orelse) if isinstance(branch, ast.If) else set()
        either = (_stores(branch.body) | _stores(branch.orelse)) - both
        if isinstance(branch, ast.For):
            either |= _stores([branch.target]) & {item.id for item in names if _is_read_behind(item, end, names)}
        found |= dict.fromkeys(sorted((either & behind) - before - known))
    return list(found)


def _is_read_behind(item: ast.Name, end: int, names: list[ast.Name]) -> bool:
    """Whether ``item`` reads behind the line ``end`` what was set before it."""
    between = (other for other in names if other.id == item.id and end < other.lineno < item.lineno)
    reads = isinstance(item.ctx, ast.Load) and item.lineno > end
    return reads and all(isinstance(other.ctx, ast.Load) for other in between)


def _stores(nodes: Sequence[ast.AST]) -> set[str]:
    return {
        item.id
        for node in nodes
        for item in ast.walk(node)
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }


def _surely(statements: list[ast.stmt]) -> set[str]:
    """What is set by ``statements`` whichever way they take; what comes to no end sets all that it may."""
    found: set[str] = set()
    for statement in statements:
        if isinstance(statement, ast.If):
            ways = [way for way in (statement.body, statement.orelse) if not (way and _ends(way[-1]))]
            sets = [_surely(way) for way in ways]
            found |= set.intersection(*sets) if sets else _stores([statement])
        elif not isinstance(statement, ast.For | ast.While | ast.Try):
            found |= _stores([statement])
    return found


def _ends(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break)


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """What is in ``function``, without functions in it."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield from own_nodes(child)
