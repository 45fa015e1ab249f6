"""Seeded weights and inputs: the same seed gives the same bits on every machine.

NumPy guarantees the stream of the PCG64 bit generator for a seed (NEP 19); the distributions drawn
from it have been stable since NumPy 1.17.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec

_Draw = Callable[[np.random.Generator, tuple[int, ...]], NDArray[np.float64]]


def _variance(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return rng.uniform(0.5, 1.5, shape)


def _scale(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return rng.uniform(0.8, 1.2, shape)


def _offset(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return rng.normal(0.0, 0.1, shape)


def _weight(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    fan_in = max(1, math.prod(shape[1:]))
    return rng.normal(0.0, math.sqrt(0.8 / fan_in), shape)


RULES: dict[str, _Draw] = {
    "moving_variance": _variance,
    "gamma": _scale,
    "beta": _offset,
    "moving_mean": _offset,
    "running_mean": _offset,
    "running_var": _variance,
    "bias": _offset,
    **{f"bias_{which}": _offset for which in ("ih", "hh")},
    **{
        f"bias_{which}_l{layer}{back}": _offset
        for which in ("ih", "hh")
        for layer in range(16)
        for back in ("", "_reverse")
    },
}
"""How a parameter is drawn, by the last part of its name; every other parameter is a weight."""


def draw_parameters(shapes: Mapping[str, tuple[int, ...]], rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    """Draw a float32 array for each parameter, in the order of their sorted names.

    Moving variances lie in 0.5..1.5 and scales in 0.8..1.2; offsets, biases and moving means are normal
    with deviation 0.1; weights are normal with variance 0.8 / fan-in, fan-in being the product of all
    dimensions but the first. So with batch norms a layer's output stays near unit size at any depth.

    Args:
        shapes: each parameter's full name and shape.
        rng: the generator to draw from; it is left where the drawing ended.
    """
    drawn = {}
    for name in sorted(shapes):
        draw = RULES.get(name.rpartition(".")[2], _weight)
        drawn[name] = np.asarray(draw(rng, tuple(shapes[name])), dtype=np.float32)
    return drawn


def seeded_parameters(shapes: Mapping[str, tuple[int, ...]], seed: int) -> dict[str, NDArray[np.float32]]:
    """Make weights from a seed (at least 0), by the rules of `draw_parameters`; keys are sorted."""
    return draw_parameters(shapes, np.random.Generator(np.random.PCG64(seed)))


def seeded_inputs(specs: Sequence[InputSpec], seed: int, batch: int | None = None) -> dict[str, NDArray[np.generic]]:
    """Make one array for each input from a seed, in the order of `specs`.

    Floats are uniform in low..high; integers are uniform in low..high with both ends included, and so are booleans, as
    0 and 1.

    Args:
        specs: the inputs to make.
        seed: at least 0; the same seed gives the same bits.
        batch: the first dimension of every input that has one, at least 1, in place of the one in its spec.

    Raises:
        ConvertError: a spec has a dimension below 1, an empty or infinite range, or an element type
            other than a boolean, a float or an integer of NumPy's.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    try:
        return {spec.name: _draw_input(spec, rng, batch) for spec in specs}
    except (ValueError, MemoryError):  # NumPy's, for an array that cannot be
        shapes = ", ".join(f"{spec.name} {list(spec.shape)}" for spec in specs)
        raise ConvertError(f"the inputs are too large: {shapes}", hint="give them sizes that memory can hold") from None


def _draw_input(spec: InputSpec, rng: np.random.Generator, batch: int | None) -> NDArray[np.generic]:
    shape = (batch, *spec.shape[1:]) if batch is not None and spec.shape else spec.shape
    if any(size < 1 for size in shape):
        raise ConvertError(f"input {spec.name} has no elements: shape {shape}", hint="every dimension is at least 1")
    try:
        dtype = np.dtype(spec.dtype)
    except TypeError:
        dtype = None
    if dtype is None or dtype.kind not in "bfiu":
        raise ConvertError(
            f"input {spec.name} has the element type {spec.dtype!r}, for which no values can be drawn",
            hint="use bool, or a float or an integer type of NumPy's, such as float32 or int64",
        )
    if dtype.kind == "b":
        return _draw_input(
            replace(spec, dtype="uint8", low=max(spec.low, 0), high=min(spec.high, 1)), rng, batch
        ).astype(dtype)
    is_float = dtype.kind == "f"
    limits = np.finfo(dtype) if is_float else np.iinfo(dtype)
    low, high = spec.low, spec.high
    if math.isfinite(high - low) and not is_float:
        low, high = math.ceil(low), math.floor(high)
    # The difference is infinite or NaN where an end is; and NumPy cannot draw from a range wider than a float.
    if not (math.isfinite(high - low) and limits.min <= low <= high <= limits.max):
        raise ConvertError(
            f"input {spec.name} has no {spec.dtype} values to draw from: {spec.low} to {spec.high}",
            hint="low is at most high, and both are finite and within the element type",
        )
    if is_float:
        return rng.uniform(low, high, shape).astype(dtype)
    # NumPy's annotations want a literal element type.
    drawn: NDArray[np.generic] = rng.integers(low, high, shape, dtype, endpoint=True)  # type: ignore[call-overload]
    return drawn
