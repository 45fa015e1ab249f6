"""Losses."""

from __future__ import annotations

from tests.convert.op_case import call, f, i

_WHOLE = {"batched": False, "reason": "the rows of a batch are summed up"}
_LOGITS, _SHARES = f(4, 3), f(4, 3, low=0.05, high=0.95)
_LABELS = i(4, low=0, high=2)
_WEIGHTED = f(3, low=0.2, high=1.0)
ROWS = [
    call("SigmoidCrossEntropyWithLogits", "ops.SigmoidCrossEntropyWithLogits()(x * 50, y)", _LOGITS, _SHARES),
    call("BCEWithLogitsLoss", "nn.BCEWithLogitsLoss()(x * 50, y)", _LOGITS, _SHARES, **_WHOLE),
    call(
        "BCEWithLogitsLoss",
        "ops.BCEWithLogitsLoss('none')(x, y, y + 1, z)",
        _LOGITS,
        _SHARES,
        _WEIGHTED,
        batched=False,
        reason="an input stands for the weights",
    ),
    call("BCEWithLogitsLoss", "ops.BCEWithLogitsLoss('sum')(x, y, y + 1, y * 2)", _LOGITS, _SHARES, **_WHOLE),
    call("BinaryCrossEntropy", "ops.BinaryCrossEntropy('none')(x, y, x + 1)", _SHARES, _SHARES),
    call("BinaryCrossEntropy", "nn.BCELoss(reduction='mean')(ops.round(x), y)", _SHARES, _SHARES, **_WHOLE),
    call("SoftmaxCrossEntropyWithLogits", "ops.SoftmaxCrossEntropyWithLogits()(x * 50, y)", _LOGITS, _SHARES),
    call("SoftmaxCrossEntropyWithLogits", "nn.SoftmaxCrossEntropyWithLogits(True)(x, y)", _LOGITS, _LABELS),
    call(
        "SparseSoftmaxCrossEntropyWithLogits",
        "nn.SoftmaxCrossEntropyWithLogits(True, 'mean')(x, y)",
        _LOGITS,
        _LABELS,
        **_WHOLE,
    ),
    call("NLLLoss", "ops.NLLLoss('mean', 1)(x, y, z)", _LOGITS, _LABELS, _WEIGHTED, **_WHOLE),
    call("NLLLoss", "ops.NLLLoss('sum')(x, y, z)", _LOGITS, _LABELS, _WEIGHTED, **_WHOLE),
    call(
        "NLLLoss",
        "ops.NLLLoss('none', -3)(x, y - 3 * ops.cast(y == 0, ms.int32), z)[0]",
        _LOGITS,
        _LABELS,
        _WEIGHTED,
        batched=False,
        reason="an input stands for the weights",
    ),
    *(
        call("KLDivLoss", f"ops.KLDivLoss('{reduction}')(x, ops.relu(y))", _LOGITS, _LOGITS, **_WHOLE)
        for reduction in ("mean", "batchmean", "sum")
    ),
    call("KLDivLoss", "ops.KLDivLoss('none')(x, y)", _LOGITS, _LOGITS),
    call("SmoothL1Loss", "ops.SmoothL1Loss(0.5)(x, y)", _LOGITS, _SHARES),
    call("SmoothL1Loss", "nn.SmoothL1Loss(1.5, 'mean')(x, y)", _LOGITS, _SHARES, **_WHOLE),
    call("SmoothL1Loss", "ops.SmoothL1Loss(1.0, 'sum')(x, y)", _LOGITS, _SHARES, **_WHOLE),
    call(
        "MSELossExt", "mint.nn.functional.mse_loss(x, y)", _LOGITS, _SHARES, instead="((x - y) ** 2).mean()", **_WHOLE
    ),
    call("L1LossExt", "mint.nn.functional.l1_loss(x, y, 'none')", _LOGITS, _SHARES, instead="ops.abs(x - y)"),
    call("L2Loss", "ops.L2Loss()(x)", _LOGITS, **_WHOLE),
]
