"""hubkit: the toolkit a model hub runs on.

The parts of the public API are loaded when they are first used, so that ``import hubkit`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from hubkit import lint, nets

__all__ = ["__version__", "lint", "nets"]
__version__ = "0.1.0"

_PARTS = ("lint", "nets")


def __getattr__(name: str) -> ModuleType:
    if name in _PARTS:
        return import_module(f"hubkit.{name}")
    raise AttributeError(f"module 'hubkit' has no attribute {name!r}")
