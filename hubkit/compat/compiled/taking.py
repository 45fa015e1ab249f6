"""Expressions that change a variable, in a tree that MindSpore's compiler is given: statements before it instead.

Such are ``d.pop("a")`` of a dictionary, ``items.pop()`` of a list, ``next(items)`` of a generator, and ``(n := ...)``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from hubkit.compat.compiled.trees import at, call_of, changed


class TakenOut(ast.NodeTransformer):
    """Changes a tree in its place."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        taking = _Taking(node)
        node.test = taking.in_order(node.test)
        return [*taking.before, node]

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        taking = _Taking(node)
        node.value = taking.in_order(node.value)
        return taking.before if isinstance(node.value, ast.Name) and taking.before else [*taking.before, node]

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        taking = _Taking(node)
        node.value = node.value and taking.in_order(node.value)
        return [*taking.before, node]

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        taking = _Taking(node)
        node.value = taking.in_order(node.value)
        return [*taking.before, node]


class _Taking:
    """Takes them out of an expression of a statement, to stand before it.

    A dictionary without a name is another one to the compiler, which the name of the dictionary gets there.
    """

    def __init__(self, node: ast.stmt) -> None:
        self.before: list[ast.stmt] = []
        """The statements that are to stand before it."""
        self._node = node
        self._goes_on = True
        self._read: set[str] = set()

    def in_order(self, node: ast.expr) -> ast.expr:
        """``node`` with a name for each of them that is surely evaluated, and before which nothing else has an effect
        or reads what it changes; it is changed in its place."""
        if not self._goes_on or isinstance(node, ast.Constant):
            return node
        take = self._way_out(node)
        if take is not None:
            return take()
        match node:
            case ast.Name(id=name):
                self._read.add(name)
            case ast.Tuple() | ast.List():
                node.elts = [self.in_order(item) for item in node.elts]
            case ast.BinOp():
                node.left = self.in_order(node.left)
                node.right = self.in_order(node.right)
            case ast.UnaryOp():
                node.operand = self.in_order(node.operand)
            case ast.Attribute():
                node.value = self.in_order(node.value)
            case ast.Subscript():
                node.value = self.in_order(node.value)
                node.slice = self.in_order(node.slice)
            case ast.Compare():
                node.left = self.in_order(node.left)
                node.comparators[0] = self.in_order(node.comparators[0])
                self._goes_on = self._goes_on and len(node.comparators) == 1
            case ast.BoolOp():
                node.values[0] = self.in_order(node.values[0])
                self._goes_on = False
            case ast.IfExp():
                node.test = self.in_order(node.test)
                self._goes_on = False
            case ast.Call():
                node.func = self.in_order(node.func)
                node.args = [self.in_order(item) for item in node.args]
                for item in node.keywords:
                    item.value = self.in_order(item.value)
                self._goes_on = False
            case _:
                self._goes_on = False
        return node

    def _way_out(self, node: ast.expr) -> Callable[[], ast.expr] | None:
        """How to take ``node`` out, where it is one of them."""
        match node:
            case ast.NamedExpr(target=ast.Name(id=name)) if name not in self._read:
                return lambda: self._named(node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as owner, attr="pop"), args=given, keywords=[]):
                if _is_of_dictionary(given):
                    return lambda: self._popped(node, owner)
                if _is_of_list(given) and name not in self._read:
                    return lambda: self._result(node, node)
            case ast.Call(func=ast.Name(id="next"), args=[ast.Name(id=name) as owner], keywords=[]):
                if name not in self._read:  # what a generator gives is a list there
                    first = at(ast.Attribute(owner, "pop", ast.Load()), node)
                    taken = at(ast.Call(first, [at(ast.Constant(0), node)], []), node)
                    return lambda: self._result(taken, node)
        return None

    def _named(self, node: ast.NamedExpr) -> ast.expr:
        node.value = self.in_order(node.value)
        self._goes_on = True  # whatever had an effect in the value stands before the statement too
        self.before.append(at(ast.Assign([node.target], node.value), self._node))
        return at(ast.Name(node.target.id, ast.Load()), node)

    def _popped(self, node: ast.Call, owner: ast.Name) -> ast.expr:
        name = node.args[0]
        if len(node.args) == 1:
            found: ast.expr = at(ast.Subscript(owner, name, ast.Load()), node)
        else:
            found = call_of("hubkit_taken", [owner, *node.args], node)
        result = self._result(found, node)
        self.before.append(changed("hubkit_without", owner, [name], self._node))
        return result

    def _result(self, found: ast.expr, node: ast.expr) -> ast.expr:
        """The name that ``found`` gets, which stands in the place of ``node``."""
        name = f"hubkit_taken_at_{node.lineno}_{node.col_offset}"
        self.before.append(at(ast.Assign([at(ast.Name(name, ast.Store()), node)], found), self._node))
        return at(ast.Name(name, ast.Load()), node)


def _is_of_dictionary(given: list[ast.expr]) -> bool:
    """Whether a ``pop`` with these arguments is a dictionary's, or may be; a list's has a place, or nothing, in its
    brackets."""
    match given:
        case [name, _] | [ast.Constant(str()) | ast.Name() as name]:
            return isinstance(name, ast.Constant | ast.Name)
    return False


def _is_of_list(given: list[ast.expr]) -> bool:
    match given:
        case [] | [ast.Constant(int())] | [ast.UnaryOp(ast.USub(), ast.Constant(int()))]:
            return True
    return False
