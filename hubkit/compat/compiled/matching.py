"""``match`` statements, in a tree that MindSpore's compiler is given, and refuses: ``if`` statements instead.

Values, classes without fields, tuples and lists of known length, and what binds a name are put in other words; a
statement with another pattern, such as one of a dictionary, stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from hubkit.compat.compiled.trees import at, call_of


class Matching(ast.NodeTransformer):
    """Changes a tree in its place."""

    def visit_Match(self, node: ast.Match) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        name = f"hubkit_matched_at_{node.lineno}_{node.col_offset}"
        ways = [_way(case, at(ast.Name(name, ast.Load()), node)) for case in node.cases]
        rest: list[ast.stmt] = []
        for way in reversed(ways):
            if way is None:
                return node
            rest = way.before(rest, node)
        return [at(ast.Assign([at(ast.Name(name, ast.Store()), node)], node.subject), node), *rest]


class _Way:
    """One case: what has to hold, and what is done."""

    def __init__(self, tests: list[ast.expr], body: list[ast.stmt]) -> None:
        self._tests, self._body = tests, body

    def before(self, rest: list[ast.stmt], old: ast.AST) -> list[ast.stmt]:
        """The statements for this way, and ``rest`` where it is not taken."""
        if not self._tests:
            return self._body
        test = self._tests[0] if len(self._tests) == 1 else at(ast.BoolOp(ast.And(), self._tests), old)
        return [at(ast.If(test, self._body, rest), old)]


class _Bound(ast.NodeTransformer):
    """Puts what names are bound to in their place: the condition of a case is asked before its body begins."""

    def __init__(self, names: dict[str, ast.expr]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._names.get(node.id, node)


def _way(case: ast.match_case, subject: ast.expr) -> _Way | None:
    names: dict[str, ast.expr] = {}
    tests = _tests(case.pattern, subject, names)
    if tests is None:
        return None
    if case.guard is not None:
        guard = _Bound(names).visit(case.guard)
        assert isinstance(guard, ast.expr)
        tests.append(guard)
    first = case.body[0]
    bound = [at(ast.Assign([at(ast.Name(name, ast.Store()), first)], value), first) for name, value in names.items()]
    return _Way(tests, [*bound, *case.body])


def _tests(pattern: ast.pattern, subject: ast.expr, names: dict[str, ast.expr]) -> list[ast.expr] | None:
    """What has to hold that ``subject`` matches, and in ``names`` what it binds; None where that is not known."""
    match pattern:
        case ast.MatchValue(value):
            return [at(ast.Compare(subject, [ast.Eq()], [value]), pattern)]
        case ast.MatchSingleton(value):
            return [at(ast.Compare(subject, [ast.Is()], [at(ast.Constant(value), pattern)]), pattern)]
        case ast.MatchClass(kind, [], [], []):
            return [call_of("isinstance", [subject, kind], pattern)]
        case ast.MatchAs(inner, name):
            found = [] if inner is None else _tests(inner, subject, names)
            if name is not None:
                names[name] = subject
            return found
        case ast.MatchOr(patterns):
            return _either(patterns, subject, pattern)
        case ast.MatchSequence(patterns) if not any(isinstance(item, ast.MatchStar) for item in patterns):
            return _each(patterns, subject, names, pattern)
    return None


def _either(patterns: Sequence[ast.pattern], subject: ast.expr, old: ast.pattern) -> list[ast.expr] | None:
    ways: list[ast.expr] = []
    for item in patterns:
        names: dict[str, ast.expr] = {}
        tests = _tests(item, subject, names)
        if not tests or names:
            return None
        ways.append(tests[0] if len(tests) == 1 else at(ast.BoolOp(ast.And(), tests), old))
    return [at(ast.BoolOp(ast.Or(), ways), old)]


def _each(
    patterns: Sequence[ast.pattern], subject: ast.expr, names: dict[str, ast.expr], old: ast.pattern
) -> list[ast.expr] | None:
    kinds = at(ast.Tuple([at(ast.Name(kind, ast.Load()), old) for kind in ("list", "tuple")], ast.Load()), old)
    size = at(ast.Compare(call_of("len", [subject], old), [ast.Eq()], [at(ast.Constant(len(patterns)), old)]), old)
    found: list[ast.expr] = [call_of("isinstance", [subject, kinds], old), size]
    for place, item in enumerate(patterns):
        tests = _tests(item, at(ast.Subscript(subject, at(ast.Constant(place), old), ast.Load()), old), names)
        if tests is None:
            return None
        found += tests
    return found
