"""Dictionaries in a tree that MindSpore's compiler is given: what it refuses to do with them, in other words."""

from __future__ import annotations

import ast

from hubkit.compat.trees import at, call_of, evaluated_first, with_first


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
        """``if d.pop(...)``: statements before it, where nothing is evaluated before."""
        self.generic_visit(node)
        first = evaluated_first(node.test)
        if not _is_pop(first):
            return node
        name = f"hubkit_taken_at_{node.lineno}"
        node.test = with_first(node.test, at(ast.Name(name, ast.Load()), first))
        return [*_taken(ast.Assign([at(ast.Name(name, ast.Store()), first)], first), node), node]

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if _is_pop(node.value):
            return _taken(ast.Assign([at(ast.Name("_", ast.Store()), node)], node.value), node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        """``x = d.pop(...)``, and ``d["key"] = x``, for which the compiler takes no None."""
        self.generic_visit(node)
        if _is_pop(node.value):
            return _taken(node, node)
        match node.targets:
            case [ast.Subscript(value=ast.Name() as owner, slice=ast.Constant(value=str()) as key)]:
                return _changed("hubkit_with_item", owner, [key, node.value], node)
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        """``del d["key"]``."""
        match node.targets:
            case [ast.Subscript(value=ast.Name() as owner, slice=ast.Constant(value=str()) as key)]:
                return _changed("hubkit_without", owner, [key], node)
        return node


def _is_pop(node: ast.expr) -> bool:
    """Whether a dictionary is asked so; a list's ``pop`` has a place, or nothing, in its brackets."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr="pop"), args=[_, _] | [ast.Constant(value=str())]):
            return True
    return False


def _taken(made: ast.Assign, node: ast.stmt) -> list[ast.stmt]:
    """``x = d.pop(name, default)``, or without a default; the dictionary without it is another one to the compiler."""
    call = made.value
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    owner, name = call.func.value, call.args[0]
    assert isinstance(owner, ast.Name)
    if len(call.args) == 1:
        made.value = at(ast.Subscript(owner, name, ast.Load()), call)
    else:
        made.value = call_of("hubkit_taken", [owner, *call.args], call)
    return [at(made, node), _changed("hubkit_without", owner, [name], node)]


def _changed(function: str, owner: ast.Name, given: list[ast.expr], node: ast.stmt) -> ast.stmt:
    """``owner = function(owner, *given)``."""
    before, after = at(ast.Name(owner.id, ast.Load()), owner), at(ast.Name(owner.id, ast.Store()), owner)
    return at(ast.Assign([after], call_of(function, [before, *given], node)), node)
