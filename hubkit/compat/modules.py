"""Importing modules that MindSpore 2 has no more."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from hubkit.compat.use import mark


class RenamedModules(MetaPathFinder):
    """Finds the modules of a table, after all other finders have not."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._table:
            return None
        below = any(name.startswith(f"{fullname}.") for name in self._table)
        return ModuleSpec(fullname, _Loader(self._table[fullname]), is_package=below)


class _Loader(Loader):
    """Makes a module whose names are those of another one."""

    def __init__(self, stands_for: str) -> None:
        self._stands_for = stands_for

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        mark(module.__name__)
        source = importlib.import_module(self._stands_for)

        def __getattr__(name: str) -> Any:  # noqa: N807 (a module's own)
            if name.startswith("__"):
                raise AttributeError(name)
            try:
                return getattr(source, name)
            except AttributeError:
                raise AttributeError(
                    f"module {module.__name__!r} has no attribute {name!r}", name=name, obj=module
                ) from None

        module.__getattr__ = __getattr__  # type: ignore[method-assign]
        module.__all__ = [name for name in dir(source) if not name.startswith("_")]  # type: ignore[attr-defined]
