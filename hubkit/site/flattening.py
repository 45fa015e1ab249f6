"""A template in one piece: what it extends, includes and imports is put in its place before it is compiled.

A page is then made by one function without a call. It says what Jinja says of the parts, as far as hubkit's own
templates go: a block is not taken up with ``super()``, names of templates are written out, and macros are called by
the names of their parameters, without ``caller``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import TypeVar

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

_Node = TypeVar("_Node", bound=nodes.Node)

# What gives a name to something.
_NAMING = (nodes.Macro, nodes.Import, nodes.Assign, nodes.AssignBlock)


@dataclass(frozen=True, slots=True)
class _File:
    """What the parts of a template may call."""

    macros: Mapping[str, nodes.Macro] = field(default_factory=dict)
    """Its macros."""
    imported: Mapping[str, _File] = field(default_factory=dict)
    """The templates that it imports, by the names that it gives them."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A block, and the template that says what it holds."""

    body: list[nodes.Node]
    """What it holds."""
    file: _File
    """What that may call."""


def flatten(environment: Environment, source: nodes.Template) -> nodes.Template:
    """The template without other templates, blocks and those macros whose calls could be replaced by what they say."""
    template = _copied(source)
    template.body = _whole(environment, template, {}, count())
    if source.find(nodes.Extends):  # of a page; macros of other templates may be called from elsewhere
        _without_what_is_unused(template)
    return template.set_environment(environment)  # type: ignore[return-value]  # it returns itself


def _whole(
    environment: Environment, template: nodes.Template, blocks: Mapping[str, _Block], numbers: Iterator[int]
) -> list[nodes.Node]:
    """The body of a template in which ``blocks`` go before its own."""
    file = _file(environment, template)
    own = {block.name: _Block(block.body, file) for block in template.find_all(nodes.Block)}
    blocks = {**own, **blocks}
    extended = next(template.find_all(nodes.Extends), None)
    if extended is None:
        return _Flattener(environment, file, blocks, numbers).bodies(template.body)
    before = [node for node in template.body if isinstance(node, _NAMING)]
    return [*before, *_whole(environment, _parsed(environment, extended.template), blocks, numbers)]


def _file(environment: Environment, template: nodes.Template) -> _File:
    return _File(
        {macro.name: macro for macro in template.find_all(nodes.Macro)},
        {
            node.target: _file(environment, _parsed(environment, node.template))
            for node in template.find_all(nodes.Import)
        },
    )


def _parsed(environment: Environment, name: nodes.Expr) -> nodes.Template:
    assert environment.loader is not None  # the templates of a folder
    source, filename, _ = environment.loader.get_source(environment, name.as_const())
    return _copied(_tree(environment, source, name.as_const(), filename))


@lru_cache(maxsize=64)  # most templates are taken into many
def _tree(environment: Environment, source: str, name: str, filename: str | None) -> nodes.Template:
    return environment._parse(source, name, filename)


class _Flattener(NodeTransformer):
    """Puts parts into the nodes of one template."""

    def __init__(
        self, environment: Environment, file: _File, blocks: Mapping[str, _Block], numbers: Iterator[int]
    ) -> None:
        self._environment = environment
        self._file = file
        self._blocks = blocks
        self._numbers = numbers

    def bodies(self, body: Iterable[nodes.Node]) -> list[nodes.Node]:
        """What the nodes of a body become."""
        holder = nodes.Template(list(body))
        self.generic_visit(holder)
        return _joined(holder.body)

    def generic_visit(self, node: nodes.Node, *args: object, **kwargs: object) -> nodes.Node:
        """Visit what a node holds, and join what is said in a row."""
        super().generic_visit(node, *args, **kwargs)
        for name in ("body", "else_"):
            if isinstance(getattr(node, name, None), list):
                setattr(node, name, _joined(getattr(node, name)))
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802 (these are named after the nodes)
        return node  # what is left of its calls takes it as it is

    def visit_Block(self, node: nodes.Block) -> nodes.Node:  # noqa: N802
        return self._block(node.name)

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802
        included = _parsed(self._environment, node.template)
        return nodes.Scope(_whole(self._environment, included, {}, self._numbers), lineno=node.lineno)

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:  # noqa: N802
        found: list[nodes.Node] = []
        for child in node.nodes:
            part = self._part(child)
            found.append(part if part is not None else nodes.Output([child], lineno=node.lineno))
        return found

    def _part(self, node: nodes.Expr) -> nodes.Node | None:
        """What a block or a macro says that is called here; None where it is neither, or must be left as it is."""
        if not isinstance(node, nodes.Call) or node.dyn_args or node.dyn_kwargs:
            return None
        callee = node.node
        if isinstance(callee, nodes.Name):
            return self._call(self._file, callee.name, node)
        if isinstance(callee, nodes.Getattr) and isinstance(callee.node, nodes.Name):
            if callee.node.name == "self":
                return self._block(callee.attr)
            if callee.node.name in self._file.imported:
                return self._call(self._file.imported[callee.node.name], callee.attr, node)
        return None

    def _block(self, name: str) -> nodes.Node:
        block = self._blocks[name]
        flattener = _Flattener(self._environment, block.file, self._blocks, self._numbers)
        return nodes.Scope(flattener.bodies([_copied(node) for node in block.body]))

    def _call(self, file: _File, name: str, call: nodes.Call) -> nodes.Node | None:
        macro = file.macros.get(name)
        if macro is None:
            return None
        arguments = dict(zip((parameter.name for parameter in macro.args), call.args, strict=False))
        arguments |= {keyword.key: keyword.value for keyword in call.kwargs}
        if len(call.args) + len(call.kwargs) != len(macro.args) or len(arguments) != len(macro.args):
            return None
        # No name of the macro meets one of the place where it is called.
        number = next(self._numbers)
        own = {node.name for node in macro.find_all(nodes.Name) if node.ctx in ("store", "param")}
        names = {name: f"{name}_{number}" for name in own if name != "loop"}
        body = [_Renaming(names, arguments).visit(_copied(node)) for node in macro.body]
        assigned: list[nodes.Node] = [
            nodes.Assign(nodes.Name(names[name], "store"), value, lineno=call.lineno)
            for name, value in arguments.items()
            if not isinstance(value, nodes.Const)
        ]
        flattener = _Flattener(self._environment, file, self._blocks, self._numbers)
        return nodes.Scope([*assigned, *flattener.bodies(body)], lineno=call.lineno)


class _Renaming(NodeTransformer):
    """Gives the names of a macro other ones; a parameter that is a constant becomes it."""

    def __init__(self, names: Mapping[str, str], arguments: Mapping[str, nodes.Expr]) -> None:
        self._names = names
        self._arguments = arguments

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 (named after the node)
        value = self._arguments.get(node.name)
        if isinstance(value, nodes.Const) and node.ctx == "load":
            return _copied(value)
        return nodes.Name(self._names.get(node.name, node.name), node.ctx, lineno=node.lineno)


def _copied(node: _Node) -> _Node:
    """A node that can be changed without the original."""
    found = copy(node)
    for name in node.fields:
        value = getattr(node, name, None)
        if isinstance(value, nodes.Node):
            setattr(found, name, _copied(value))
        elif isinstance(value, list):
            setattr(found, name, [_copied(item) if isinstance(item, nodes.Node) else item for item in value])
    return found


def _joined(body: Iterable[nodes.Node]) -> list[nodes.Node]:
    """The nodes with all that is said in a row said by one of them."""
    found: list[nodes.Node] = []
    for node in body:
        # A scope that keeps no name of its own is none.
        inner = node.body if isinstance(node, nodes.Scope) and not _keeps_names(node) else [node]
        for part in inner:
            if isinstance(part, nodes.Output) and found and isinstance(found[-1], nodes.Output):
                found[-1] = nodes.Output([*found[-1].nodes, *part.nodes], lineno=found[-1].lineno)
            else:
                found.append(part)
    return found


def _keeps_names(node: nodes.Scope | nodes.If) -> bool:
    branches = (node.body, node.elif_, node.else_) if isinstance(node, nodes.If) else (node.body,)
    return any(
        isinstance(part, _NAMING) or (isinstance(part, nodes.If) and _keeps_names(part))
        for branch in branches
        for part in branch
    )


def _without_what_is_unused(template: nodes.Template) -> None:
    """Leave out macros and imports that are no longer called."""
    while True:
        used = {name.name for name in template.find_all(nodes.Name) if name.ctx == "load"}
        kept = [
            node
            for node in template.body
            if not (isinstance(node, nodes.Macro) and node.name not in used)
            and not (isinstance(node, nodes.Import) and node.target not in used)
        ]
        if len(kept) == len(template.body):
            return
        template.body = kept
