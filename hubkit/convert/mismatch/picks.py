"""Find the first operator that decides otherwise in a coarser form of a network, and how near it is to a tie there.

Which of two scores is the greater, or whether they are equal, may hang on digits that float16 does not have. Then what
is picked by them is another thing altogether, and no tolerance of values says anything about it. Of values that are
equal in the network itself, each runtime may pick another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from hubkit.convert.mismatch.probes import OnnxProbes

_Array = NDArray[Any]
_COMPARING = ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")
_RANKING = {"ArgMax": 0, "ArgMin": 0, "TopK": 1}  # and which of its results are places


def first_other_pick(reference: OnnxProbes, candidate: OnnxProbes, inputs: Mapping[str, _Array]) -> str:
    """Which operator it is for ``inputs``, in words; empty where all of them decide alike.

    Raises ConvertError where a file cannot be looked into.
    """
    for node in reference.nodes:
        place = _RANKING.get(node.op_type, 0)
        if node.op_type not in (*_COMPARING, *_RANKING) or node.output[place] not in candidate:
            continue
        given = [name for name in node.input[: 1 if node.op_type in _RANKING else 2] if name in reference]
        own, *values = reference.values([node.output[place], *given], inputs)
        (other,) = candidate.values([node.output[place]], inputs)
        if own.shape != other.shape or np.array_equal(own, other) or len(values) != len(given) or not values:
            continue
        values += [reference.weight(name) for name in node.input[len(values) : 2] if node.op_type in _COMPARING]
        apart = _apart(node, values, own, other)
        if apart is None:
            continue
        scale = float(np.max(np.abs(apart[1]), initial=0.0))
        return (
            f"The first that decides otherwise is {node.name} ({node.op_type}), in {np.count_nonzero(own != other)} of "
            f"{own.size} cases: there the network's own values are at most {float(apart[0].max()):.3g} apart, and "
            f"float16 has steps of {float(np.spacing(np.float16(min(scale, 6e4)))):.3g} at {scale:.3g}."
        )
    return ""


def of_equal_values(places: _Array, others: _Array, values: _Array) -> bool:
    """Whether ``places`` and ``others``, along any one axis of ``values``, pick the same of these, at other places."""
    if not np.issubdtype(places.dtype, np.integer) or places.shape != others.shape or places.ndim != values.ndim:
        return False
    for axis, size in enumerate(values.shape):
        along = np.delete(places.shape, axis).tolist() == np.delete(values.shape, axis).tolist()
        within = all(picked.min(initial=0) >= 0 and picked.max(initial=0) < size for picked in (places, others))
        if along and within:
            first, second = (np.take_along_axis(values, picked.astype(np.int64), axis) for picked in (places, others))
            if np.array_equal(first, second):
                return not np.array_equal(places, others)
    return False


def _apart(node: Any, values: list[_Array], own: _Array, other: _Array) -> tuple[_Array, _Array] | None:
    """How far apart the values are between which is decided otherwise, and those values."""
    if node.op_type in _COMPARING:
        first, second = np.broadcast_arrays(values[0].astype(np.float64), values[1].astype(np.float64))
        where = own != other
        return (np.abs(first - second)[where], first[where]) if where.shape == first.shape else None
    attributes = {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}
    axis = attributes.get("axis", -1 if node.op_type == "TopK" else 0)
    places = [own, other]
    if node.op_type != "TopK" and not attributes.get("keepdims", 1):
        places = [np.expand_dims(place, axis) for place in places]
    first, second = (np.take_along_axis(values[0].astype(np.float64), place, axis) for place in places)
    where = places[0] != places[1]
    return np.abs(first - second)[where], first[where]
