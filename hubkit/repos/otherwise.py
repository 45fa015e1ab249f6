"""What a function does with a name that none of its comparisons and tables knows, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

_IsAsked = Callable[[ast.AST], bool]
# What comparisons with the names that a function knows say of another one.
_OF_OTHERS: dict[type[ast.cmpop], bool] = {ast.Eq: False, ast.In: False, ast.NotEq: True, ast.NotIn: True}


def answers_others(function: ast.FunctionDef, is_asked: _IsAsked) -> bool:
    """Whether ``function`` may return something for such a name, as behind an ``else``.

    ``is_asked`` tells the uses of the name. A name that is looked up in a table fails there.
    """
    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return _Path(is_asked, stored).end(function.body) is True


class _Path:
    """What the statements come to that such a name reaches."""

    def __init__(self, is_asked: _IsAsked, stored: set[str]) -> None:
        self._is_asked = is_asked
        self._unset = stored

    def end(self, statements: Sequence[ast.stmt]) -> bool | None:
        """Whether they return something; None where what follows decides."""
        for statement in statements:
            self._unset -= _set_by_head(statement)
            ends = [self._end(statement)] if not _blocks(statement) else [self.end(b) for b in self._taken(statement)]
            if any(ends):
                return True
            if ends and all(end is False for end in ends):
                return False
        return None

    def _end(self, statement: ast.stmt) -> bool | None:
        if isinstance(statement, ast.Raise):
            return False
        if isinstance(statement, ast.Assert):
            return False if self._truth(statement.test) is False else None
        if isinstance(statement, ast.Return):
            value = statement.value
            nothing = value is None or (isinstance(value, ast.Constant) and value.value is None)
            unset = isinstance(value, ast.Name) and value.id in self._unset
            return not (nothing or unset or self._looks_up(statement))
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            if self._looks_up(statement):
                return False
            if statement.value and not (isinstance(statement.value, ast.Constant) and statement.value.value is None):
                self._unset -= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        return None

    def _taken(self, statement: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
        """The blocks of ``statement`` that may run; an empty one for that none does."""
        if isinstance(statement, ast.If):
            truth = self._truth(statement.test)
            if truth is not False:
                yield statement.body
            if truth is not True:
                yield statement.orelse
        elif isinstance(statement, ast.Match):
            yield from (case.body for case in statement.cases if isinstance(case.pattern, ast.MatchAs))
            yield []
        else:
            yield from _blocks(statement)
            if not isinstance(statement, ast.With):
                yield []

    def _truth(self, test: ast.expr) -> bool | None:
        """What ``test`` says of such a name; None where it is about something else."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            found = self._truth(test.operand)
            return None if found is None else not found
        if isinstance(test, ast.BoolOp):
            parts = [self._truth(part) for part in test.values]
            decides = isinstance(test.op, ast.Or)
            return decides if decides in parts else (None if None in parts else not decides)
        if not isinstance(test, ast.Compare) or len(test.ops) > 1:
            return None
        if not (self._is_asked(test.left) or self._is_asked(test.comparators[0])):
            return None
        return _OF_OTHERS.get(type(test.ops[0]))

    def _looks_up(self, statement: ast.stmt) -> bool:
        calls = [node for node in ast.walk(statement) if isinstance(node, ast.Subscript | ast.Call)]
        if any(isinstance(node, ast.Call) and _has_default(node) and self._is_asked(node.args[0]) for node in calls):
            return False
        return any(self._is_asked(part) for node in calls for part in ast.iter_child_nodes(node))


def _has_default(call: ast.Call) -> bool:
    """Whether it is ``table.get(name, default)``."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "get" and len(call.args) == 2


def _set_by_head(statement: ast.stmt) -> set[str]:
    """The names that the head of a block sets: ``for net in``, ``with scope() as net``."""
    heads: list[ast.AST | None] = []
    if isinstance(statement, ast.For):
        heads = [statement.target]
    elif isinstance(statement, ast.With):
        heads = [item.optional_vars for item in statement.items]
    return {node.id for head in heads if head for node in ast.walk(head) if isinstance(node, ast.Name)}


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    if isinstance(statement, ast.Match):
        return [case.body for case in statement.cases]
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return []
    found = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    handlers = [handler.body for handler in getattr(statement, "handlers", [])]
    return [block for block in (*found, *handlers) if block]
