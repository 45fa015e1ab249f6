"""Packages that code imports, that are not installed, and that its network may not need: for data, pictures, metrics.

A placeholder can be imported, subclassed, and called while modules are loaded (``cv2.setNumThreads(0)``). Whatever
uses it afterwards raises the error that its import would have raised, so no number can come of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from hubkit.compat.use import mark, used

_TOLD = " (not installed: a placeholder)"


def absent_packages() -> tuple[str, ...]:
    """The packages that placeholders stand in for, sorted."""
    return tuple(name.removesuffix(_TOLD) for name in used() if name.endswith(_TOLD))


class AbsentPackages(MetaPathFinder):
    """Finds packages that it was told to stand in for, after all other finders have not."""

    def __init__(self) -> None:
        self.loading = False
        """Whether modules are being loaded: whether placeholders may be called."""
        self._names: set[str] = set()

    def stand_in_for(self, package: str) -> bool:
        """Make placeholders of ``package``; False where it is one already, part of Python, or of MindSpore."""
        if not package or package in self._names or package in sys.stdlib_module_names or package == "mindspore":
            return False
        self._names.add(package)
        mark(f"{package}{_TOLD}")
        return True

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self._names:
            return None
        return ModuleSpec(fullname, _Loader(self), is_package=True)


class _Loader(Loader):
    """Makes a module all of whose names are placeholders."""

    def __init__(self, finder: AbsentPackages) -> None:
        self._finder = finder

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        finder = self._finder

        def __getattr__(name: str) -> Any:  # noqa: N807 (a module's own)
            package = module.__name__.partition(".")[0]
            if name.startswith("__"):  # asked for by hasattr too, as of any module
                words = f"module {module.__name__!r}, which is not installed, has no attribute {name!r}"
                raise AttributeError(words, name=name, obj=module) from _missing(package)
            return _Placeholder(name, (), {"package": package, "finder": finder})

        module.__getattr__ = __getattr__  # type: ignore[method-assign]


class _Placeholder(type):
    """A name of a package that is not installed; a class, so that others can be derived from it."""

    package: str
    finder: AbsentPackages

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Placeholder(name, (), {"package": cls.package, "finder": cls.finder})

    def __call__(cls, *_: Any, **__: Any) -> Any:
        if not cls.finder.loading:
            raise _missing(cls.package)
        return _Placeholder("result", (), {"package": cls.package, "finder": cls.finder})

    def __bool__(cls) -> bool:
        raise _missing(cls.package)

    def __iter__(cls) -> Any:
        raise _missing(cls.package)


def _missing(package: str) -> ModuleNotFoundError:
    """What its import would have raised."""
    return ModuleNotFoundError(f"No module named {package!r}", name=package)
