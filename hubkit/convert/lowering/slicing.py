"""Slices, shapes and fills whose sizes are computed while the network runs."""

from __future__ import annotations

from collections.abc import Sequence

from hubkit.convert.dtypes import BY_NAME, DType
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.sizes import sizes_of, with_sizes
from hubkit.convert.lowering.values import Size

_INT64 = BY_NAME["int64"]
_TO_THE_END = 2**31 - 1
_BEFORE_THE_START = -(2**31)


def as_number(g: Builder, given: Argument, dtype: DType) -> Value:
    """``given``, a number or a tensor of one element, as a tensor without axes.

    Raises CannotLowerError where it is anything else.
    """
    if isinstance(given, bool | int | float):
        return g.constant(given, dtype)
    if not isinstance(given, Value):
        given = g.constant(given, dtype)
    if any(size != 1 for size in given.shape):
        raise CannotLowerError(f"a tensor of the shape {given.told} stands where one number is expected")
    return cast_to(g, g.node("Reshape", given, g.ints()) if given.rank else given, dtype)


def vector(g: Builder, given: Argument) -> Value:
    """``given``, a tensor of integers or a tuple of integers and of tensors of one, as a tensor of one axis."""
    if isinstance(given, Value):
        return cast_to(g, given, _INT64)
    elements = given if isinstance(given, tuple) else (given,)
    if all(isinstance(element, int) for element in elements):
        return g.constant(elements, _INT64)
    parts = [g.node("Reshape", as_number(g, element, _INT64), g.ints(1)) for element in elements]
    return parts[0] if len(parts) == 1 else g.node("Concat", *parts, axis=0)


def numbers_to(g: Builder, count: Value) -> Value:
    """0, 1, 2 and so on: as many integers as ``count``, one element, says."""
    like = with_sizes(_INT64, [g.sizes.of_number(count)])
    (found,) = g.node_of_known("Range", (g.constant(0, _INT64), count, g.constant(1, _INT64)), [like], {})
    return found


def elements_of(given: Argument) -> tuple[Argument, ...]:
    """The elements of the shape ``given``: integers, and tensors of one.

    Raises CannotLowerError where it is a tensor whose elements are not known.
    """
    if isinstance(given, Value):
        if given.array is None:
            raise CannotLowerError("it is given a shape that is one tensor, computed at run time")
        return tuple(given.array.tolist())
    if isinstance(given, tuple):
        return given
    raise CannotLowerError(f"its shape is {given!r}")


def sizes_to(g: Builder, elements: Sequence[Argument]) -> list[Size | int]:
    """The sizes that ``elements``, integers and tensors of one, say."""
    found: list[Size | int] = []
    for element in elements:
        if isinstance(element, Value):
            found.append(g.sizes.of_number(element))
        elif isinstance(element, int):
            found.append(element)
        else:
            raise CannotLowerError(f"{element!r} stands where a size is expected")
    return found


def reshape_as_told(g: Builder, x: Value, elements: Sequence[Argument]) -> Value:
    """``x`` in the shape ``elements``, of which one may be -1, and others computed."""
    sizes = sizes_to(g, elements)
    target = vector(g, tuple(elements))
    try:
        return g.node("Reshape", x, target)
    except CannotLowerError:
        left = [place for place, size in enumerate(sizes) if size == -1]
        for place in left:
            names = [element.name if isinstance(element, Value) else str(element) for element in elements]
            sizes[place] = g.sizes.of(f"axis {place} of {x.name} as {', '.join(names)}")
        if not x.varying and not any(isinstance(size, Size) for size in sizes):
            raise
        (value,) = g.node_of_known("Reshape", (x, target), [with_sizes(x.dtype, sizes)], {})
        return value


def expanded_to(g: Builder, x: Value, elements: Sequence[Argument]) -> Value:
    """``x`` repeated to the shape ``elements``, of which some may be computed, and -1 keeps the size of x."""
    known: list[Size | int] = []
    own: list[Size | int] = [*[1] * (len(elements) - x.rank), *sizes_of(x)]
    for size, before in zip(sizes_to(g, elements), own, strict=True):
        known.append(before if isinstance(size, int) and size in (-1, 1) else size)
    target = vector(g, tuple(1 if element == -1 else element for element in elements))
    (value,) = g.node_of_known("Expand", (x, target), [with_sizes(x.dtype, known)], {})
    return value


def tiled_as_told(g: Builder, x: Value, multiples: Sequence[Argument]) -> Value:
    """``x`` behind itself along each axis as often as ``multiples``, of which some are computed, say.

    More of them than axes add axes in front.
    """
    missing = len(multiples) - x.rank
    if missing > 0:
        x = g.node("Unsqueeze", x, g.ints(*range(missing)))
    multiples = (*[1] * -missing, *multiples)
    counts = [count if isinstance(count, Size) else Size(count, count, count) for count in sizes_to(g, multiples)]
    sizes = [Size(*(a * b for a, b in zip(*pair, strict=True))) for pair in zip(sizes_of(x), counts, strict=True)]
    (value,) = g.node_of_known("Tile", (x, vector(g, tuple(multiples))), [with_sizes(x.dtype, sizes)], {})
    return value


def slice_as_told(g: Builder, x: Value, slices: Sequence[tuple[int, Argument | None, Argument | None, int]]) -> Value:
    """``x`` cut along axes: each of ``slices`` is an axis, where it begins and ends (None for all), and the step.

    Both may be computed, and so may the sizes of x.
    """
    sizes: list[Size | int] = list(sizes_of(x))
    axes, starts, ends, steps = [], [], [], []
    for axis, first, last, step in slices:
        if first is None and last is None and step == 1:
            continue
        sizes[axis] = _cut(g, x, axis, first, last, step)
        axes.append(axis)
        starts.append((0 if step > 0 else _TO_THE_END) if first is None else first)
        ends.append((_TO_THE_END if step > 0 else _BEFORE_THE_START) if last is None else last)
        steps.append(step)
    if not axes:
        return x
    inputs = (x, vector(g, tuple(starts)), vector(g, tuple(ends)), g.ints(*axes), g.ints(*steps))
    (value,) = g.node_of_known("Slice", inputs, [with_sizes(x.dtype, sizes)], {})
    return value


def _cut(g: Builder, x: Value, axis: int, first: Argument | None, last: Argument | None, step: int) -> Size | int:
    """How much of ``x`` is left along ``axis``."""
    if axis not in x.dynamic and all(end is None or isinstance(end, int) for end in (first, last)):
        return len(range(*slice(first, last, step).indices(x.shape[axis])))
    if first in (None, 0) and isinstance(last, Value) and step == 1:
        return g.sizes.of_number(last)
    names = [end.name if isinstance(end, Value) else str(end) for end in (first, last)]
    return g.sizes.of(f"axis {axis} of {x.name} from {names[0]} to {names[1]} by {step}")
