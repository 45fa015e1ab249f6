"""What the entry file of a repository offers, read without running it."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hubkit.repos.checkout import ENTRY_FILE
from hubkit.repos.errors import RepositoryError
from hubkit.repos.otherwise import answers_others

FUNCTION = "create_network"
"""The function of an entry file that makes a network of a name."""

_MAX_BYTES = 1024 * 1024
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """The names that ``create_network`` knows."""

    names: tuple[str, ...]
    """The names, in the file's order."""
    complete: bool
    """Whether these are all: whether the function does nothing else with the name that it is given, and makes nothing
    of another one."""

    def told(self, wanted: str) -> str:
        """What the file offers, for a reader who wanted another name."""
        if not self.names:
            return "The file names no network that could be read out of it."
        near = difflib.get_close_matches(wanted.lower(), [name.lower() for name in self.names], n=1, cutoff=0.5)
        meant = next((name for name in self.names if near and name.lower() == near[0]), "")
        listed = ", ".join(self.names[:_SHOWN]) + (" ..." if len(self.names) > _SHOWN else "")
        return f"{f'Did you mean {meant}? ' if meant else ''}It offers {listed}."


def read_offer(folder: Path) -> Offer:
    """The names that the entry file in ``folder`` offers.

    Raises RepositoryError where there is no such file, it is no Python, or it has no ``create_network``.
    """
    path = folder / ENTRY_FILE
    if not path.is_file():
        others = sorted(other.name for other in folder.glob("*.py"))[:_SHOWN]
        near = difflib.get_close_matches(ENTRY_FILE, (other.name for other in folder.glob("*.py")), n=1, cutoff=0.9)
        advice = f"Rename {near[0]}" if near else "Check that repo-link names the model's own folder"
        raise RepositoryError(
            f"the folder has no {ENTRY_FILE}, which makes the networks",
            hint=f"It has {', '.join(others) or 'no Python files'}. {advice}.",
        )
    if path.stat().st_size > _MAX_BYTES:
        raise RepositoryError(f"{ENTRY_FILE} has over {_MAX_BYTES:,} bytes")
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise RepositoryError(f"{ENTRY_FILE} is no Python: {str(error)[:200]}") from None
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if FUNCTION not in functions:
        imported = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom | ast.Import)
            for alias in node.names
        }
        if FUNCTION in imported or "*" in imported:
            return Offer((), complete=False)
        listed = ", ".join(list(functions)[:_SHOWN]) or "no function"
        raise RepositoryError(f"{ENTRY_FILE} defines no {FUNCTION}", hint=f"It defines {listed}.")
    return _Reader(functions, _literals(tree)).read(functions[FUNCTION])


def unknown_name(offer: Offer, name: str) -> str:
    """What to say of a name that an entry file certainly does not know; empty where it may."""
    if not offer.complete or name in offer.names:
        return ""
    return f"{ENTRY_FILE} has no network {name!r}\n  {offer.told(name)}"


class _Reader:
    """Follows the name through ``create_network``: comparisons, tables, ``match``."""

    def __init__(self, functions: Mapping[str, ast.FunctionDef], literals: Mapping[str, Sequence[str]]) -> None:
        self._functions = functions
        self._literals = literals
        self._names: dict[str, None] = {}
        self._understood: set[int] = set()

    def read(self, function: ast.FunctionDef) -> Offer:
        parameters = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        if not parameters:
            return Offer((), complete=False)
        asked = parameters[0]
        literals = {**self._literals, **_literals(function)}
        for node in ast.walk(function):
            for use, names in _uses(node, asked, literals):
                self._names.update(dict.fromkeys(names))
                self._understood.add(id(use))
        uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == asked]
        understood = all(id(use) in self._understood for use in uses)
        others = answers_others(function, lambda node: _asked(node, asked) is not None)
        # Without a use any name will do.
        return Offer(tuple(self._names), complete=bool(uses) and understood and not others)


def _uses(node: ast.AST, asked: str, literals: Mapping[str, Sequence[str]]) -> Iterator[tuple[ast.AST, Sequence[str]]]:
    """Uses of the variable ``asked`` in ``node`` that are understood, each with the names that it tells."""
    match node:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            for one, other in ((left, right), (right, left)):
                if (use := _asked(one, asked)) and isinstance(other, ast.Constant) and isinstance(other.value, str):
                    yield use, (other.value,)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
            table = right.func.value if isinstance(right, ast.Call) and isinstance(right.func, ast.Attribute) else right
            names = _strings(table, literals)
            if (use := _asked(left, asked)) and names is not None:
                yield use, names
        case ast.Subscript(value=table, slice=index):
            names = _strings(table, literals)
            if (use := _asked(index, asked)) and names is not None:
                yield use, names
        case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[index, *_]):
            names = _strings(table, literals)
            if (use := _asked(index, asked)) and names is not None:
                yield use, names
        case ast.Match(subject=subject, cases=cases):
            if use := _asked(subject, asked):
                patterns = [pattern for case in cases for pattern in ast.walk(case.pattern)]
                values = [pattern.value for pattern in patterns if isinstance(pattern, ast.MatchValue)]
                yield (
                    use,
                    [
                        value.value
                        for value in values
                        if isinstance(value, ast.Constant) and isinstance(value.value, str)
                    ],
                )
        case ast.Raise(exc=ast.expr() as raised):
            yield from ((use, ()) for use in ast.walk(raised) if isinstance(use, ast.Name) and use.id == asked)


def _asked(node: ast.AST, asked: str) -> ast.AST | None:
    """The use of the variable in ``node``, bare or as ``name.lower()`` and the like."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        node = node.func.value
    return node if isinstance(node, ast.Name) and node.id == asked else None


def _strings(node: ast.AST, literals: Mapping[str, Sequence[str]]) -> Sequence[str] | None:
    """The texts in a literal, or in a variable that one was assigned to; None where it is something else."""
    if isinstance(node, ast.Name):
        return literals.get(node.id)
    if isinstance(node, ast.Dict):
        parts: Sequence[ast.AST | None] = node.keys
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        parts = node.elts
    else:
        return None
    values = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return values if len(values) == len(parts) else None


def _literals(tree: ast.AST) -> dict[str, Sequence[str]]:
    """Variable -> the texts of the literal that is assigned to it; a variable that is assigned twice is left out."""
    found: dict[str, Sequence[str]] = {}
    twice: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, names = node.targets[0].id, _strings(node.value, {})
            if name in found:
                twice.add(name)
            if names is not None:
                found[name] = names
    return {name: names for name, names in found.items() if name not in twice}
