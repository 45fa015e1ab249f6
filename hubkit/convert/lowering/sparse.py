"""Sparse matrices: the places of what they hold, and its values."""

from __future__ import annotations

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Call, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import filled, whole
from hubkit.convert.lowering.linalg import transposed
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.scattering import written

_INT64 = BY_NAME["int64"]


@lowering("SparseTensorDenseMatmul")
def sparse_product(g: Builder, call: Call) -> Value:
    """SparseTensorDenseMatmul(indices, values, sparse_shape, dense; adjoint_st=False, adjoint_dt=False) -> Gather, Mul,
    ScatterND with reduction "add".
    """
    places, values, dense = call.tensor(g, 0), call.tensor(g, 1), call.tensor(g, 3)
    sizes = call.ints("sparse_shape", 2)
    along = (1, 0) if call.constant("adjoint_st", default=False) else (0, 1)
    dense = transposed(g, dense) if call.constant("adjoint_dt", default=False) else dense
    row, column = (g.node("Gather", cast_to(g, places, _INT64), g.constant(axis, _INT64), axis=1) for axis in along)
    terms = g.node("Mul", g.node("Gather", dense, column, axis=0), g.node("Unsqueeze", values, g.ints(1)))
    zeros = filled(g, (counted(sizes[along[0]]), whole(dense, 1)), g.constant(0, dense.dtype), dense.dtype)
    return written(g, zeros, g.node("Unsqueeze", row, g.ints(1)), terms, "add")


@lowering("SparseToDense")
def sparse_to_dense(g: Builder, call: Call) -> Value:
    """SparseToDense(indices, values, sparse_shape) -> ScatterND."""
    places, values = cast_to(g, call.tensor(g, 0), _INT64), call.tensor(g, 1)
    zeros = filled(g, call.sizes, g.constant(0, values.dtype), values.dtype)
    return written(g, zeros, places, values, "none")
