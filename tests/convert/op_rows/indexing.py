"""Reading and writing at places that a tensor names."""

from __future__ import annotations

from tests.convert.op_case import HALF, IMAGE, Input, call, f, h, i, layer

_ALONE = {"batched": False, "reason": "the places are of one tensor"}


def _at(*shape: int, high: int, low: int = 0) -> Input:
    return i(*shape, low=low, high=high)


_SPARSE = "ms.Tensor([[0, 1], [1, 3], [2, 0]], ms.int32), ms.Tensor([1.0, 2.0, 3.0]), (3, 4)"
_THREE = (f(1, 4), _at(1, 3, high=3), f(1, 3))
_SCATTER = (f(6, 4, 5), _at(6, 1, high=3), f(6, 5))
_SEGMENTS = (f(6, 5), _at(6, 1, high=3))
ROWS = [
    call("Gather", "ops.gather(x, ms.Tensor([2, 0, 2]), 1)", IMAGE),
    call("Gather", "ops.gather(x, ms.Tensor([[1, 0], [3, 3]], ms.int32), -1)", IMAGE),
    call("Gather", "ops.gather(ms.Tensor(np.arange(12, dtype=np.float32).reshape(4, 3)), x, 0)", _at(1, 5, high=3)),
    layer("Gather", "nn.Embedding(7, 3)", _at(2, 5, high=6)),
    call(
        "SparseGatherV2",
        "ops.operations.SparseGatherV2()(x, ms.Tensor([2, 0], ms.int32), 1)",
        IMAGE,
        instead="ops.gather(x, ms.Tensor([2, 0], ms.int32), 1)",
    ),
    call(
        "InplaceUpdate",
        "ops.operations.InplaceUpdate((3, 1))(x, y)",
        f(5, 4),
        f(2, 4),
        batched=False,
        reason="the first axis is that of the places",
    ),
    call("Gather", "ops.index_select(x, 1, ms.Tensor([2, 0]))", IMAGE),
    call("IndexSelect", "mint.index_select(x, 1, ms.Tensor([2, 0]))", IMAGE,
         instead="ops.gather(x, ms.Tensor([2, 0]), 1)"),
    call("Embedding", "mint.nn.functional.embedding(x, ms.Tensor([[1.0, 2.0], [3.0, 4.0]]))", _at(2, 5, high=1)),
    layer("EmbeddingLookup", "nn.EmbeddingLookup(7, 3)", _at(2, 5, high=6)),
    call("GatherD", "ops.gather_elements(x, 1, y)", f(1, 4, 3), _at(1, 2, 3, high=3)),
    call("GatherD", "ops.gather_elements(x, 1, ms.Tensor([[3, 0]]))", f(1, 4)),
    call("GatherD", "ops.gather_elements(ms.Tensor([[3.0, 0, 7]]), 1, x)", _at(1, 2, high=2)),
    call("GatherD", "ops.gather_d(x, -1, y)", h(1, 4), _at(1, 9, high=3), **HALF),
    call("GatherNd", "ops.gather_nd(x[0], y)", f(2, 3, 4, 5), _at(2, 2, high=2), **_ALONE),
    call("GatherNd", "x[0][ms.Tensor([0, 2]), ms.Tensor([1, 3])]", f(1, 3, 4, 5), **_ALONE),
    call("GatherNd", "x[:, ms.Tensor([1, 0])]", IMAGE),
    call("GatherNd", "x[:, ms.Tensor([1, 0])]", f(2, 4, 3)),
    call("Take", "ops.auto_generate.take(x[0], y)", f(2, 3, 4), _at(2, 2, high=9), **_ALONE,
         instead="ops.gather(x[0].reshape(-1), y, 0)"),
    call("ScatterNd", "ops.scatter_nd(x, y, (6, 4))", _at(3, 1, high=5), f(3, 4), **_ALONE),
    call("ScatterNd", "ops.scatter_nd(x, y, (6, 4))", _at(3, 1, high=5), h(3, 4), **_ALONE),
    call("TensorScatterElements", "ops.tensor_scatter_elements(x, y, z, 1, 'add')", h(1, 4), _at(1, 4, high=3), h(1, 4),
         **HALF),
    call("TensorScatterUpdate", "ops.TensorScatterUpdate()(x[0], ms.Tensor([[0, 1], [1, 2]]), y[0])", f(1, 2, 4),
         f(1, 2), **_ALONE),
    *(call(f"TensorScatter{word.capitalize()}", f"ops.tensor_scatter_{word}(x[0], y, z)", *_SCATTER, **_ALONE)
      for word in ("add", "sub", "mul", "max", "min")),
    call("TensorScatterElements", "ops.tensor_scatter_elements(x, ms.Tensor([[1, 0, 3]]), y, 1)", f(1, 4), f(1, 3)),
    call("TensorScatterElements", "ops.tensor_scatter_elements(x, y, z, 1, 'add')", *_THREE),
    call("Scatter", "mint.scatter(x, 1, ms.Tensor([[1, 0, 3]]), y)", f(1, 4), f(1, 3),
         instead="ops.tensor_scatter_elements(x, ms.Tensor([[1, 0, 3]]), y, 1)"),
    call("ScatterValue", "mint.scatter(x, 1, y, 2.0)", *_THREE[:2],
         instead="ops.tensor_scatter_elements(x, y, ops.ones_like(y).astype(ms.float32) * 2, 1)"),
    call("ScatterAddExt", "mint.scatter_add(x, 1, y, z)", *_THREE,
         instead="ops.tensor_scatter_elements(x, y, z, 1, 'add')"),
    *(call(f"UnsortedSegment{word.capitalize()}", f"ops.unsorted_segment_{word}(x, y[:, 0], 4)", *_SEGMENTS, **_ALONE)
      for word in ("sum", "max", "min", "prod")),
    *(call(f"UnsortedSegment{word.capitalize()}", f"ops.unsorted_segment_{word}(x, y[:, 0], 4)", f(6, 5),
           _at(6, 1, low=-1, high=3), **_ALONE) for word in ("sum", "max", "min", "prod")),
    call("UnsortedSegmentSum", "ops.unsorted_segment_sum(x, ms.Tensor([1, -1, 0], ms.int32), 3)", f(3, 4), **_ALONE),
    call("UnsortedSegmentSum", "ops.unsorted_segment_sum(x, y, 4)", h(6, 5), _at(6, high=3), batched=False, **HALF),
    call("TensorScatterElements", "ops.tensor_scatter_elements(x, y, z, 1, 'add')", h(1, 4), _at(1, 3, high=3),
         h(1, 3), **HALF),
    call("InplaceAdd", "ops.inplace_add(x, y, (0, 2))", f(4, 3), f(2, 3), **_ALONE),
    call("InplaceSub", "ops.inplace_sub(x, y, (3, 0))", f(4, 3), f(2, 3), **_ALONE),
    call("InplaceUpdateV2", "ops.inplace_update(x, y, (1, 0))", f(4, 3), f(2, 3), **_ALONE),
    *(call("SparseTensorDenseMatmul", f"ops.SparseTensorDenseMatmul({way})({_SPARSE}, {dense})", f(4, 2), **_ALONE)
      for way, dense in (("", "x"), ("adjoint_st=True", "x[:3]"), ("adjoint_dt=True", "x.T"))),
    call("SparseTensorDenseMatmul", "ops.SparseTensorDenseMatmul()(y, z, (3, 4), x)", f(4, 2), _at(5, 2, high=2), f(5),
         **_ALONE),
    call("SparseToDense", f"ops.SparseToDense()({_SPARSE.replace('(3, 4)', '(4, 5)')}) * x", f(4, 1), **_ALONE),
    call("IndexAddExt", "mint.index_add(x, 1, ms.Tensor([0, 2]), y, alpha=2)", f(2, 4), f(2, 2),
         instead="x + 2 * ops.concat((y[:, :1], x[:, :1] * 0, y[:, 1:], x[:, :1] * 0), 1)"),
    call("TensorScatterDiv", "ops.tensor_scatter_div(x, ms.Tensor([[0, 1], [1, 2]]), y)", f(3, 4, 5), f(2, 5, low=1),
         batched=False, reason="it names places in the batch"),
    call("IndexFill", "ops.index_fill(x, 1, ms.Tensor([0, 2], ms.int32), 2.0)", f(2, 4, 3)),
    call("IndexFill", "x.index_fill(-1, ms.Tensor([1], ms.int32), -1.0)", f(2, 4, 3)),
    call("Gather", "ops.gather(x, y, 1, 1)", f(1, 4, 3), _at(1, 2, high=3)),
    call("Gather", "ops.gather(x, y, 2, 1)", f(1, 4, 5, 3), _at(1, 2, 2, high=4)),
    call("Gather", "ops.gather(x, y, 3, -2)", f(1, 4, 5, 6), _at(1, 2, 3, high=5)),
    call("IndexAdd", "ops.index_add(x * 1, ms.Tensor([0, 2], ms.int32), y, 1)", f(2, 4), f(2, 2)),
    call("IndexAdd", "z, w + 1", f(2, 4), f(2, 2),
         steps=("w = x * 1", "z = ops.index_add(w, ms.Tensor([2, 2], ms.int32), y, -1)")),
    call("GatherNd", "x[ops.arange(x.shape[0]), y]", f(1, 4, 3), _at(1, high=3)),
    call("GatherNd", "x[ops.arange(x.shape[0]), y]", f(3, 4, 2), _at(3, high=3)),
    call("GatherNd", "x[ops.arange(x.shape[0])[:, None], y]", f(2, 4, 3), _at(2, 5, high=3)),
    call("GatherNd", "x[ops.arange(x.shape[0]), ms.Tensor([1]), y]", f(1, 4, 3), _at(1, high=2)),
    call("TensorScatterUpdate", "z", f(2, 3, 4), steps=(
        "z = ops.zeros((x.shape[0], 3, 8), x.dtype)", "z[:, :, ::2] = x", "z[:, 1, 1] = 3.0", "z[..., -1] = x[..., 0]",
    )),
    call("TensorScatterUpdate", "z", f(1, 3, 4), steps=("z = ops.ones_like(x)", "z[:, 1:] = x[:, :2]")),
    call("ScatterNd", "ops.scatter_nd(ms.Tensor([[1], [0]], ms.int32), x, (3, 4))", f(2, 4), **_ALONE),
    call("UnsortedSegmentSum", "ops.unsorted_segment_sum(x, ms.Tensor([2, 0], ms.int32), 3)", f(2, 4), **_ALONE),
    call("IndexPut", "x[0].index_put((ms.Tensor([0, 1]), ms.Tensor([2, 3])), y[0])", f(1, 2, 4), f(1, 2), **_ALONE),
    call("IndexPut", "x[0].index_put((ms.Tensor([1, 1, -2]), ms.Tensor([0, 0, 3])), y[0], True)", f(1, 3, 4), f(1, 3),
         **_ALONE),
    call("MaskedScatter", "x[0].masked_scatter(x[0] > 0, y[0])", f(1, 3, 4), f(1, 12), **_ALONE),
    call("MaskedScatter", "x[0].masked_scatter(y[0, :4] > 0, y[0])", f(1, 3, 4), f(1, 20), **_ALONE),
    call("FillDiagonal", "x[0].fill_diagonal(2.0)", f(1, 4, 4), **_ALONE),
    call("FillDiagonal", "x[0].fill_diagonal(-1.0, True)", f(1, 7, 3), **_ALONE),
]  # fmt: skip
