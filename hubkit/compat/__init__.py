"""Names of MindSpore 1.x for code that was written for it: what MindSpore 2 removed or renamed, with the same numbers.

So are names that Python, NumPy and Pillow had in its time. Installed only in the process that runs a repository's code,
and only where a name, an argument or a kernel for the CPU is lacking. What the code asked for is told (`used`), for the
receipt.

Only names that are gone are given back, and arguments that MindSpore 2 refuses. What it takes and computes otherwise
now (`ops.split(x, 1, 2)`, `ops.gelu`) is left as it is, since code for MindSpore 2 may be meant.
`mindspore.compression` has no counterpart in MindSpore 2.

`table` and `arguments` say what is given back; `compiled` is about Python that MindSpore's compiler refuses, `tensors`
about methods of tensors, `mint`, `transformer` and `datasets` about the modules of MindSpore of these names.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any

from hubkit.compat import mint
from hubkit.compat.attributes import ATTRIBUTES
from hubkit.compat.changed import CHANGED
from hubkit.compat.modules import RenamedModules
from hubkit.compat.row import Name
from hubkit.compat.table import METHODS, MODULES, NAMES
from hubkit.compat.use import mark, used

__all__ = ["install", "used"]

# Where the compiler's view of a module lies: the first of them that there is.
_NAMESPACES = ("mindspore.graph._parse.namespace", "mindspore._extends.parse.namespace")


def install() -> None:
    """Let code import and use the names of the tables; calling it again changes nothing."""
    # These import mindspore.
    from hubkit.compat.compiled import casts
    from hubkit.compat.compiled import code as compiled_code
    from hubkit.compat.tensors import methods, undrawn

    by_module: dict[str, dict[str, Name]] = {}
    for row in NAMES:
        by_module.setdefault(row.module, {})[row.name] = row
    for name, rows in by_module.items():
        _serve(importlib.import_module(name), rows)
    _serve_compiler()
    for row in METHODS:
        _give(row)
    for row in ATTRIBUTES:
        _lend(row)
    for row in CHANGED:
        _change(row)
    mint.install()
    methods.install()
    undrawn.install()
    compiled_code.install()
    casts.install()
    if not any(isinstance(finder, RenamedModules) for finder in sys.meta_path):
        sys.meta_path.append(RenamedModules(MODULES))
    for name in MODULES:
        parent = sys.modules.get(name.rpartition(".")[0])
        if parent is not None and not hasattr(parent, "__path__"):
            parent.__path__ = []  # so that Python looks for modules below it


def _serve(module: ModuleType, rows: dict[str, Name]) -> None:
    """Answer for the names of ``rows`` where ``module`` has none (PEP 562)."""
    before = module.__dict__.get("__getattr__")
    if getattr(before, "of_hubkit", False):
        return

    def __getattr__(name: str) -> Any:  # noqa: N807 (a module's own)
        row = rows.get(name)
        if row is not None:
            mark(f"{module.__name__}.{name}")
            return _load(row.made_by)
        if before is not None:
            return before(name)
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}", name=name, obj=module)

    __getattr__.of_hubkit = True  # type: ignore[attr-defined]
    module.__getattr__ = __getattr__  # type: ignore[method-assign]


def _serve_compiler() -> None:
    """Answer inside ``construct`` too: MindSpore's compiler looks into modules without asking them."""
    for place in _NAMESPACES:
        with suppress(ImportError, AttributeError):
            namespace = importlib.import_module(place).ModuleNamespace
            before = namespace.__getitem__
            if getattr(before, "of_hubkit", False):
                return

            def __getitem__(self: Any, name: str, before: Callable[..., Any] = before) -> Any:  # noqa: N807 (as there)
                try:
                    return before(self, name)
                except NameError:
                    module = sys.modules.get(self.name)
                    if module is None or not hasattr(module, name):
                        raise
                    return getattr(module, name)

            def __contains__(self: Any, name: str) -> bool:  # noqa: N807 (as there)
                return any(name in found for found in self.dicts) or hasattr(sys.modules.get(self.name), name)

            __getitem__.of_hubkit = True  # type: ignore[attr-defined]
            namespace.__getitem__ = __getitem__
            namespace.__contains__ = __contains__
            return


def _give(row: Name) -> None:
    """Give a class the method of ``row``, where it has none."""
    place, _, owner = row.module.partition(":")
    kind = getattr(importlib.import_module(place), owner)
    if any(row.name in vars(base) for base in kind.__mro__):  # not of its metaclass, as __call__ is
        return
    stands_for = _load(row.made_by)

    def method(self: Any, *arguments: Any, **more: Any) -> Any:
        mark(f"{place}.{owner}.{row.name}")
        return stands_for(self, *arguments, **more)

    setattr(kind, row.name, method)


def _lend(row: Name) -> None:
    """Let a class have the attribute of ``row``, where it has none."""
    place, _, owner = row.module.partition(":")
    kind = getattr(importlib.import_module(place), owner)
    if not hasattr(kind, row.name):
        setattr(kind, row.name, _Lent(f"{place}.{owner}.{row.name}", row.made_by))


class _Lent:
    """An attribute that an object has where it has none of that name itself."""

    def __init__(self, told: str, made_by: str) -> None:
        self._told, self._made_by = told, made_by

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is None:
            return self
        mark(self._told)
        found = _load(self._made_by)
        return found(instance) if getattr(found, "of_layer", False) else found


def _change(row: Name) -> None:
    """Put the wrapper of ``row`` in the place of what has lost an argument."""
    module = importlib.import_module(row.module)
    now = getattr(module, row.name)
    if not getattr(now, "of_hubkit", False):
        setattr(module, row.name, _wrapped(row.made_by, now))


@cache
def _wrapped(made_by: str, now: Any) -> Any:
    """The wrapper of ``now``: one class for all modules that have it, so that its layers are instances in each."""
    wrapper = _load(made_by)(now)
    wrapper.of_hubkit = True
    return wrapper


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
