"""What MindSpore's compiler is given of a repository's code: its trees, changed so that they can be compiled.

Python that the compiler refuses is put in other words, calls of methods that `hubkit.compat.tensors.methods` replaces
become calls of functions, variables get their values first, sizes are whole numbers, and objects with fields are
dictionaries.
"""

from __future__ import annotations

import ast
import copy
import importlib
from contextlib import suppress
from types import ModuleType
from typing import Any

from hubkit.compat import outputs
from hubkit.compat.compiled import constants as compiled_constants
from hubkit.compat.compiled import functions as compiled_functions
from hubkit.compat.compiled import indices, method_calls, ordering, output_calls, record_calls
from hubkit.compat.compiled.attributes import OwnAttributes
from hubkit.compat.compiled.caches import Caches
from hubkit.compat.compiled.casts import Casts
from hubkit.compat.compiled.checks import Checks
from hubkit.compat.compiled.classes import MethodsOfClasses
from hubkit.compat.compiled.definitions import define_first
from hubkit.compat.compiled.dictionaries import Dictionaries
from hubkit.compat.compiled.generators import Generators
from hubkit.compat.compiled.imports import Imports
from hubkit.compat.compiled.lambdas import Lambdas
from hubkit.compat.compiled.matching import Matching
from hubkit.compat.compiled.parents import parent_of
from hubkit.compat.compiled.sizes import Sizes
from hubkit.compat.compiled.syntax import OtherWords
from hubkit.compat.compiled.taking import TakenOut
from hubkit.compat.compiled.texts import Texts
from hubkit.compat.records import records

_PARSERS = ("mindspore.graph._parse.parser", "mindspore._extends.parse.parser")
_OURS = ("mindspore", "hubkit")  # code that needs no stand-ins
_DONE = "of_hubkit"


def install() -> None:
    """Let the compiler's parser give the changed trees; calling it again changes nothing."""
    for place in _PARSERS:
        with suppress(ImportError):
            module = importlib.import_module(place)
            if not getattr(module.Parser.parse, _DONE, False):
                _change(module)
            return


def _change(module: ModuleType) -> None:
    parser, namespace = module.Parser, importlib.import_module(module.__name__.replace("parser", "namespace"))
    functions = {
        **compiled_functions.FUNCTIONS,
        **compiled_constants.FUNCTIONS,
        **ordering.FUNCTIONS,
        **indices.FUNCTIONS,
        **output_calls.FUNCTIONS,
        **record_calls.FUNCTIONS,
        **method_calls.functions(),
    }
    changed: dict[tuple[str, str, int], ast.AST] = {}
    ours = namespace.Namespace("hubkit.compat.tensors.methods", functions)
    parse, get_namespace_symbol = parser.parse, parser.get_namespace_symbol

    def parse_calls(self: Any) -> Any:
        tokens, tree = parse(self)
        home = self.fn.__module__
        if tree is None or home.partition(".")[0] in _OURS:
            return tokens, tree
        for name, function in method_calls.own_functions().items():
            functions.setdefault(name, function)
        key = (home, self.fn.__qualname__, id(tree))  # the parser keeps a tree for all functions of the same text
        if key not in changed:
            changed[key] = _compilable(copy.deepcopy(tree), home, self.fn.__qualname__)
        return tokens, changed[key]

    def symbol(self: Any, var: str) -> Any:
        if var in functions:
            return ours, var, functions[var], module.SYNTAX_SUPPORTED
        return get_namespace_symbol(self, var)

    setattr(parse_calls, _DONE, True)
    parser.parse, parser.get_namespace_symbol = parse_calls, symbol
    parser.analyze_super = parent_of(parser.analyze_super)


def _compilable(tree: ast.AST, home: str, qualified: str) -> ast.AST:
    """``tree``, of the function ``qualified`` of the module ``home``, as it can be compiled; it is changed in its
    place."""
    module = importlib.import_module(home)
    known = vars(module)
    changes: tuple[ast.NodeTransformer, ...] = (
        Imports(module),
        MethodsOfClasses(module, qualified),
        OwnAttributes(module, qualified),
        Caches(module, qualified),
        Casts(module, qualified),
        Matching(),
        Generators(),
        Sizes(tree),
        OtherWords(),
        ordering.Ordering(),
        indices.Indices(tree),
        Lambdas(),
        TakenOut(),
        Dictionaries(),
        Checks(),
    )
    for change in changes:
        tree = change.visit(tree)
    tree = method_calls.MethodCalls(tree, known).visit(tree)
    tree = define_first(Texts(method_calls.modules_and_classes(tree, known)).visit(tree))
    made = records()
    if made:
        tree = record_calls.RecordCalls(known, made).visit(tree)
    fields = outputs.known_fields()
    return output_calls.OutputCalls(known, fields).visit(tree) if fields else tree
