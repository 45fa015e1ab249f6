"""Functions of operators whose arguments were renamed and nothing else, once or more often.

What MindSpore 2 takes goes on to it as it is. A call with a name that it does not know is taken by place. Source of the
old names: the API documents of MindSpore 1.9, 2.2 and 2.6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hubkit.compat.arguments import told

_Function = Callable[..., Any]

_NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "broadcast_to": (("input", "x", "input_x"), ("shape",)),
    "flip": (("input", "x"), ("dims", "axis")),
    "tile": (("input", "input_x", "x"), ("dims", "reps", "multiples")),
    "transpose": (("input", "input_x", "x"), ("dims", "input_perm", "axes")),
}
"""Function -> for each of its arguments, the name that it has now and those that it had."""


def by_place(now: _Function) -> _Function:
    """``now``, a function of `_NAMES`, that takes its arguments by the names that they had, too."""
    name = now.__name__
    names = _NAMES[name]
    gone = tuple(old for _, *olds in names for old in olds)

    def function(*given: Any, **named: Any) -> Any:
        for old in gone:
            if old in named:
                return taken(given, named)
        return now(*given, **named)

    def taken(given: Any, named: Any) -> Any:
        arguments = given
        for place in names[len(given) :]:
            for one in place:
                if one in named:
                    arguments += (named[one],)
        if len(arguments) != len(given) + len(named):
            raise TypeError(f"{name} got an argument that it does not know, or one twice")
        return now(*arguments) if told(name) == 0 else None

    return function
