"""``easydict``, in which nearly all code for MindSpore 1.x keeps its settings, where that package is not installed."""

from __future__ import annotations

from typing import Any


class EasyDict(dict[str, Any]):
    """A dictionary whose items are attributes too; so are those of the dictionaries in it, also in lists and tuples."""

    def __init__(self, d: Any = None, **more: Any) -> None:
        super().__init__()
        self.update(d or {}, **more)

    def update(self, d: Any = (), /, **more: Any) -> None:
        """Take over the items of ``d`` and ``more``."""
        for name, value in dict(d, **more).items():
            self[name] = value

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, _easy(value))

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name) from None

    def __delattr__(self, name: str) -> None:
        del self[name]


def _easy(value: Any) -> Any:
    if isinstance(value, dict) and not isinstance(value, EasyDict):
        return EasyDict(value)
    if isinstance(value, list | tuple):
        return type(value)(_easy(item) for item in value) if type(value) in (list, tuple) else value
    return value
