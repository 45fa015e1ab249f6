"""The table "operators and their ONNX form, with limits": read from the lowerings' source, nothing of them imported.

A lowering's docstring is `SIGNATURE, SIGNATURE ...: meaning -> ONNX form. Limits.`; of the operators that share a
function, those without parentheses of their own have the first one's arguments. Where the function is registered for
the keys of a dictionary, its values are the ONNX forms.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

_ARROW = " -> "
_NAME = re.compile(r"\b(?P<name>[A-Za-z_]\w*)(?P<arguments>\([^()]*(?:\([^()]*\)[^()]*)*\))?")
_SENTENCE_END = re.compile(r"\.(?= |$)|;")


@dataclass(frozen=True, slots=True)
class Operator:
    """One MindIR operator that can be expressed in ONNX."""

    name: str
    """Its name in MindIR, such as "Conv2D"."""
    family: str
    """What it belongs to, such as "convolution"."""
    signature: str
    """Its arguments; attributes stand after a semicolon, as in "DepthToSpace(x; block_size)"."""
    meaning: str
    """What it computes, where its name does not say that; otherwise empty."""
    onnx: str
    """The ONNX operators that it becomes."""
    limits: str
    """What else is to be known, and what is refused; empty where there is nothing."""


@cache
def operators() -> tuple[Operator, ...]:
    """Every operator that has a lowering, by name."""
    found: list[Operator] = []
    for file in resources.files("hubkit.convert").joinpath("lowering").iterdir():
        if file.name.endswith(".py"):
            found.extend(_of_module(file.name.removesuffix(".py"), ast.parse(file.read_text(encoding="utf-8"))))
    return tuple(sorted(found, key=lambda operator: (operator.name.lower(), operator.name)))


def _of_module(family: str, module: ast.Module) -> Iterator[Operator]:
    tables = dict(_tables(module))
    for function in module.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "lowering":
                forms = dict(_forms(decorator, tables))
                yield from _described(family, forms, inspect.cleandoc(ast.get_docstring(function) or ""))


def _tables(module: ast.Module) -> Iterator[tuple[str, dict[str, str]]]:
    """The dictionaries at the top of the module whose keys are operators; values that are no text count as none."""
    for statement in module.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            (target,) = statement.targets
            if isinstance(target, ast.Name):
                pairs = zip(statement.value.keys, statement.value.values, strict=True)
                yield target.id, {_text(key): _text(value) for key, value in pairs}


def _forms(decorator: ast.Call, tables: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """The operators that a decorator names, each with its ONNX operator where a table says that."""
    for argument in decorator.args:
        if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Name):
            yield from tables[argument.value.id].items()
        else:
            yield _text(argument), ""


def _text(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _described(family: str, forms: dict[str, str], manual: str) -> Iterator[Operator]:
    head, _, rest = " ".join(manual.split()).partition(_ARROW)
    signatures, meaning = _signatures(head, forms)
    form, limits = _first_sentence(rest)
    usual = next((arguments for arguments in signatures.values() if arguments), "")
    for op, own in forms.items():
        yield Operator(op, family, op + (signatures.get(op) or usual), meaning, own or form, limits)


def _signatures(head: str, forms: dict[str, str]) -> tuple[dict[str, str], str]:
    """The arguments of each operator that ``head`` begins with, and what follows them."""
    signatures: dict[str, str] = {}
    position = 0
    while (match := _NAME.match(head, position)) and match["name"] in forms:
        signatures[match["name"]] = match["arguments"] or ""
        position = match.end()
        while head.startswith((",", " "), position):
            position += 1
    return signatures, head[position:].lstrip(":= ").strip()


def _first_sentence(text: str) -> tuple[str, str]:
    """What stands before the first full stop or semicolon that no parenthesis holds, and what stands behind it."""
    for match in _SENTENCE_END.finditer(text):
        before = text[: match.start()]
        if before.count("(") == before.count(")"):
            after = text[match.end() :].strip()
            return before, after[:1].upper() + after[1:]
    return text, ""
