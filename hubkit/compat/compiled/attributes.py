"""``self.name = value`` in a tree that MindSpore's compiler is given, which lets a layer's parameters alone be changed.

Much code carries a value so from one line to a later one, or to a method that it calls. Where that is all, and no run
reads what the one before has left, the attribute is a variable, and an argument of the methods that read it. Attributes
of which more cannot be said stay, and are refused.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType

from hubkit.compat.compiled.classes import owner_of
from hubkit.compat.compiled.trees import at

_NOT_THEIRS = ("builtins", "hubkit", "mindspore", "pybind11_builtins")  # what layers derive from
_PREFIX = "hubkit_own_"


@dataclass(slots=True)
class _Carried:
    """How an attribute is carried through the methods of a class."""

    variables: set[str] = field(default_factory=set)
    """The methods that set it before they read it."""
    arguments: set[str] = field(default_factory=set)
    """The methods that it is given to."""


class OwnAttributes(ast.NodeTransformer):
    """Changes the tree of a function of ``module``, which is known there as ``qualified``, in its place."""

    def __init__(self, module: ModuleType, qualified: str) -> None:
        owner = owner_of(vars(module), qualified)
        self._carried = _carried(owner) if owner is not None and "<" not in qualified else {}
        self._method = qualified.rpartition(".")[2]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if node.name == self._method and node.args.args:
            for name, carried in self._carried.items():
                if self._method in carried.arguments:
                    node.args.kwonlyargs.append(at(ast.arg(_PREFIX + name), node.args.args[0]))
                    node.args.kw_defaults.append(None)
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        carried = self._carried.get(node.attr)
        if carried is None or not _is_own(node) or self._method not in carried.variables | carried.arguments:
            return node
        return at(ast.Name(_PREFIX + node.attr, node.ctx), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and _is_own(node.func):
            for name, carried in self._carried.items():
                if node.func.attr in carried.arguments:
                    value = at(ast.Name(_PREFIX + name, ast.Load()), node)
                    node.keywords.append(at(ast.keyword(_PREFIX + name, value), node))
        return node


@cache
def _carried(owner: type) -> Mapping[str, _Carried]:
    """The attributes that methods of ``owner`` may carry so."""
    try:
        methods = dict(methods_of(owner))
        others = ast.parse(inspect.getsource(inspect.getmodule(owner) or owner))
    except (OSError, TypeError, SyntaxError):
        return {}
    read_of_others = {
        node.attr
        for node in ast.walk(others)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and not _is_own(node)
    }
    names = {
        node.attr
        for name, method in methods.items()
        if name != "__init__"
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute) and _is_own(node) and isinstance(node.ctx, ast.Store)
    }
    found = {
        name: _way(name, methods)
        for name in sorted(names - read_of_others)
        if not hasattr(owner, name) and _is_plain(name, methods.get("__init__"))
    }
    return {name: way for name, way in found.items() if way is not None}


def methods_of(owner: type) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The methods that an object of ``owner`` has of a repository's code; of none where others derive from it."""
    if owner.__subclasses__():
        return
    for kind in reversed(owner.__mro__):
        if kind.__module__.partition(".")[0] not in _NOT_THEIRS:
            (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
            assert isinstance(definition, ast.ClassDef)
            yield from ((item.name, item) for item in definition.body if isinstance(item, ast.FunctionDef))


def _is_plain(name: str, made: ast.FunctionDef | None) -> bool:
    """Whether ``made``, a layer's ``__init__``, gives the attribute ``name`` nothing, or a constant."""
    for node in ast.walk(made) if made is not None else ():
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        own = [item for target in targets if target for item in ast.walk(target) if _is_named(item, name)]
        if own and not (isinstance(node, ast.Assign) and _is_constant(node.value)):
            return False
    return True


def _is_constant(node: ast.expr) -> bool:
    match node:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return all(map(_is_constant, elements))
        case ast.Dict(keys=keys):
            return not keys
        case ast.UnaryOp(operand=operand):
            return _is_constant(operand)
    return isinstance(node, ast.Constant)


def _way(name: str, methods: Mapping[str, ast.FunctionDef]) -> _Carried | None:
    """How the methods carry the attribute ``name``; None where they do more than that."""
    ways = [item for method, node in methods.items() if method != "__init__" for item in _named(node, name)]
    if not any(isinstance(item.ctx, ast.Load) for item in ways):
        return _Carried(variables=set(methods))
    way = _Carried()
    reading: list[str] = []
    for method, node in methods.items():
        own = _named(node, name) if method != "__init__" else []
        stores = any(isinstance(item.ctx, ast.Store | ast.Del) for item in own)
        if stores and _first(node, name) is None:
            return None
        if stores:
            way.variables.add(method)
        elif own:
            reading.append(method)
    while reading:
        method = reading.pop()
        callers = {caller for caller, node in methods.items() if _named(node, method)}
        if method == "construct" or not callers or any(not _calls_only(methods[each], method) for each in callers):
            return None
        way.arguments.add(method)
        reading += callers - way.variables - way.arguments
        for caller in callers & way.variables:
            if not _behind(methods[caller], method, _first(methods[caller], name)):
                return None
    return way


def _first(method: ast.FunctionDef, name: str) -> ast.stmt | None:
    """The statement that sets the attribute, where nothing before it in ``method`` has to do with it."""
    for statement in method.body:
        if _named(statement, name):
            if not isinstance(statement, ast.Assign) or _named(statement.value, name):
                return None
            targets = [part for target in statement.targets for part in _parts(target)]
            return statement if any(_is_named(part, name) for part in targets) else None
    return None


def _parts(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, ast.Tuple | ast.List) else [target]


def _calls_only(method: ast.FunctionDef, name: str) -> bool:
    """Whether ``self.name`` stands in ``method`` only where it is called."""
    called = {id(item.func) for item in ast.walk(method) if isinstance(item, ast.Call)}
    return all(id(item) in called for item in _named(method, name))


def _behind(method: ast.FunctionDef, name: str, first: ast.stmt | None) -> bool:
    """Whether ``self.name`` stands in ``method`` only behind the statement ``first``."""
    end = first.end_lineno if first is not None and first.end_lineno else 0
    return all(item.lineno > end for item in _named(method, name))


def _named(node: ast.AST, name: str) -> list[ast.Attribute]:
    """Where ``self.name`` stands in ``node``."""
    return [item for item in ast.walk(node) if isinstance(item, ast.Attribute) and _is_named(item, name)]


def _is_named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and _is_own(node)


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"
