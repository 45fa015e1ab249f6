"""Constants computed from constants while lowering: indices and sizes that a network puts together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from hubkit.convert.dtypes import BY_ONNX
from hubkit.convert.lowering.values import Value

_MAX_ELEMENTS = 4096

_Array: TypeAlias = "np.ndarray[Any, Any]"
_Rule: TypeAlias = Callable[[Sequence[_Array], Mapping[str, Any]], _Array]


def _axes(arrays: Sequence[_Array]) -> tuple[int, ...]:
    return tuple(int(axis) for axis in arrays[1])


_RULES: dict[str, _Rule] = {
    "Add": lambda arrays, _: arrays[0] + arrays[1],
    "Cast": lambda arrays, given: arrays[0].astype(BY_ONNX[given["to"]].numpy),
    "Concat": lambda arrays, given: np.concatenate(arrays, given["axis"]),
    "Expand": lambda arrays, _: np.broadcast_to(arrays[0], np.broadcast_shapes(arrays[0].shape, tuple(arrays[1]))),
    "Mul": lambda arrays, _: arrays[0] * arrays[1],
    "Squeeze": lambda arrays, _: np.squeeze(arrays[0], _axes(arrays)),
    "Sub": lambda arrays, _: arrays[0] - arrays[1],
    "Transpose": lambda arrays, given: np.transpose(arrays[0], given["perm"]),
    "Unsqueeze": lambda arrays, _: np.expand_dims(arrays[0], _axes(arrays)),
}


def fold(op: str, inputs: Sequence[Value | None], attributes: Mapping[str, Any]) -> _Array | None:
    """What a node gives, where it is of small integers that are all known; otherwise None."""
    rule = _RULES.get(op)
    arrays = [value.array for value in inputs if value is not None and value.array is not None]
    if rule is None or len(arrays) != len(inputs) or any(array.dtype.kind not in "iub" for array in arrays):
        return None
    if sum(array.size for array in arrays) > _MAX_ELEMENTS:
        return None
    try:
        result = np.asarray(rule(arrays, attributes))
    except (ValueError, IndexError, TypeError):  # what NumPy refuses, ONNX's inference tells in its own words
        return None
    return result if result.size <= _MAX_ELEMENTS else None
