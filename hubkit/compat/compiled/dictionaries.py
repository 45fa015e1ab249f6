"""Dictionaries in a tree that MindSpore's compiler is given: what it refuses to do with them, in other words."""

from __future__ import annotations

import ast

from hubkit.compat.compiled.trees import at, call_of, changed


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
        """``d.update(a=x)``: with a dictionary instead; and ``dict(a=x)``, ``dict(pairs)``."""
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=[_, *_] as items) if all(
                item.arg for item in items
            ):
                names: list[ast.expr | None] = [at(ast.Constant(item.arg), node) for item in items]
                return at(ast.Dict(names, [item.value for item in items]), node)
            case ast.Call(func=ast.Name(id="dict"), args=[value], keywords=[]):
                return call_of("hubkit_dictionary", [value], node)
            case ast.Call(func=ast.Attribute(attr="update"), args=[], keywords=[_, *_] as items) if all(
                item.arg for item in items
            ):
                keys: list[ast.expr | None] = [at(ast.Constant(item.arg), node) for item in items]
                node.args, node.keywords = [at(ast.Dict(keys, [item.value for item in items]), node)], []
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """``{...} | other``."""
        self.generic_visit(node)
        if isinstance(node.op, ast.BitOr) and any(map(_is_dictionary, (node.left, node.right))):
            return call_of("hubkit_merged", [node.left, node.right], node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """``d.setdefault("key", x)``."""
        self.generic_visit(node)
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr="setdefault"), args=[_, _] as given):
                return changed("hubkit_with_default", owner, given, node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        """``d["key"] = x``, for which the compiler takes no None, and ``x = d.setdefault("key", y)``."""
        self.generic_visit(node)
        match node:
            case ast.Assign([ast.Subscript(value=ast.Name() as owner, slice=ast.Constant(value=str()) as key)]):
                return changed("hubkit_with_item", owner, [key, node.value], node)
            case ast.Assign(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name() as owner, attr="setdefault"),
                    args=[ast.Constant() | ast.Name() as key, _] as given,
                )
            ):
                node.value = at(ast.Subscript(owner, key, ast.Load()), node.value)
                return [changed("hubkit_with_default", owner, given, node), node]
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        """``del d["key"]``."""
        match node.targets:
            case [ast.Subscript(value=ast.Name() as owner, slice=ast.Constant(value=str()) as key)]:
                return changed("hubkit_without", owner, [key], node)
        return node


def _is_dictionary(node: ast.expr) -> bool:
    """Whether ``node`` is surely one, as it was or changed."""
    match node:
        case ast.Dict() | ast.Call(func=ast.Name(id="hubkit_merged" | "hubkit_dictionary")):
            return True
    return False
