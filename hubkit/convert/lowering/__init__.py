"""How MindIR operators are expressed in ONNX: one pure function an operator, a module a family."""

from __future__ import annotations

from hubkit.convert.lowering import (  # importing a family registers its lowerings
    activation,
    attention,
    control,
    convolution,
    creation,
    decoding,
    detection,
    division,
    elementwise,
    gamma,
    gradient,
    in_place,
    indexing,
    linalg,
    matmul,
    normalization,
    padding,
    picking,
    pooling,
    rearrange,
    recurrent,
    reduction,
    resize,
    sampling,
    scalars,
    scattering,
    shape,
    sorting,
    special,
    spectral,
    structural,
    vision,
)
from hubkit.convert.lowering.engine import BATCH, Batch, Lowered, OpenTensor, lower
from hubkit.convert.lowering.interpreter import BatchError
from hubkit.convert.lowering.registry import LOWERINGS, Lowering

FAMILIES = (
    activation,
    attention,
    control,
    convolution,
    creation,
    decoding,
    detection,
    division,
    elementwise,
    gamma,
    gradient,
    in_place,
    indexing,
    linalg,
    matmul,
    normalization,
    padding,
    picking,
    pooling,
    rearrange,
    recurrent,
    reduction,
    resize,
    sampling,
    scalars,
    scattering,
    shape,
    sorting,
    special,
    spectral,
    structural,
    vision,
)
"""The modules of lowerings."""

__all__ = ["BATCH", "FAMILIES", "LOWERINGS", "Batch", "BatchError", "Lowered", "Lowering", "OpenTensor", "lower"]
