"""``super()`` in what MindSpore's compiler is given: of the class whose method it stands in.

The compiler takes the class of the network. In a class that another one derives from, that is another class, whose
parent is the class itself, and compiling comes to no end.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import FunctionType
from typing import Any


def parent_of(analyze: Callable[..., Any]) -> Callable[..., Any]:
    """The parser's method ``analyze``, which gives what ``super(kind, of)`` means, where ``kind`` may be missing."""

    def meant(self: Any, kind: ast.expr | None, of: Any) -> Any:
        owner = _class_of(self.fn) if kind is None else None
        return analyze(self, kind, of) if owner is None or not isinstance(of, owner) else super(owner, of)

    return meant


def _class_of(function: FunctionType) -> type | None:
    """The class that ``function`` was defined in: Python keeps it for a method that has ``super()`` in it."""
    kept = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    return kept["__class__"].cell_contents if "__class__" in kept else None
