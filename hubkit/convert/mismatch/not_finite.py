"""Find the first layer of a network that gives infinities or NaN, where the network itself does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.mismatch.divergence import Files, made
from hubkit.convert.mismatch.layers import together
from hubkit.convert.mismatch.probes import OnnxProbes
from hubkit.convert.records import OnnxOptions

_Array = NDArray[Any]
_AT_A_TIME = 16


def first_not_finite(
    files: Files, inputs: Sequence[Mapping[str, _Array]], outputs: Sequence[_Array], folder: Path
) -> str:
    """Which layer it is for ``inputs``, for which the network gives ``outputs``, in words.

    Where there is NaN among the outputs it is the first that gives NaN: infinities before it may be meant, as in masks.
    It is looked for in the ONNX form, which gives the same. Scratch files are written into ``folder``. Raises
    ConvertError where that cannot be looked into.
    """
    any_nan = any(np.isnan(array).any() for array in outputs if array.dtype.kind == "f")
    what = "NaN" if any_nan else "infinities"
    probes = OnnxProbes(made(files, OnnxOptions(optimize=False), folder / "plain.onnx"), folder)
    for name, weight in probes.weights():
        if _wrong(weight, nan=any_nan).any():
            return f"The weight {name} holds {what}."
    given = together(inputs)
    for begin in range(0, len(probes.nodes), _AT_A_TIME):
        part = probes.nodes[begin : begin + _AT_A_TIME]
        for node, value in zip(part, probes.values([node.output[0] for node in part], given), strict=True):
            wrong = _wrong(value, nan=any_nan)
            if wrong.any():
                count = f"{np.count_nonzero(wrong)} of {value.size} elements"
                first = f"The first layer that gives {what} is {node.name} ({node.op_type}): {count}."
                return first + _given(probes, node, given)
    return f"No layer by itself was seen to give {what}."


def _given(probes: OnnxProbes, node: Any, inputs: Mapping[str, _Array]) -> str:
    """Between which values lies what ``node`` is given."""
    names = [name for name in node.input if name in probes]
    arrays = [*probes.values(names, inputs)] if names else []
    arrays += [inputs[name] for name in node.input if name in inputs]
    numbers = [array for array in arrays if array.dtype.kind == "f" and array.size]
    if not numbers:
        return ""
    low = min(float(np.nanmin(array)) for array in numbers)
    high = max(float(np.nanmax(array)) for array in numbers)
    return f" What it is given lies between {low:.4g} and {high:.4g}."


def _wrong(array: _Array, *, nan: bool) -> NDArray[np.bool_]:
    if array.dtype.kind != "f":
        return np.zeros(array.shape, np.bool_)
    return np.isnan(array) if nan else ~np.isfinite(array)
