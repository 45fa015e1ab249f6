"""Sums of products that an equation describes, on the CPU, where MindSpore has no kernel of ``Einsum``.

The operands are taken two at a time, from the left: axes that no later one needs are summed by a matrix product, the
others are multiplied. Source: the API documents of ``mindspore.ops.einsum``.
"""

from __future__ import annotations

import math
from typing import Any

import mindspore
from mindspore import ops
from mindspore.ops import constexpr

from hubkit.compat.use import mark

_NAME = "mindspore.ops.einsum(on the CPU)"
_ELLIPSIS = "..."
# Names of the axes that an ellipsis stands for, from the last one; an equation has letters only.
_OPEN_AXES = "987654321"

_Sizes = dict[str, int]


def function_on_the_cpu(_: Any) -> Any:
    """``ops.einsum(equation, *operands)`` in operators that the CPU has."""
    return einsum


def operator_on_the_cpu(_: Any) -> Any:
    """``ops.Einsum(equation)`` in operators that the CPU has."""
    return Einsum


@mindspore.jit_class
class Einsum:
    """``ops.Einsum(equation)``: called with one tuple of operands."""

    def __init__(self, equation: str) -> None:
        self.equation = equation

    def __call__(self, operands: Any) -> Any:
        """The sum of products of ``operands``."""
        return einsum(self.equation, operands)


def einsum(equation: str, *operands: Any) -> Any:
    """The sum of products of ``operands``, which may be given as one tuple."""
    if isinstance(operands[0], (tuple, list)):
        operands = tuple(operands[0])
    shapes: Any = ()
    for operand in operands:
        shapes = (*shapes, operand.shape)
    prepared, products, final = plan(equation, shapes)
    result = _prepare(operands[0], prepared[0])
    for number in range(len(products)):
        by_sum, first, second, shape = products[number]
        left = _arrange(result, first)
        right = _arrange(_prepare(operands[number + 1], prepared[number + 1]), second)
        result = ops.matmul(left, right) if by_sum else ops.mul(left, right)
        result = ops.reshape(result, shape)
    return _prepare(result, final)


def _prepare(x: Any, how: Any) -> Any:
    """``x`` with the axes of each pair made one, its diagonal, which comes last; then summed, then put in order."""
    pairs, axes, order = how
    for first, second in pairs:
        x = ops.diagonal(x, 0, first, second)
    if axes:
        x = ops.sum(x, axes)
    if order:
        x = ops.transpose(x, order)
    return x


def _arrange(x: Any, how: Any) -> Any:
    order, shape = how
    if order:
        x = ops.transpose(x, order)
    return ops.reshape(x, shape)


@constexpr  # type: ignore[untyped-decorator]
def plan(equation: str, shapes: Any) -> Any:
    """What `einsum` does, in numbers, for operands of ``shapes``.

    Raises ValueError where the equation does not fit them.
    """
    mark(_NAME)
    given, output = _terms(equation, shapes)
    sizes: _Sizes = {}
    for letters, shape in zip(given, shapes, strict=True):
        for letter, size in zip(letters, shape, strict=True):
            if size != sizes.setdefault(letter, size) and 1 not in (size, sizes[letter]):
                raise ValueError(f"einsum({equation!r}): axis {letter} has {sizes[letter]} and {size} elements")
            sizes[letter] = max(sizes[letter], size)
    prepared, rests = [], []
    for place, letters in enumerate(given):
        needed = {letter for other in (*given[:place], *given[place + 1 :], output) for letter in other}
        pairs, kept = _diagonals(letters)
        axes = tuple(axis for axis, letter in enumerate(kept) if letter not in needed)
        rest = [letter for letter in kept if letter in needed]
        prepared.append((pairs, axes, ()))
        rests.append((rest, {letter: shapes[place][letters.index(letter)] for letter in rest}))
    result, own = rests[0]
    products = []
    for place, (rest, others) in enumerate(rests[1:], start=1):
        needed = {letter for other in (*given[place + 1 :], output) for letter in other}
        step, result, own = _product(result, own, rest, others, needed)
        products.append(step)
    axes = tuple(axis for axis, letter in enumerate(result) if letter not in output)
    result = [letter for letter in result if letter in output]
    return tuple(prepared), tuple(products), ((), axes, _order(result, output))


def _terms(equation: str, shapes: Any) -> tuple[list[str], str]:
    """The letters of each operand's axes, and of the result's; a digit for each axis of an ellipsis."""
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        raise ValueError(f"einsum({equation!r}) takes {len(terms)} operands, not {len(shapes)}")
    named = [term.replace(_ELLIPSIS, "") for term in terms]
    open_ = [
        len(shape) - len(term) if _ELLIPSIS in whole else 0
        for whole, term, shape in zip(terms, named, shapes, strict=True)
    ]
    letters = sorted({letter for term in named for letter in term})
    fits = all(len(term) + count == len(shape) for term, count, shape in zip(named, open_, shapes, strict=True))
    if not fits or not all(letter.isalpha() for letter in letters) or not 0 <= min(open_) <= max(open_) < 10:
        raise ValueError(f"einsum({equation!r}) does not fit operands of the shapes {tuple(map(tuple, shapes))}")
    digits = [_OPEN_AXES[len(_OPEN_AXES) - count :] for count in open_]
    widest = max(digits, key=len)
    if not arrow:
        once = "".join(letter for letter in letters if sum(term.count(letter) for term in named) == 1)
        right = _ELLIPSIS + once
    given = [term.replace(_ELLIPSIS, own) for term, own in zip(terms, digits, strict=True)]
    return given, right.replace(_ELLIPSIS, widest)


def _diagonals(letters: str) -> tuple[tuple[tuple[int, int], ...], list[str]]:
    """Which axes of an operand to make one, and its axes then."""
    kept, pairs = list(letters), []
    while repeated := next((letter for letter in kept if kept.count(letter) > 1), ""):
        first = kept.index(repeated)
        second = kept.index(repeated, first + 1)
        pairs.append((first, second))
        kept = [letter for place, letter in enumerate(kept) if place not in (first, second)] + [repeated]
    return tuple(pairs), kept


def _product(
    first: list[str], a: _Sizes, second: list[str], b: _Sizes, needed: set[str]
) -> tuple[Any, list[str], _Sizes]:
    """How two operands become one, with the axes of the result and their sizes."""
    both = [letter for letter in first if letter in second and letter in needed]
    summed = [letter for letter in first if letter in second and letter not in needed]
    left = [letter for letter in first if letter not in second]
    right = [letter for letter in second if letter not in first]
    result = both + left + right
    own = {letter: max(a.get(letter, 1), b.get(letter, 1)) for letter in result}
    if summed:
        left_shape = (*_of(a, both), _count(a, left), _count(a, summed))
        right_shape = (*_of(b, both), _count(b, summed), _count(b, right))
    else:
        left_shape = (*_of(a, both), *_of(a, left), *(1 for _ in right))
        right_shape = (*_of(b, both), *(1 for _ in left), *_of(b, right))
    step = (
        bool(summed),
        (_order(first, both + left + summed), left_shape),
        (_order(second, both + summed + right), right_shape),
        _of(own, result),
    )
    return step, result, own


def _of(sizes: _Sizes, letters: list[str]) -> tuple[int, ...]:
    return tuple(sizes[letter] for letter in letters)


def _count(sizes: _Sizes, letters: list[str]) -> int:
    return math.prod(_of(sizes, letters))


def _order(now: list[str], wanted: Any) -> tuple[int, ...]:
    """How to transpose; empty where nothing is to be done."""
    order = tuple(now.index(letter) for letter in wanted)
    return () if order == tuple(range(len(order))) else order
