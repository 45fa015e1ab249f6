"""One row an operator and its arguments: each becomes a one-operator network, is lowered, and compared."""

from __future__ import annotations

from tests.convert.op_case import ATOL, RTOL, Case
from tests.convert.op_rows import (
    activation,
    attention,
    convolution,
    creation,
    detection,
    division,
    elementwise,
    gradient,
    in_place,
    indexing,
    layer_gradient,
    linalg,
    loss,
    matmul,
    normalization,
    padding,
    picking,
    pooling,
    rearrange,
    recurrent,
    reduction,
    resize,
    scalars,
    shape,
    sorting,
    special,
    spectral,
    state,
    vision,
)

__all__ = ["ATOL", "CASES", "RTOL", "STRUCTURAL", "Case"]

_FAMILIES = (
    convolution, normalization, activation, elementwise, division, special, gradient, layer_gradient, in_place,
    linalg, loss, matmul, pooling, resize, shape, reduction, creation, rearrange, indexing, sorting, picking,
    recurrent, padding, vision, detection, scalars, attention, spectral, state,
)  # fmt: skip
CASES: list[Case] = [row for family in _FAMILIES for row in family.ROWS]
"""Every row."""

# Operators that no row can name: what the exporter puts between and around all the others, and what is tested with
# whole networks in test_control_flow; errors stand in a function that the row of tuple_equal never calls.
STRUCTURAL = {
    "Assert", "Depend", "HistogramSummary", "ImageSummary", "JoinedStr", "Load", "Ones", "Partial", "Print",
    "ScalarSummary", "StopGradient", "Switch", "TensorSummary", "TupleGetItem", "UpdateState", "Zeros", "raise",
    "switch_layer",
}  # fmt: skip
