"""Functions that compiled code calls where MindSpore's compiler lacks what Python computes of constants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mindspore import Tensor, ops
from mindspore.ops import functional

from hubkit.compat.use import CHECK, mark


@ops.constexpr  # type: ignore[untyped-decorator]
def _computed(text: str, name: str, given: tuple[Any, ...]) -> Any:
    return getattr(text, name)(*given)


def of_text(value: Any, name: str, given: tuple[Any, ...]) -> Any:
    """``value.name(*given)``."""
    if isinstance(value, str):
        return _computed(value, name, given)
    return getattr(value, name)(*given)


def formatted(form: Any, values: Any) -> Any:
    """``form.format(*values)``; ``form`` itself where they are computed from the input, as in texts of errors."""
    return _computed(form, "format", values) if functional.isconstant(values) else form


@ops.constexpr  # type: ignore[untyped-decorator]
def _length(text: str) -> int:
    return len(text)


def length(value: Any) -> Any:
    """``len(value)``, of a text too."""
    return _length(value) if isinstance(value, str) else len(value)


@ops.constexpr  # type: ignore[untyped-decorator]
def _rounded(number: float, digits: tuple[int, ...]) -> Any:
    return round(number, *digits)


def rounded(number: Any, *digits: Any) -> Any:
    """``round(number)``, which the compiler fails to make a whole number."""
    if isinstance(number, (int, float)) and functional.isconstant(number):
        return _rounded(number, digits)
    return round(number, *digits)


@ops.constexpr  # type: ignore[untyped-decorator]
def _unchecked(found: bool) -> bool:
    mark(CHECK)
    return found


def holds(found: Any) -> Any:
    """What is asserted: surely true where it is computed from the input, since a model raises no errors."""
    if isinstance(found, (Tensor, bool, int, float)) and not functional.isconstant(found):
        return _unchecked(True)
    return found


def fails(found: Any) -> Any:
    """The condition of an error: surely false where it is computed from the input."""
    if isinstance(found, (Tensor, bool, int, float)) and not functional.isconstant(found):
        return _unchecked(False)
    return found


FUNCTIONS: Mapping[str, Any] = {
    "hubkit_of_text": of_text,
    "hubkit_formatted": formatted,
    "hubkit_length": length,
    "hubkit_rounded": rounded,
    "hubkit_holds": holds,
    "hubkit_fails": fails,
}
"""The names that calls get -> the functions that are called."""
