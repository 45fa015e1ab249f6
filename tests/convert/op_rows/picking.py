"""Sizes that depend on the data: of the two inputs of a row, each picks as many as it does."""

from tests.convert.op_case import Case, call, f, i

TABLE = f(8, 4, low=-1, high=3)
FEW = i(6, 4, low=0, high=30)
NAMED: dict[str, object] = {"batched": False, "reason": "it names places in the batch"}
WHOLE: dict[str, object] = {"batched": False, "reason": "it is one for all of the batch"}
EACH = "ops.unique(ops.sort(ops.floor(x).reshape(-1))[0])[0]"
COUNTS = f"({EACH}[:, None] == ops.floor(x).reshape(-1)).astype(ms.int64).sum(1)"
PLACES = "i, j = ops.nonzero(x > 0.5).tensor_split(2, 1)"
RANKED = "b = x[None, i] * x[i, j]"
VOLUME, ORDER = "v = a[:, :, None] * x[0]", "k = ops.argsort(a[:, 1])"
COUNT = "n = (x[:, 0] > 0.5).astype(ms.int32).sum()"


def picked(op: str, text: str, *steps: str) -> Case:
    """A row that computes something of ``a``, those rows of x whose first element is greater than 0.5."""
    return call(op, text, TABLE, steps=("a = x[x[:, 0] > 0.5]", *steps), batched=False, reason=NAMED["reason"])


ROWS = [
    call("NonZero", "ops.nonzero(x > 0.5)", TABLE, **NAMED),
    call("NonZero", "ops.nonzero(x)", i(7, 3, low=-1, high=1), **NAMED),
    call("NonZero", "ops.nonzero(x[0] > 0.5).reshape(-1) * 2", f(1, 9), **WHOLE),
    call("NonZero", "x[x > 0.5]", TABLE, **NAMED),
    picked("NonZero", "a, a.sum(0), a.mean(0), a.mean(), a.max(1), a.std(0), a.var()"),
    picked("NonZero", "a[1:], a[:-1], a[::2], a[:2], a[-2:], a[0], a[-1]"),
    picked("NonZero", "ops.softmax(ops.matmul(a, a.T), -1), a * x[x[:, 0] > 0.5]"),
    picked("NonZero", "a.reshape(-1), a.reshape(a.shape[0] * 2, 2), a.flatten(), a.view(-1)"),
    picked("NonZero", "ops.concat((a, x[x[:, 1] > 0.2])), ops.stack((a, a)), ops.tile(a, (2, 1))"),
    picked("NonZero", "ops.sort(a[:, 1])[1], a[ops.argsort(a[:, 0])], ops.flip(a, (0,))"),
    picked("NonZero", "ops.broadcast_to(a[:, None], (-1, 3, 4)), ops.pad(a, (1, 1))"),
    call(
        "NonZero",
        "ops.tensor_scatter_update(x, j, ops.gather_nd(x, j) * 2)",
        TABLE,
        steps=("j = ops.nonzero(x[:, 0] > 0.5)",),
        **NAMED,
    ),
    call(
        "NonZero",
        "ops.one_hot(j, 8), x.index_select(0, j), ops.unsorted_segment_sum(x[j], j, 8)",
        TABLE,
        steps=("j = ops.nonzero(x[:, 0] > 0.5)[:, 0]",),
        **NAMED,
    ),
    call("NonZeroExt", "mint.nonzero(x > 0.5, as_tuple=True)", TABLE, **NAMED),
    call("MaskedSelect", "ops.masked_select(x, x > 0.5)", TABLE),
    call(
        "MaskedSelect",
        "ops.masked_select(x, y), ops.masked_select(x * 2, y) + ops.masked_select(x, y)",
        f(5, 3),
        i(5, 3, low=0, high=1),
        steps=("y = y > 0",),
    ),
    call("MaskedSelect", "ops.masked_select(x, x[:, :1] > 0.5).reshape(-1, 2, 2)", TABLE),
    call(
        "MaskedSelect",
        "s.sum(), s.mean(), s.reshape(1, -1), ops.concat((s, s))",
        TABLE,
        steps=("s = ops.masked_select(x, x > 0.5)",),
        **WHOLE,
    ),
    call("Unique", "ops.unique(x)", FEW, **WHOLE),
    call("Unique", "ops.unique(ops.floor(x).reshape(-1))", f(6, 4, low=0, high=30), **WHOLE),
    call(
        "Unique2",
        "mint.unique(ops.floor(x), True, True, True)",
        f(6, 4, low=0, high=30),
        instead=f"({EACH}, ops.searchsorted({EACH}, ops.floor(x)), {COUNTS})",
        **WHOLE,
    ),
    call("UniqueWithPad", "ops.UniqueWithPad()(x.reshape(-1), 9)", FEW, **WHOLE),
    *(call("UniqueConsecutive", f"ops.unique_consecutive(x{more})", i(6, 4, low=0, high=1), **WHOLE)
      for more in ("", ", True", ", False, True")),
    call("UniqueConsecutive", "ops.unique_consecutive(x, True, True)", i(6, 4, low=0, high=1), **WHOLE),
    call(
        "Range",
        "ops.arange(n), ops.arange(2, n + 3), ops.arange(n) * 2",
        TABLE,
        steps=("n = (x > 0.5).astype(ms.int32).sum()",),
        **WHOLE,
    ),
    call("Range", "x[:n], x[n:], x[:n] * ops.arange(n)[:, None]", TABLE, steps=(COUNT,), **WHOLE),
    call(
        "Arange",
        "mint.arange(0, (x > 0.5).astype(ms.int64).sum().item(), 1)",
        TABLE,
        instead="ops.arange((x > 0.5).astype(ms.int32).sum())",
        **WHOLE,
    ),
    call(
        "CTCGreedyDecoder",
        "self.f(x, ms.Tensor([7, 5, 6], ms.int32))",
        f(7, 3, 4),
        layer="ops.CTCGreedyDecoder()",
        **WHOLE,
    ),
    call("CTCGreedyDecoder", "ops.ctc_greedy_decoder(x, y, False)", f(9, 2, 5), i(2, low=1, high=9), **WHOLE),
    picked("Shape", "ops.zeros((a.shape[0], 3), ms.float32), ops.ones((2, a.shape[0]), ms.int32), a.shape[0] * x"),
    picked("Shape", "ops.arange(a.shape[0])[:, None] * a, ops.full((a.shape[0],), 7.0)"),
    call("TensorShape", "ops.TensorShape()(x[x > 0.5])", TABLE, **NAMED),
    picked("Size", "ops.size(a) * x"),
    picked("InSequence", "a.std(0), a.var(1)"),
    picked("ZerosLike", "ops.zeros_like(a) + a"),
    picked("OnesLike", "ops.ones_like(a) + a"),
    picked("Eye", "ops.eye(a.shape[0], 4, ms.float32), ops.eye(3, a.shape[0], ms.int32)"),
    picked("Meshgrid", "ops.meshgrid(a[:, 0], x[0]), ops.meshgrid(a[:, 0], x[0], a[:, 1], indexing='ij')"),
    picked("Median", "ops.median(a, 0), ops.median(a, 0, True), a.median(), ops.median(a, 1)"),
    picked("Diag", "ops.diag(a[:, 0])"),
    picked("AdaptiveAvgPool2D", "ops.adaptive_avg_pool2d(a[:, None], (1, 3)), ops.adaptive_avg_pool2d(a[:, None], 1)"),
    picked("AdaptiveMaxPool2D", "ops.adaptive_max_pool2d(a[:, None], (1, 2))"),
    picked("SliceToIndices", "a[:, ms.Tensor([0, 3])], a[:, ms.Tensor([[0, 2], [1, 1]])]"),
    picked("SliceToIndices", "v[:, ms.Tensor([1, 0]), ms.Tensor([3, 0])], v[:, :, ms.Tensor([1])]", VOLUME),
    picked("SliceToIndices", "v[:, 1:, ms.Tensor([2])]", VOLUME),
    picked("GetTupleIndexInfo", "a[k, k * 0 + 2], a[k[:1], ms.Tensor([1, 2])]", ORDER),
    picked("GetTupleIndexInfo", "v[k, :, k * 0]", VOLUME, ORDER),
    picked("PadV3", "ops.pad(a[:, 0], (0, 8 - a.shape[0])), ops.pad(a, (0, 0, a.shape[0], 1), value=7.0)"),
    picked("Tile", "ops.tile(x[:2], (a.shape[0], 1)), ops.tile(x[0], (2, a.shape[0], 3))"),
    call("Rank", "x * b.ndim", TABLE, steps=(PLACES, RANKED), **NAMED),
    call("SequenceAdd", "x.reshape((1,) + (1,) * (b.ndim - 1) + (-1,))", TABLE, steps=(PLACES, RANKED), **NAMED),
    call("SequenceMul", "x.reshape((1,) * b.ndim + (-1,))", TABLE, steps=(PLACES, RANKED), **NAMED),
    picked("tuple_equal", "a * 2", "if a.shape != (-a).shape: raise ValueError(f'{a.shape} and {(-a).shape}')"),
]  # fmt: skip
