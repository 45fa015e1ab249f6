"""Packages that code imports, that are not installed, and that its network may not need: for data, pictures, metrics.

So are modules and names of MindSpore 1.x that nothing stands for (for training over devices, for quantisation), and
those that another package had in a version of its own time (``scipy.misc.imresize``, ``sklearn.externals``). A
placeholder can be imported, subclassed, and called while modules are loaded (``cv2.setNumThreads(0)``). Whatever
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
_GONE = " (gone: a placeholder)"
_IMPORTING = "<frozen importlib"
"""What the frames of Python's import system have for a file's name."""


def absent_packages() -> tuple[str, ...]:
    """The packages that placeholders stand in for, sorted."""
    return tuple(name.removesuffix(_TOLD) for name in used() if name.endswith(_TOLD))


def gone_names() -> tuple[str, ...]:
    """The modules of packages that are installed, and the names in them, that placeholders stand in for, sorted."""
    return tuple(name.removesuffix(_GONE) for name in used() if name.endswith(_GONE))


class AbsentPackages(MetaPathFinder):
    """Finds packages that it was told to stand in for, after all other finders have not."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def stand_in_for(self, package: str) -> bool:
        """Make placeholders of ``package``, or of a module below one that is installed.

        False where it is one already, part of Python, or MindSpore itself.
        """
        top, _, module = package.partition(".")
        if not package or package in self._names or top in sys.stdlib_module_names or package == "mindspore":
            return False
        self._names.add(package)
        mark(f"{package}{_GONE if module else _TOLD}")
        return True

    def stand_in_for_name(self, module: str, name: str) -> bool:
        """Make a placeholder of ``name`` in a ``module`` that is loaded; False where that has the name."""
        place = sys.modules.get(module)
        if place is None or hasattr(place, name):
            return False
        setattr(place, name, _Placeholder(name, (), {"package": f"{module}.{name}"}))
        mark(f"{module}.{name}{_GONE}")
        return True

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package = next((name for name in self._names if f"{fullname}.".startswith(f"{name}.")), None)
        return ModuleSpec(fullname, _Loader(package), is_package=True) if package else None


class _Loader(Loader):
    """Makes a module all of whose names are placeholders."""

    def __init__(self, package: str) -> None:
        self._package = package

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        package = self._package

        def __getattr__(name: str) -> Any:  # noqa: N807 (a module's own)
            if name.startswith("__"):  # asked for by hasattr too, as of any module
                words = f"module {module.__name__!r}, which is not installed, has no attribute {name!r}"
                raise AttributeError(words, name=name, obj=module) from _missing(package)
            return _Placeholder(name, (), {"package": package})

        module.__getattr__ = __getattr__  # type: ignore[method-assign]


class _Placeholder(type):
    """A name of a package that is not installed; a class, so that others can be derived from it."""

    package: str

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Placeholder(name, (), {"package": cls.package})

    def __call__(cls, *_: Any, **__: Any) -> Any:
        if not _modules_are_loaded():
            raise _missing(cls.package)
        return _Placeholder("result", (), {"package": cls.package})

    def __bool__(cls) -> bool:
        raise _missing(cls.package)

    def __iter__(cls) -> Any:
        raise _missing(cls.package)


def _modules_are_loaded() -> bool:
    """Whether what runs now runs because of an import, in whatever function that stands."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_filename.startswith(_IMPORTING):
            return True
    return False


def _missing(package: str) -> ModuleNotFoundError:
    """What its import would have raised."""
    return ModuleNotFoundError(f"No module named {package!r}", name=package)
