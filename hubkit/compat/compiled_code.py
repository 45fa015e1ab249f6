"""Calls of tensors' methods, in what MindSpore's compiler is given: those that `hubkit.compat.methods` replaces become
calls of functions."""

from __future__ import annotations

import ast
import copy
import importlib
from collections.abc import Mapping
from contextlib import suppress
from types import ModuleType
from typing import Any, TypeVar

import mindspore

from hubkit.compat import methods, tensor_methods

_PREFIX = "hubkit_"
_TENSOR = f"{_PREFIX}tensor_of"
_PARSERS = ("mindspore.graph._parse.parser", "mindspore._extends.parse.parser")
_OURS = ("mindspore", "hubkit")  # code that needs no stand-ins
_DONE = "of_hubkit"
_Node = TypeVar("_Node", bound=ast.AST)


def _functions() -> dict[str, Any]:
    """The names that calls get -> the functions that are called."""
    found = {f"{_PREFIX}{name}": methods.compiled(name, method) for name, method in methods.METHODS.items()}
    for name, pair in methods.PAIRS.items():
        found[f"{_PREFIX}{name}"] = methods.compiled(name, methods.Method(pair))
    for name, values in methods.IN_PLACE.items():
        found[f"{_PREFIX}{name}"] = methods.compiled_in_place(name, values)
        found[f"{_PREFIX}{name}values"] = methods.compiled(name, methods.Method(values))
    found[_TENSOR] = tensor_methods.tensor
    return found


def install() -> None:
    """Let the compiler's parser give what stands for them; calling it again changes nothing."""
    for place in _PARSERS:
        with suppress(ImportError):
            module = importlib.import_module(place)
            if not getattr(module.Parser.parse, _DONE, False):
                _change(module)
            return


def _change(module: ModuleType) -> None:
    parser, namespace = module.Parser, importlib.import_module(module.__name__.replace("parser", "namespace"))
    functions = _functions()
    changed: dict[tuple[str, int], ast.AST] = {}
    ours = namespace.Namespace("hubkit.compat.methods", functions)
    parse, get_namespace_symbol = parser.parse, parser.get_namespace_symbol

    def parse_calls(self: Any) -> Any:
        tokens, tree = parse(self)
        home = self.fn.__module__
        if tree is None or home.partition(".")[0] in _OURS:
            return tokens, tree
        if (home, id(tree)) not in changed:  # the parser keeps a tree for all functions of the same text
            own = copy.deepcopy(tree)
            changed[home, id(tree)] = _Calls(own, vars(importlib.import_module(home))).visit(own)
        return tokens, changed[home, id(tree)]

    def symbol(self: Any, var: str) -> Any:
        if var in functions:
            return ours, var, functions[var], module.SYNTAX_SUPPORTED
        return get_namespace_symbol(self, var)

    setattr(parse_calls, _DONE, True)
    parser.parse, parser.get_namespace_symbol = parse_calls, symbol


class _Calls(ast.NodeTransformer):
    """Changes a tree in its place."""

    def __init__(self, tree: ast.AST, known: Mapping[str, Any]) -> None:
        nodes = list(ast.walk(tree))
        own = {node.arg for node in nodes if isinstance(node, ast.arg)}
        own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        self._no_tensors = {
            name for name, value in known.items() if isinstance(value, ModuleType | type) and name not in own
        }
        self._known = {name: value for name, value in known.items() if name not in own}
        self._pairs = methods.PAIRS if methods.uses_mint(known) else {}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(attr=name) if self._may_be_tensor(node.func.value):
                method = methods.METHODS.get(name)
                if name in methods.IN_PLACE or (method is not None and _means(method, node)):
                    return _called(node, name)
        if node.args and {item.arg for item in node.keywords} <= {"dtype"} and self._makes_tensor(node.func):
            node.func = _at(ast.Name(_TENSOR, ast.Load()), node.func)
        return node

    def _makes_tensor(self, node: ast.expr) -> bool:
        """Whether ``node`` is the class of tensors, which the compiler calls with constants only."""
        match node:
            case ast.Name(id=name):
                return self._known.get(name) is mindspore.Tensor
            case ast.Attribute(value=ast.Name(id=module), attr="Tensor"):
                return getattr(self._known.get(module), "Tensor", None) is mindspore.Tensor
        return False

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """``(a is None) ^ (b is not None)``: the compiler has ``!=`` for truth values, and this for numbers only."""
        self.generic_visit(node)
        if isinstance(node.op, ast.BitXor) and _is_truth(node.left) and _is_truth(node.right):
            return _at(ast.Compare(node.left, [ast.NotEq()], [node.right]), node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Subscript() as part, attr=name) as func) if (
                name in methods.IN_PLACE and self._may_be_tensor(part)
            ):
                return self._set(node, node.value, func, part)
        self.generic_visit(node)
        return node

    def _set(self, node: ast.Expr, call: ast.Call, func: ast.Attribute, part: ast.Subscript) -> ast.AST:
        """``x[i].add_(y)`` as ``x[i] = ...``: what is compiled changes the part alone, which nothing else has."""
        target = copy.copy(part)
        target.ctx = ast.Store()
        self.generic_visit(call)
        found = ast.Assign([target], _called(call, f"{func.attr}values"))
        return _at(found, node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.slice, ast.Constant) and node.slice.value in (0, 1):
            node.value = self._pair(node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.targets[0], ast.Tuple) and len(node.targets[0].elts) == 2:
            node.value = self._pair(node.value)
        return node

    def _pair(self, node: ast.expr) -> ast.expr:
        """``x.max(1)`` where a pair is meant."""
        match node:
            case ast.Call(func=ast.Attribute(value=tensor, attr=name), args=[_, *_], keywords=[]) if (
                name in self._pairs and self._may_be_tensor(tensor)
            ):
                return _called(node, name)
        return node

    def _may_be_tensor(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name) and node.id in ("self", "cls"):
            return False
        while isinstance(node, ast.Attribute):
            node = node.value
        return not isinstance(node, ast.Name) or node.id not in self._no_tensors


def _is_truth(node: ast.expr) -> bool:
    match node:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp(values=values):
            return all(map(_is_truth, values))
        case ast.Compare(ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()]):
            return True
    return False


def _means(method: methods.Method, node: ast.Call) -> bool:
    unknown = any(isinstance(item, ast.Starred) for item in node.args) or any(
        item.arg is None for item in node.keywords
    )
    if unknown:
        return not method.keywords and not method.counts
    names = frozenset(item.arg for item in node.keywords if item.arg is not None)
    return method.means(len(node.args) + len(node.keywords), names)


def _called(node: ast.Call, name: str) -> ast.Call:
    """The call of the function of ``name``, which gets the tensor first."""
    assert isinstance(node.func, ast.Attribute)
    function = _at(ast.Name(f"{_PREFIX}{name}", ast.Load()), node.func)
    return _at(ast.Call(function, [node.func.value, *node.args], node.keywords), node)


def _at(made: _Node, old: ast.AST) -> _Node:
    """``made``, which is told to lie where ``old`` does."""
    ast.copy_location(made, old)
    for name in ("first_token", "last_token"):  # what the compiler finds places by
        if hasattr(old, name):
            setattr(made, name, getattr(old, name))
    return made
