"""What tests of stand-ins share."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

import pytest

from hubkit import compat
from hubkit.compat import mint, use
from hubkit.compat.attributes import ATTRIBUTES
from hubkit.compat.changed import CHANGED
from hubkit.compat.modules import RenamedModules
from hubkit.compat.table import METHODS, MODULES, NAMES


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is told yet: what `compat.used` gives was used by the test."""
    monkeypatch.setattr(use, "_used", {})


@pytest.fixture(scope="module")
def all_installed() -> Iterator[None]:
    """All stand-ins, for the tests of one file alone: other tests are of MindSpore as it is."""
    """For these tests alone: other tests are of MindSpore as it is."""
    import mindspore

    from hubkit.compat.tensors import methods

    names = {row.module: importlib.import_module(row.module) for row in (*NAMES, *CHANGED)}
    from mindspore.graph._parse.namespace import ModuleNamespace

    lookup = ModuleNamespace.__getitem__, ModuleNamespace.__contains__
    before = {name: module.__dict__.get("__getattr__") for name, module in names.items()}
    changed = {(row.module, row.name): getattr(names[row.module], row.name) for row in CHANGED}
    owners = {
        row: getattr(importlib.import_module(row.module.partition(":")[0]), row.module.partition(":")[2])
        for row in (*METHODS, *ATTRIBUTES)
    }
    tensors = mindspore.Tensor
    methods_before = {name: vars(tensors).get(name) for name, _ in methods.replacements()}
    parsing = importlib.import_module("mindspore.graph._parse.parser").Parser
    parsing_before = {name: getattr(parsing, name) for name in ("parse", "get_namespace_symbol")}
    of_mint = [(module, name, getattr(module, name)) for module, name, _ in mint.replacements()]
    compat.install()
    yield
    for name, method in methods_before.items():
        if method is None:
            delattr(tensors, name)
        else:
            setattr(tensors, name, method)
    for name, function in parsing_before.items():
        setattr(parsing, name, function)
    for module, name, value in of_mint:
        setattr(module, name, value)
    for name, module in names.items():
        module.__dict__.pop("__getattr__", None)
        if before[name] is not None:
            module.__dict__["__getattr__"] = before[name]
    for (name, attribute), value in changed.items():
        setattr(names[name], attribute, value)
    for row, owner in owners.items():
        delattr(owner, row.name)
    ModuleNamespace.__getitem__, ModuleNamespace.__contains__ = lookup
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, RenamedModules)]
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the compiler is given, for one test alone."""
    import mindspore
    from mindspore.graph._parse import parser

    from hubkit.compat.compiled import code as compiled_code

    for name in ("parse", "get_namespace_symbol"):
        monkeypatch.setattr(parser.Parser, name, getattr(parser.Parser, name))
    compiled_code.install()
    # MindSpore keeps the level of an export that fails, at which some networks give other outputs.
    mindspore.set_context(mode=mindspore.GRAPH_MODE, jit_syntax_level=mindspore.LAX)
