"""What Python has and MindSpore's compiler refuses, in a tree that it is given: the same in other words.

What is about dictionaries alone is in `hubkit.compat.compiled.dictionaries`, and what changes variables within an
expression in `hubkit.compat.compiled.taking`.
"""

from __future__ import annotations

import ast

from hubkit.compat.compiled.trees import at, call_of, changed
from hubkit.compat.use import HANDLER, mark


class OtherWords(ast.NodeTransformer):
    """Changes a tree in its place."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A method that calls a function of its own name: the compiler takes the method for it."""
        self.generic_visit(node)
        is_method = [item.arg for item in node.args.args][:1] == ["self"]
        if is_method and any(isinstance(item, ast.Name) and item.id == node.name for item in ast.walk(node)):
            node.name = f"{node.name}_method"
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            # Networks check so what they were made with; the compiler has no `callable`.
            case ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp(elt=ast.Call(func=ast.Name(id="callable")))]):
                return at(ast.Constant(True), node)
            case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(str() as name)], keywords=[]):
                return at(ast.Attribute(value, name, ast.Load()), node)
            case ast.Call(func=ast.Name(id="any" | "all" as name), args=[ast.GeneratorExp() | ast.ListComp() as loop]):
                found = at(ast.ListComp(loop.elt, loop.generators), loop)
                return call_of(f"hubkit_{name}", [found], node)
            case ast.Call(func=ast.Name(id="reversed"), args=[value], keywords=[]):
                return call_of("hubkit_backwards", [value], node)
            case ast.Call(func=ast.Attribute(value=value, attr="copy"), args=[], keywords=[]) if not _is_self(value):
                return call_of("hubkit_copied", [value], node)
            case ast.Call(func=ast.Name(id="round"), args=given, keywords=[]):
                return call_of("hubkit_rounded", given, node)
            case ast.Call(func=ast.Name(id="zip"), keywords=[ast.keyword("strict")]):
                node.keywords = []  # what PyNative mode runs with the same lists
            case ast.Call(func=ast.Name(id="filter"), args=[ast.Constant(None), value], keywords=[]):
                return _true_items(value, node)
            case ast.Call(func=ast.Name(id="reduce") | ast.Attribute(attr="reduce", value=ast.Name(id="functools"))):
                if len(node.args) in (2, 3) and not node.keywords:
                    return call_of("hubkit_reduced", node.args, node)
            case ast.Call(func=ast.Name(id="next"), args=[ast.Call(func=ast.Name(id="iter"), args=[value])]):
                return at(ast.Subscript(call_of("list", [value], node), at(ast.Constant(0), node), ast.Load()), node)
        return node

    def visit_Set(self, node: ast.Set) -> ast.AST:
        """``{"a", "b"}``: the compiler has ``set(...)`` alone."""
        self.generic_visit(node)
        return call_of("set", [at(ast.Tuple(node.elts, ast.Load()), node)], node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return call_of("set", [_list_of(node)], node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """``f"layer{i:02d}"``, of which the compiler leaves out how it is written, and makes another text."""
        self.generic_visit(node)
        if not any(isinstance(item, ast.FormattedValue) and _is_written_so(item) for item in node.values):
            return node
        values: list[ast.expr] = []
        form = at(ast.Constant(_form(node, values)), node)
        return call_of("hubkit_formatted", [form, at(ast.Tuple(values, ast.Load()), node)], node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """One of several loops: the compiler's has one."""
        self.generic_visit(node)
        return _nested(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        self.generic_visit(node)
        return _nested(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """``(a is None) ^ (b is not None)``: the compiler has ``!=`` for truth values, and this for numbers only.

        And ``n ** -1``: of whole numbers the compiler makes a whole number. ``n ** m`` may be that.
        """
        self.generic_visit(node)
        if isinstance(node.op, ast.BitXor) and _is_truth(node.left) and _is_truth(node.right):
            return at(ast.Compare(node.left, [ast.NotEq()], [node.right]), node)
        if isinstance(node.op, ast.Pow) and not isinstance(node.right, ast.Constant):
            return call_of("hubkit_power", [node.left, node.right], node)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        """``[... if name]``: the compiler's condition is a truth value, which this makes of numbers and lists."""
        self.generic_visit(node)
        node.ifs = [item if isinstance(item, ast.Compare) else _truth(item) for item in node.ifs]
        return node

    def visit_Try(self, node: ast.Try) -> list[ast.stmt]:
        """The compiler has none, and what it compiles raises no error: what is done where there is none.

        That there is none, an uncompiled run has to show, unless errors are only worded otherwise.
        """
        self.generic_visit(node)
        if not all(isinstance(handler.body[-1], ast.Raise) for handler in node.handlers):
            mark(HANDLER)
        return [*node.body, *node.orelse, *node.finalbody]

    def visit_With(self, node: ast.With) -> ast.AST | list[ast.stmt]:
        """``with no_grad():``: what is compiled here is never trained."""
        self.generic_visit(node)
        return node.body if all(map(_leaves_out_gradients, node.items)) else node

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        """``for ... else``: what stands after it, where nothing has left it early."""
        self.generic_visit(node)
        return _without_else(node)

    def visit_While(self, node: ast.While) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        return _without_else(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """``x += y``: where it runs it makes another tensor, and compiled it changes the one that x was, which may have
        other names, and be what the network was given."""
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name):
            return node
        before = at(ast.Name(node.target.id, ast.Load()), node.target)
        return at(ast.Assign([node.target], at(ast.BinOp(before, node.op, node.value), node)), node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """``type(x) is tuple``: the compiler has ``isinstance`` for what is made of tensors."""
        self.generic_visit(node)
        match node:
            case ast.Compare(
                left=ast.Call(func=ast.Name(id="type"), args=[value]),
                ops=[ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq() as operator],
                comparators=[ast.Name(id="tuple" | "list" | "dict" | "Tensor") | ast.Attribute(attr="Tensor") as kind],
            ):
                found = call_of("isinstance", [value, kind], node)
                return found if isinstance(operator, ast.Is | ast.Eq) else at(ast.UnaryOp(ast.Not(), found), node)
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        """``del x``: the compiler drops by itself what is not used any more. And ``del items[0]``, or ``items[1:]``."""
        match node.targets:
            case [ast.Subscript(value=ast.Name() as owner, slice=ast.Slice(lower, upper, None))]:
                ends = [end or at(ast.Constant(None), node) for end in (lower, upper)]
                return changed("hubkit_without_places", owner, ends, node)
            case [ast.Subscript(value=ast.Name() as owner, slice=ast.Constant(int()) | ast.UnaryOp() as place)]:
                taken = at(ast.Attribute(at(ast.Name(owner.id, ast.Load()), owner), "pop", ast.Load()), node)
                return at(ast.Expr(at(ast.Call(taken, [place], []), node)), node)
        return at(ast.Pass(), node) if all(isinstance(each, ast.Name) for each in node.targets) else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """``logger.warning(...)``: it tells the user something, often what only running code can know.

        And ``items.sort()`` and ``items.remove(x)``, which compiled leave the list as it is.
        """
        self.generic_visit(node)
        match node.value:
            case ast.Call(func=ast.Attribute(attr=name)) if name.startswith("warn"):
                return at(ast.Pass(), node)
            case ast.Call(func=ast.Attribute(value=ast.Name(owner), attr="sort"), args=[], keywords=how):
                found = call_of("sorted", [at(ast.Name(owner, ast.Load()), node)], node)
                found.keywords = how
                return at(ast.Assign([at(ast.Name(owner, ast.Store()), node)], found), node)
            case ast.Call(func=ast.Attribute(value=ast.Name() as items, attr="remove"), args=[_] as given):
                return changed("hubkit_removed", items, given, node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """``self.x = self.x``, with which some say that it lies on the right device."""
        self.generic_visit(node)
        if len(node.targets) == 1 and _is_same_attribute(node.targets[0], node.value):
            return at(ast.Pass(), node)
        return node


def _without_else(node: ast.For | ast.While) -> ast.AST | list[ast.stmt]:
    if not node.orelse:
        return node
    after, node.orelse = node.orelse, []
    if not any(map(_leaves, node.body)):
        return [node, *after]
    name = f"hubkit_ended_at_{node.lineno}_{node.col_offset}"
    node.body = [_LeavingTold(name).visit(item) for item in node.body]
    ended = at(ast.Name(name, ast.Load()), node)
    return [_set(name, True, node), node, at(ast.If(ended, after, []), node)]


class _LeavingTold(ast.NodeTransformer):
    """Sets a variable to False before each ``break`` that leaves the loop whose body it is shown."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Break(self, node: ast.Break) -> list[ast.stmt]:
        return [_set(self._name, False, node), node]

    def visit_For(self, node: ast.For) -> ast.AST:
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        return node


def _set(name: str, value: bool, old: ast.AST) -> ast.stmt:
    return at(ast.Assign([at(ast.Name(name, ast.Store()), old)], at(ast.Constant(value), old)), old)


def _leaves(node: ast.AST) -> bool:
    """Whether a ``break`` in ``node`` leaves the loop around it, and not one that is in it."""
    inside = node.orelse if isinstance(node, ast.For | ast.While) else ast.iter_child_nodes(node)
    return isinstance(node, ast.Break) or any(map(_leaves, inside))


def _is_written_so(item: ast.FormattedValue) -> bool:
    return item.format_spec is not None or item.conversion > 0


def _form(node: ast.JoinedStr, values: list[ast.expr]) -> str:
    """The text by which ``str.format`` writes ``values``, in which they are put."""
    form = ""
    for item in node.values:
        if isinstance(item, ast.FormattedValue):
            values.append(item.value)
            how = _form(item.format_spec, values) if isinstance(item.format_spec, ast.JoinedStr) else ""
            form += "{" + (f"!{chr(item.conversion)}" if item.conversion > 0 else "") + f":{how}" + "}"
        elif isinstance(item, ast.Constant):
            form += str(item.value).replace("{", "{{").replace("}", "}}")
    return form


def _true_items(value: ast.expr, node: ast.Call) -> ast.expr:
    """``[item for item in value if item]``."""
    name = f"hubkit_item_at_{node.lineno}_{node.col_offset}"
    item = at(ast.Name(name, ast.Load()), node)
    loop = ast.comprehension(at(ast.Name(name, ast.Store()), node), value, [_truth(item)], 0)
    return at(ast.ListComp(item, [loop]), node)


def _list_of(node: ast.SetComp) -> ast.expr:
    found = _nested(at(ast.ListComp(node.elt, node.generators), node))
    assert isinstance(found, ast.expr)
    return found


def _nested(node: ast.ListComp | ast.GeneratorExp) -> ast.AST:
    first, *others = node.generators
    if not others:
        return node
    inner = _nested(at(ast.ListComp(node.elt, others), node))
    assert isinstance(inner, ast.expr)
    return call_of("hubkit_joined", [at(ast.ListComp(inner, [first]), node)], node)


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _leaves_out_gradients(item: ast.withitem) -> bool:
    match item.context_expr:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return item.optional_vars is None and name in ("no_grad", "_no_grad")
    return False


def _is_same_attribute(target: ast.expr, value: ast.expr) -> bool:
    match target, value:
        case ast.Attribute(ast.Name(owner), attr=name), ast.Attribute(ast.Name(other), attr=same):
            return (owner, name) == (other, same)
    return False


def _truth(node: ast.expr) -> ast.expr:
    """``not not node``."""
    return at(ast.UnaryOp(ast.Not(), at(ast.UnaryOp(ast.Not(), node), node)), node)


def _is_truth(node: ast.expr) -> bool:
    match node:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp(values=values):
            return all(map(_is_truth, values))
        case ast.Compare(ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()]):
            return True
    return False
