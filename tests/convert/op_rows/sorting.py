"""Orders, greatest and least elements, products and extremes so far."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, i

_ROWS = f(1, 4, 9)
ROWS = [
    call("TopK", "ops.topk(x, 3)", _ROWS),
    call("TopK", "ops.topk(x, 9)", _ROWS),
    call("TopK", "ops.topk(x, 1, largest=False)", _ROWS),
    call("TopK", "ops.topk(x, 2, 1)", _ROWS),
    call("TopkExt", "mint.topk(x, 3)", _ROWS, instead="(ops.topk(x, 3)[0], ops.topk(x, 3)[1].astype(ms.int64))"),
    call(
        "TopkExt",
        "mint.topk(x, 2, 1, False)",
        _ROWS,
        instead="(ops.sort(x, 1)[0][:, :2], ops.sort(x, 1)[1][:, :2].astype(ms.int64))",
    ),
    call("Sort", "ops.sort(x, 1)", IMAGE),
    call("Sort", "ops.sort(x, -1, True)", IMAGE),
    call("Sort", "ops.argsort(x)", IMAGE),
    call("SortExt", "mint.sort(x, dim=1)", IMAGE, instead="(ops.sort(x, 1)[0], ops.sort(x, 1)[1].astype(ms.int64))"),
    call("ArgSort", "mint.argsort(x, 1, True)", IMAGE, instead="ops.argsort(x, 1, True).astype(ms.int64)"),
    call(
        "Kthvalue",
        "mint.kthvalue(x, 2)",
        _ROWS,
        instead="(ops.sort(x)[0][..., 1], ops.sort(x)[1][..., 1].astype(ms.int64))",
    ),
    call("Median", "ops.median(x, 1)", IMAGE),
    call("Median", "ops.median(x, -1, True)", f(1, 3, 5)),
    call("Median", "ops.median(x)[0]", f(4, 5), batched=False, reason="it is the median of the whole batch"),
    call("CumProd", "ops.cumprod(x, 1)", IMAGE),
    call("CumProd", "ops.cumprod(x, -1)", f(1, 1)),
    call("CumProd", "ops.CumProd(exclusive=True)(x, 1)", IMAGE),
    call("CumProd", "ops.CumProd(reverse=True)(x, -1)", IMAGE),
    call("CumProd", "ops.CumProd(True, True)(x, 2)", IMAGE),
    call("Cummax", "ops.cummax(x, 2)[0]", IMAGE),
    call("Cummax", "ops.cummax(x, 1)", i(1, 9, low=0, high=3)),
    call("Cummin", "ops.cummin(x, 2)", IMAGE),
    call("Cummin", "ops.cummin(ops.sqrt(x), 1)", f(1, 9)),
    call(
        "MedianExt",
        "mint.median(x)",
        f(4, 5),
        batched=False,
        reason="it is the median of the whole batch",
        instead="ops.median(x.reshape(20), 0)[0]",
    ),
    call("Cummin", "ops.cummin(x, 1)[0]", i(1, 5)),
    call("SearchSorted", "ops.searchsorted(ops.sort(x)[0], y)", f(2, 3, 7), f(2, 3, 4)),
    call("SearchSorted", "ops.searchsorted(ops.sort(x)[0], y, right=True)", f(2, 7), f(2, 4)),
    call("SearchSorted", "ops.bucketize(x, [-0.5, 0.0, 0.5])", f(2, 3, 7)),
    call("CumulativeLogsumexp", "ops.logcumsumexp(x, 1)", f(2, 5, 3)),
    call("CumulativeLogsumexp", "ops.logcumsumexp(x, -1)", f(2, 9)),
    call("CumulativeLogsumexp", "ops.logcumsumexp(x, 1)", f(2, 9, 3, low=-300, high=300)),
    call("CumulativeLogsumexp", "ops.logcumsumexp(x, 1)", f(1, 300)),
    call(
        "CumulativeLogsumexp",
        "self.f(x, ms.Tensor(1, ms.int32))",
        f(2, 9, 3, low=-300, high=300),
        layer="ops.operations.math_ops.CumulativeLogsumexp(reverse=True)",
    ),
    *(
        call(op, f"ops.operations.array_ops.{op}()(ops.sort(x)[0], y)", f(2, 7), f(2, 5))
        for op in ("LowerBound", "UpperBound")
    ),
]
