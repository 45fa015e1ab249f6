"""Constants computed from constants while lowering: what can follow the batch is seen by its elements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from hubkit.convert.dtypes import BY_NAME, BY_ONNX
from hubkit.convert.lowering.values import Value

_MAX_ELEMENTS = 16384

_Array: TypeAlias = "np.ndarray[Any, Any]"
_Rule: TypeAlias = Callable[[Sequence[_Array], Mapping[str, Any]], "_Array | Sequence[_Array]"]


def fold(op: str, inputs: Sequence[Value | None], attributes: Mapping[str, Any]) -> tuple[_Array, ...]:
    """What a node gives, where that is little and its inputs are known; otherwise nothing."""
    return _fold(op, inputs, [value.array for value in inputs if value and value.array is not None], attributes)


def fold_sizes(op: str, inputs: Sequence[Value | None], attributes: Mapping[str, Any]) -> list[tuple[_Array, ...]]:
    """What each result of a node is, where that is made of sizes: in all `Value.variants`; otherwise nothing."""
    if op == "Shape" and inputs[0] is not None and inputs[0].dynamic:
        place = slice(attributes.get("start", 0), attributes.get("end"))
        return [tuple(np.array(sizes[place], np.int64) for sizes in inputs[0].variants)]
    if not any(value and value.sizes for value in inputs):
        return []
    found: list[tuple[_Array, ...]] = []
    for variant in range(3):
        arrays = [array for value in inputs if value and (array := value.known(variant)) is not None]
        found.append(_fold(op, inputs, arrays, attributes))
    return list(zip(*found, strict=True)) if all(found) else []


def _fold(
    op: str, inputs: Sequence[Value | None], arrays: Sequence[_Array], attributes: Mapping[str, Any]
) -> tuple[_Array, ...]:
    rule = _RULES.get(op)
    if rule is None or len(arrays) != len(inputs) or not arrays or arrays[0].size > _MAX_ELEMENTS:
        return ()
    try:
        found = rule(arrays, attributes)
    except (ValueError, IndexError, TypeError, KeyError):  # what NumPy refuses, ONNX tells in its own words
        return ()
    results = tuple(found) if isinstance(found, list) else (np.asarray(found),)
    kept = all(result.size <= _MAX_ELEMENTS and result.dtype.name in BY_NAME for result in results)
    return results if kept else ()


def _axes(arrays: Sequence[_Array]) -> tuple[int, ...]:
    return tuple(int(axis) for axis in arrays[1])


def _div(arrays: Sequence[_Array], _: Mapping[str, Any]) -> _Array:
    if arrays[0].dtype.kind != "f":
        raise ValueError("integers are divided towards zero")
    with np.errstate(divide="ignore", invalid="ignore"):
        return arrays[0] / arrays[1]


def _expand(arrays: Sequence[_Array], _: Mapping[str, Any]) -> _Array:
    return np.broadcast_to(arrays[0], np.broadcast_shapes(arrays[0].shape, tuple(arrays[1])))


def _gemm(arrays: Sequence[_Array], given: Mapping[str, Any]) -> _Array:
    first, second = arrays[0], arrays[1]
    product = (first.T if given.get("transA") else first) @ (second.T if given.get("transB") else second)
    return product + arrays[2] if len(arrays) > 2 else product


def _reshape(arrays: Sequence[_Array], _: Mapping[str, Any]) -> _Array:
    sizes = [arrays[0].shape[place] if size == 0 else size for place, size in enumerate(arrays[1].tolist())]
    return arrays[0].reshape(sizes)


def _slice(arrays: Sequence[_Array], _: Mapping[str, Any]) -> _Array:
    starts, ends, axes = (array.tolist() for array in arrays[1:4])
    steps = arrays[4].tolist() if len(arrays) > 4 else [1] * len(starts)
    whole = [slice(None)] * arrays[0].ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        whole[axis] = slice(start, None if end < -arrays[0].shape[axis] else end, step)
    return arrays[0][tuple(whole)]


def _split(arrays: Sequence[_Array], given: Mapping[str, Any]) -> list[_Array]:
    return np.split(arrays[0], np.cumsum(arrays[1])[:-1], given["axis"])


# What constant indices, sizes and the first states of recurrent layers are made by.
_RULES: dict[str, _Rule] = {
    "Add": lambda arrays, _: arrays[0] + arrays[1],
    "Cast": lambda arrays, given: arrays[0].astype(BY_ONNX[given["to"]].numpy),
    "Concat": lambda arrays, given: np.concatenate(arrays, given["axis"]),
    "Cos": lambda arrays, _: np.cos(arrays[0]),
    "Div": _div,
    "Exp": lambda arrays, _: np.exp(arrays[0]),
    "Expand": _expand,
    "Gather": lambda arrays, given: np.take(arrays[0], arrays[1], given.get("axis", 0)),
    "Gemm": _gemm,
    "MatMul": lambda arrays, _: arrays[0] @ arrays[1],
    "Mul": lambda arrays, _: arrays[0] * arrays[1],
    "Neg": lambda arrays, _: -arrays[0],
    "Not": lambda arrays, _: ~arrays[0],
    "Reshape": _reshape,
    "Sin": lambda arrays, _: np.sin(arrays[0]),
    "Slice": _slice,
    "Split": _split,
    "Squeeze": lambda arrays, _: np.squeeze(arrays[0], _axes(arrays)),
    "Sub": lambda arrays, _: arrays[0] - arrays[1],
    "Transpose": lambda arrays, given: np.transpose(arrays[0], given["perm"]),
    "Unsqueeze": lambda arrays, _: np.expand_dims(arrays[0], _axes(arrays)),
}
