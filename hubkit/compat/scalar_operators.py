"""Operators of MindSpore 1.x that took Python's numbers where MindSpore 2 refuses them, or has nothing that computes.

Each is made as the operator is, inside ``construct`` too. Source: the API documents of MindSpore 1.9.
"""

from __future__ import annotations

from typing import Any

import mindspore
from mindspore import dtype, ops

from hubkit.compat.noting import noting

_noted = noting("mindspore.ops.{}(of numbers)")
_noted_array = noting("mindspore.ops.{}(on the CPU)")

_scalar_cast = ops.scalar_cast  # MindSpore's own: once this is installed, that name is the function below

_INTEGERS = (dtype.int8, dtype.int16, dtype.int32, dtype.uint8, dtype.uint16, dtype.uint32, dtype.uint64)
_FLOATS = (dtype.float16, dtype.float32)


def scalar_to_array(input_x: Any) -> Any:
    """``ops.scalar_to_array(x)``: a number as a tensor of no axes, a whole one of int64, else of float32."""
    if isinstance(input_x, bool):
        kind = dtype.bool_
    elif isinstance(input_x, int):
        kind = dtype.int64
    else:
        kind = dtype.float32
    return ops.scalar_to_tensor(input_x, _noted_array("ScalarToArray", kind))


def scalar_cast(input_x: Any, input_y: Any) -> Any:
    """``ops.scalar_cast(x, type)``: a Python number, which is whole where ``type`` is, whatever its width."""
    if input_y in _INTEGERS:
        return int(input_x) + _noted("ScalarCast", 0)
    if input_y in _FLOATS:
        return float(input_x) + _noted("ScalarCast", 0.0)
    return _scalar_cast(input_x, input_y)


@mindspore.jit_class
class ScalarToArray:
    """``ops.ScalarToArray``."""

    def __call__(self, input_x: Any) -> Any:
        """`scalar_to_array`."""
        return scalar_to_array(input_x)


@mindspore.jit_class
class ScalarCast:
    """``ops.ScalarCast``."""

    def __call__(self, input_x: Any, input_y: Any) -> Any:
        """`scalar_cast`."""
        return scalar_cast(input_x, input_y)


class _Placed:
    """An operator that is told where it runs, which changes no number."""

    def add_prim_attr(self, *_: Any) -> Any:
        """Itself."""
        return self

    def shard(self, *_: Any, **__: Any) -> Any:
        """Itself."""
        return self


@mindspore.jit_class
class GatherV2(_Placed):
    """``ops.GatherV2``, which is ``ops.Gather`` now and runs only where it is compiled."""

    def __call__(self, params: Any, indices: Any, axis: Any) -> Any:
        """What lies at ``indices`` of ``axis`` of ``params``."""
        return ops.gather(params, indices, _noted_array("GatherV2", axis) if isinstance(axis, int) else axis)


def less(now: Any) -> Any:
    """``ops.less`` and what is called so, which takes a number before a tensor too."""

    def compared(*given: Any, **named: Any) -> Any:
        if len(given) == 2 and isinstance(given[0], (int, float)):
            return ops.greater(given[1], _noted("Less", given[0]))
        return now(*given, **named)

    return compared


def equal(now: Any) -> Any:
    """``ops.equal``, in the same way."""

    def compared(*given: Any, **named: Any) -> Any:
        if len(given) == 2 and isinstance(given[0], (int, float)):
            return now(given[1], _noted("Equal", given[0]))
        return now(*given, **named)

    return compared


@mindspore.jit_class
class Less(_Placed):
    """``ops.Less``."""

    def __call__(self, x: Any, y: Any) -> Any:
        """Where ``x`` is less than ``y``; either may be a number."""
        if isinstance(x, (int, float)):
            return ops.greater(y, _noted("Less", x))
        return ops.less(x, y)


@mindspore.jit_class
class Equal(_Placed):
    """``ops.Equal``."""

    def __call__(self, x: Any, y: Any) -> Any:
        """Where ``x`` equals ``y``; either may be a number."""
        if isinstance(x, (int, float)):
            return ops.equal(y, _noted("Equal", x))
        return ops.equal(x, y)


_STAND_INS = {
    made.__name__: made for made in (Equal, GatherV2, Less, ScalarCast, ScalarToArray, scalar_cast, scalar_to_array)
}


def stand_in(now: Any) -> Any:
    """What stands for ``now``, a class of operators or a function."""
    return _STAND_INS[now.__name__]
