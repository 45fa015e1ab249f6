"""Dictionaries in a tree that MindSpore's compiler is given: what it refuses to do with them, in other words."""

from __future__ import annotations

import ast

from hubkit.compat.trees import at, call_of


class Dictionaries(ast.NodeTransformer):
    """Changes a tree in its place."""

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """``{**a, "b": x}``, of which the compiler makes something else."""
        self.generic_visit(node)
        if None not in node.keys:
            return node
        parts: list[ast.expr] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                parts.append(value)
            elif parts and isinstance(parts[-1], ast.Dict):
                parts[-1].keys.append(key)
                parts[-1].values.append(value)
            else:
                parts.append(at(ast.Dict([key], [value]), node))
        whole = parts[0]
        for part in parts[1:] or parts:
            whole = call_of("hubkit_merged", [whole, part], node)
        return whole

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """``d.update(a=x)``: with a dictionary instead."""
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(attr="update"), args=[], keywords=[_, *_] as items) if all(
                item.arg for item in items
            ):
                keys: list[ast.expr | None] = [at(ast.Constant(item.arg), node) for item in items]
                node.args, node.keywords = [at(ast.Dict(keys, [item.value for item in items]), node)], []
        return node

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
        """``x = d.pop(...)``, and ``d["key"] = x``, for which the compiler takes no None."""
        self.generic_visit(node)
        taking = _Taking(node)
        node.value = taking.in_order(node.value)
        match node.targets:
            case [ast.Subscript(value=ast.Name() as owner, slice=ast.Constant(value=str()) as key)]:
                return [*taking.before, _changed("hubkit_with_item", owner, [key, node.value], node)]
        return [*taking.before, node]

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        """``del d["key"]``."""
        match node.targets:
            case [ast.Subscript(value=ast.Name() as owner, slice=ast.Constant(value=str()) as key)]:
                return _changed("hubkit_without", owner, [key], node)
        return node


class _Taking:
    """Takes ``d.pop(name, default)`` out of an expression of a statement, to stand before it: the dictionary without
    the name is another one to the compiler, which the name of the dictionary gets there."""

    def __init__(self, node: ast.stmt) -> None:
        self.before: list[ast.stmt] = []
        """The statements that are to stand before it."""
        self._node = node
        self._goes_on = True

    def in_order(self, node: ast.expr) -> ast.expr:
        """``node`` with a name for each of them that is surely evaluated, and before which nothing else has an effect;
        it is changed in its place."""
        if not self._goes_on or isinstance(node, ast.Constant | ast.Name):
            return node
        if _is_pop(node):
            return self._taken(node)
        match node:
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

    def _taken(self, node: ast.expr) -> ast.expr:
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Attribute)
        owner, name = node.func.value, node.args[0]
        assert isinstance(owner, ast.Name)
        if len(node.args) == 1:
            found: ast.expr = at(ast.Subscript(owner, name, ast.Load()), node)
        else:
            found = call_of("hubkit_taken", [owner, *node.args], node)
        result = f"hubkit_taken_at_{node.lineno}_{node.col_offset}"
        self.before += [
            at(ast.Assign([at(ast.Name(result, ast.Store()), node)], found), self._node),
            _changed("hubkit_without", owner, [name], self._node),
        ]
        return at(ast.Name(result, ast.Load()), node)


def _is_pop(node: ast.expr) -> bool:
    """Whether a dictionary is asked so, by a name; a list's ``pop`` has a place, or nothing, in its brackets."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr="pop"), args=[name, _] | [ast.Constant(str()) as name]):
            return isinstance(name, ast.Constant | ast.Name)
    return False


def _changed(function: str, owner: ast.Name, given: list[ast.expr], node: ast.stmt) -> ast.stmt:
    """``owner = function(owner, *given)``."""
    before, after = at(ast.Name(owner.id, ast.Load()), owner), at(ast.Name(owner.id, ast.Store()), owner)
    return at(ast.Assign([after], call_of(function, [before, *given], node)), node)
