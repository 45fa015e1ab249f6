"""Quotients as sizes, in a tree that MindSpore's compiler is given: ``x.reshape(n, c / 2)``, where 2 divides c.

MindSpore 1.x made a whole number of one whole number over another where it compiled, and its code counts on that. It is
a fraction now, as it is where Python runs, and no size. So it is made a whole number where only a size can stand.
"""

from __future__ import annotations

import ast
import re

from hubkit.compat.compiled.trees import call_of

_TAKES_SIZES = re.compile("broadcast|expand|fill|ones|reshape|resize|slice|tile|view|zeros")
_TAKES_NUMBERS = frozenset({"range", "reshape", "tile", "view"})  # each argument by itself, not in a tuple alone
_TAKES_COUNTS = re.compile("one_?hot|split|top_?k")  # how many, beside what else they take


class Sizes(ast.NodeTransformer):
    """Changes ``tree`` in its place."""

    def __init__(self, tree: ast.AST) -> None:
        self._quotients = _quotients(tree)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = _name(node.func)
        if name in _TAKES_NUMBERS or _TAKES_COUNTS.search(name.lower()):
            node.args = [self._whole(argument) for argument in node.args]
            for item in node.keywords:
                item.value = self._whole(item.value)
        if name in _TAKES_NUMBERS or _TAKES_SIZES.search(name.lower()):
            for given in (*node.args, *(item.value for item in node.keywords)):
                if isinstance(given, ast.Tuple | ast.List):
                    given.elts = [self._whole(element) for element in given.elts]
        return node

    def visit_Slice(self, node: ast.Slice) -> ast.AST:
        self.generic_visit(node)
        node.lower, node.upper = (part and self._whole(part) for part in (node.lower, node.upper))
        return node

    def _whole(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Tuple | ast.List | ast.Starred) or not _has_quotient(node, self._quotients):
            return node
        return call_of("hubkit_size", [node], node)


def _name(func: ast.expr) -> str:
    """What is called: the ``Reshape`` of ``P.Reshape()(x, shape)`` too."""
    match func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=made):
            return _name(made)
    return ""


def _quotients(tree: ast.AST) -> frozenset[str]:
    """The variables that a quotient is assigned to, or what is computed of one."""
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    found: frozenset[str] = frozenset()
    while True:
        more = found | {
            name.id
            for node in assigned
            if _has_quotient(node.value, found)
            for target in node.targets
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }
        if more == found:
            return found
        found = more


def _has_quotient(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether ``node`` is a quotient, or computed of one by Python's operators alone; calls give what they give."""
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.BinOp(left, operator, right):
            return isinstance(operator, ast.Div) or _has_quotient(left, names) or _has_quotient(right, names)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return any(_has_quotient(element, names) for element in elements)
    return False
