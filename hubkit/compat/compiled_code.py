"""Calls of tensors' methods, in what MindSpore's compiler is given: those that `hubkit.compat.methods` replaces become
calls of functions."""

from __future__ import annotations

import ast
import copy
import importlib
from collections.abc import Mapping
from contextlib import suppress
from types import ModuleType
from typing import Any

import mindspore

from hubkit.compat import methods, outputs
from hubkit.compat.definitions import define_first
from hubkit.compat.output_calls import FUNCTIONS, OutputCalls
from hubkit.compat.trees import at, call_of
from hubkit.compat.views import refuse_changes

_PREFIX = "hubkit_"
_PARSERS = ("mindspore.graph._parse.parser", "mindspore._extends.parse.parser")
_OURS = ("mindspore", "hubkit")  # code that needs no stand-ins
_DONE = "of_hubkit"


def _functions() -> dict[str, Any]:
    """The names that calls get -> the functions that are called."""
    found = {**FUNCTIONS, f"{_PREFIX}tensor": methods.tensor}
    found |= {f"{_PREFIX}{name}": methods.compiled(name, method) for name, method in methods.METHODS.items()}
    for name, pair in methods.PAIRS.items():
        found[f"{_PREFIX}{name}"] = methods.compiled(name, methods.Method(pair))
    for name, values in methods.IN_PLACE.items():
        found[f"{_PREFIX}{name}"] = methods.compiled_in_place(name, values)
        found[f"{_PREFIX}{name}values"] = methods.compiled(name, methods.Method(values))
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
            known = vars(importlib.import_module(home))
            own = define_first(_Calls(tree, known).visit(copy.deepcopy(tree)))
            fields = outputs.known_fields()
            changed[home, id(tree)] = OutputCalls(known, fields).visit(own) if fields else own
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
        self._known = known
        own = {node.arg for node in nodes if isinstance(node, ast.arg)}
        own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        self._no_tensors = {
            name for name, value in known.items() if isinstance(value, ModuleType | type) and name not in own
        }
        refuse_changes(tree, methods.IN_PLACE, self._no_tensors)
        self._pairs = methods.PAIRS if methods.uses_mint(known) else {}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if self._makes_tensor(node.func):
            node.func = at(ast.Name(f"{_PREFIX}tensor", ast.Load()), node.func)
            return node
        match node:
            case ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp(elt=ast.Call(func=ast.Name(id="callable")))]):
                return at(ast.Constant(True), node)
        match node.func:
            case ast.Attribute(attr=name) if self._may_be_tensor(node.func.value):
                method = methods.METHODS.get(name)
                if name in methods.IN_PLACE or (method is not None and _means(method, node)):
                    return _called(node, name)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """``(a is None) ^ (b is not None)``: the compiler has ``!=`` for truth values, and this for numbers only."""
        self.generic_visit(node)
        if isinstance(node.op, ast.BitXor) and _is_truth(node.left) and _is_truth(node.right):
            return at(ast.Compare(node.left, [ast.NotEq()], [node.right]), node)
        return node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        """``if (n := ...) > 0`` and ``if d.pop(...)``: a statement before it, where nothing is evaluated before."""
        self.generic_visit(node)
        first = node.test
        while True:
            match first:
                case ast.NamedExpr(target=target, value=value):
                    made: list[ast.stmt] = [at(ast.Assign([target], value), first)]
                    break
                case ast.Call(func=ast.Attribute(value=ast.Name(), attr="pop"), args=[_, _]):
                    target = at(ast.Name(f"{_PREFIX}taken_at_{node.lineno}", ast.Store()), first)
                    made = self._taken(ast.Assign([target], first), node)
                    break
                case ast.BoolOp(values=[left, *_]) | ast.Compare(left=left) | ast.UnaryOp(operand=left):
                    first = left
                case _:
                    return node
        node.test = _replaced(node.test, first, at(ast.Name(target.id, ast.Load()), first))
        return [*made, node]

    def visit_Try(self, node: ast.Try) -> ast.AST | list[ast.stmt]:
        """One that only words errors otherwise: the compiler has none, and what it compiles raises none."""
        self.generic_visit(node)
        if all(isinstance(handler.body[-1], ast.Raise) for handler in node.handlers):
            return [*node.body, *node.orelse, *node.finalbody]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """``type(x) is tuple``: the compiler has ``isinstance`` for what is made of tensors."""
        self.generic_visit(node)
        match node:
            case ast.Compare(
                left=ast.Call(func=ast.Name(id="type"), args=[value]),
                ops=[ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq() as operator],
                comparators=[ast.Name(id="tuple" | "list" | "dict") as kind],
            ):
                found = call_of("isinstance", [value, kind], node)
                return found if isinstance(operator, ast.Is | ast.Eq) else at(ast.UnaryOp(ast.Not(), found), node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr="pop"), args=[_, _]):
                return self._taken(ast.Assign([at(ast.Name("_", ast.Store()), node)], node.value), node)
            case ast.Call(func=ast.Attribute(attr=name)) if name.startswith("warn"):
                return at(ast.Pass(), node)  # it tells the user something, often what only running code can know
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
        return at(found, node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.slice, ast.Constant) and node.slice.value in (0, 1):
            node.value = self._pair(node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr="pop"), args=[_, _]):
                return self._taken(node, node)
        if isinstance(node.targets[0], ast.Tuple) and len(node.targets[0].elts) == 2:
            node.value = self._pair(node.value)
        return node

    def _taken(self, made: ast.Assign, node: ast.stmt) -> list[ast.stmt]:
        """``x = d.pop(name, default)``; the dictionary without it is another one to the compiler."""
        call = made.value
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        owner, name = call.func.value, call.args[0]
        assert isinstance(owner, ast.Name)
        target = at(ast.Name(owner.id, ast.Store()), owner)
        made.value = call_of("hubkit_taken", [owner, *call.args], call)
        left = ast.Assign([target], call_of("hubkit_without", [owner, name], call))
        return [at(made, node), at(left, node)]

    def _pair(self, node: ast.expr) -> ast.expr:
        """``x.max(1)`` where a pair is meant."""
        match node:
            case ast.Call(func=ast.Attribute(value=tensor, attr=name), args=[_, *_], keywords=[]) if (
                name in self._pairs and self._may_be_tensor(tensor)
            ):
                return _called(node, name)
        return node

    def _makes_tensor(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                found = self._known.get(name) if name in self._no_tensors or name == "tensor" else None
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self._no_tensors:
                found = getattr(self._known[module], name, None)
            case _:
                return False
        return found is not None and (found is mindspore.Tensor or found is mindspore.tensor)

    def _may_be_tensor(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name) and node.id in ("self", "cls"):
            return False
        while isinstance(node, ast.Attribute):
            node = node.value
        return not isinstance(node, ast.Name) or node.id not in self._no_tensors


def _replaced(node: ast.expr, old: ast.expr, made: ast.expr) -> ast.expr:
    """``node`` with ``made`` in the place of ``old``, which lies first in it."""
    match node:
        case ast.BoolOp(values=[left, *rest]):
            node.values = [_replaced(left, old, made), *rest]
        case ast.Compare(left=left):
            node.left = _replaced(left, old, made)
        case ast.UnaryOp(operand=left):
            node.operand = _replaced(left, old, made)
        case _ if node is old:
            return made
    return node


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
    function = at(ast.Name(f"{_PREFIX}{name}", ast.Load()), node.func)
    return at(ast.Call(function, [node.func.value, *node.args], node.keywords), node)
