"""hubkit: the toolkit a model hub runs on.

The parts of the public API are loaded when they are first used, so that ``import hubkit`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hubkit import lint, nets
    from hubkit.client.find import find
    from hubkit.client.load import load
    from hubkit.client.pull import pull

__all__ = ["__version__", "find", "lint", "load", "nets", "pull"]
__version__ = "0.1.0"

# Name -> the module that it is, or that has it.
_PARTS = {
    "lint": "hubkit.lint",
    "nets": "hubkit.nets",
    "find": "hubkit.client.find",
    "load": "hubkit.client.load",
    "pull": "hubkit.client.pull",
}


def __getattr__(name: str) -> Any:
    if name not in _PARTS:
        raise AttributeError(f"module 'hubkit' has no attribute {name!r}")
    module = import_module(_PARTS[name])
    return module if _PARTS[name] == f"hubkit.{name}" else getattr(module, name)
