"""Losses, which networks that are published with their loss compute in inference too."""

from __future__ import annotations

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import lowering

_SUM, _MEAN, _NONE = 0, 1, 2
_REDUCTIONS = {"sum": _SUM, "mean": _MEAN, "none": _NONE, "batchmean": 3}
_TINY = 1e-12  # what BinaryCrossEntropy adds before it takes logarithms


@lowering("SigmoidCrossEntropyWithLogits")
def sigmoid_cross_entropy(g: Builder, call: Call) -> Value:
    """SigmoidCrossEntropyWithLogits(logits, label): max(x, 0) - x * label + log(1 + exp(-|x|))
    -> Relu, Mul, Sub, Abs, Neg, Exp, Log, Add.
    """
    x, label = call.tensor(g, 0), call.tensor(g, 1)
    return g.node("Add", g.node("Sub", g.node("Relu", x), g.node("Mul", x, label)), _log_of_tail(g, x))


@lowering("BCEWithLogitsLoss")
def binary_cross_entropy_with_logits(g: Builder, call: Call) -> Value:
    """BCEWithLogitsLoss(input, target, weight=None, posWeight=None, reduction="mean"): of target 1 the losses count
    posWeight times -> Relu, Neg, Abs, Exp, Log, Add, Sub, Mul, then ReduceMean or ReduceSum.
    """
    x, label = call.tensor(g, 0), call.tensor(g, 1)
    weight, positive = call.optional_tensor(g, 2), call.optional_tensor(g, 3)
    one = g.constant(1, x.dtype)
    tail = g.node("Add", _log_of_tail(g, x), g.node("Relu", g.node("Neg", x)))  # log(1 + exp(-x))
    if positive:
        tail = g.node("Mul", tail, g.node("Add", g.node("Mul", g.node("Sub", positive, one), label), one))
    loss = g.node("Add", g.node("Mul", g.node("Sub", one, label), x), tail)
    return _reduced(g, g.node("Mul", loss, weight) if weight else loss, _reduction(call, 4))


@lowering("BinaryCrossEntropy")
def binary_cross_entropy(g: Builder, call: Call) -> Value:
    """BinaryCrossEntropy(x, y, weight=None, reduction="mean"): -y log(x) - (1 - y) log(1 - x), to each number 1e-12
    added before its logarithm -> Add, Log, Mul, Sub, Neg, then ReduceMean or ReduceSum.
    """
    x, y, weight = call.tensor(g, 0), call.tensor(g, 1), call.optional_tensor(g, 2)
    one, tiny = g.constant(1, x.dtype), g.constant(_TINY, x.dtype)
    parts = [
        g.node("Mul", share, g.node("Log", g.node("Add", likely, tiny)))
        for share, likely in ((y, x), (g.node("Sub", one, y), g.node("Sub", one, x)))
    ]
    loss = g.node("Neg", g.node("Add", *parts))
    return _reduced(g, g.node("Mul", weight, loss) if weight else loss, _reduction(call, 3))


@lowering("SoftmaxCrossEntropyWithLogits")
def softmax_cross_entropy(g: Builder, call: Call) -> Argument:
    """SoftmaxCrossEntropyWithLogits(logits, labels): the loss of each row, and softmax(logits) - labels
    -> LogSoftmax, Mul, ReduceSum, Neg; Softmax, Sub.
    """
    x, labels = call.tensor(g, 0), call.tensor(g, 1)
    likely = g.node("Mul", labels, g.node("LogSoftmax", x, axis=-1))
    loss = g.node("Neg", g.node("ReduceSum", likely, g.ints(-1), keepdims=0))
    return (loss, g.node("Sub", g.node("Softmax", x, axis=-1), labels)) if call.asks_for(1) else (loss,)


@lowering("SparseSoftmaxCrossEntropyWithLogits")
def sparse_softmax_cross_entropy(g: Builder, call: Call) -> Value:
    """SparseSoftmaxCrossEntropyWithLogits(logits, labels; is_grad=False): the mean loss of the rows
    -> LogSoftmax, Unsqueeze, GatherElements, Neg, ReduceMean.
    """
    if call.constant("is_grad", default=False):
        raise CannotLowerError("its is_grad is true: it gives the loss' gradient, not the loss")
    picked = _picked(g, g.node("LogSoftmax", call.tensor(g, 0), axis=-1), call.tensor(g, 1))
    return _reduced(g, g.node("Neg", picked), _MEAN)


@lowering("NLLLoss")
def negative_log_likelihood(g: Builder, call: Call) -> Argument:
    """NLLLoss(logits, labels, weight, reduction="mean", ignore_index=-100): the loss and the weight of all labels
    -> Equal, Where, GatherElements, Gather, Mul, Neg, ReduceSum, Div.
    """
    x, labels, weight = (call.tensor(g, place) for place in range(3))
    reduction, zero = _reduction(call, 3), g.constant(0, x.dtype)
    ignored = g.node("Equal", labels, g.constant(call.constant("ignore_index", 4, -100), labels.dtype))
    labels = g.node("Where", ignored, g.constant(0, labels.dtype), labels)
    shares = g.node("Where", ignored, zero, cast_to(g, g.node("Gather", weight, labels, axis=0), x.dtype))
    total = _reduced(g, shares, _SUM)
    loss = g.node("Neg", g.node("Mul", _picked(g, x, labels), shares))
    if reduction == _MEAN:
        return g.node("Div", _reduced(g, loss, _SUM), total), total
    return _reduced(g, loss, reduction), total


@lowering("KLDivLoss")
def divergence(g: Builder, call: Call) -> Value:
    """KLDivLoss(logits, labels; reduction="mean"): labels * (log(labels) - logits), 0 where no label is positive
    -> Greater, Where, Log, Sub, Mul, then ReduceMean or ReduceSum.
    """
    x, labels = call.tensor(g, 0), call.tensor(g, 1)
    zero = g.constant(0, labels.dtype)
    some = g.node("Greater", labels, zero)
    logarithms = g.node("Log", g.node("Where", some, labels, g.constant(1, labels.dtype)))
    loss = g.node("Where", some, g.node("Mul", labels, g.node("Sub", logarithms, x)), zero)
    reduction = _reduction(call, None)
    if reduction != _REDUCTIONS["batchmean"]:
        return _reduced(g, loss, reduction)
    rows = cast_to(g, g.node("Gather", g.node("Shape", x), g.constant(0, "int64"), axis=0), x.dtype)
    return g.node("Div", _reduced(g, loss, _SUM), rows)


@lowering("SmoothL1Loss")
def smooth_l1(g: Builder, call: Call) -> Value:
    """SmoothL1Loss(prediction, target, beta=1.0, reduction="none"): d^2 / (2 beta) where d = |prediction - target| is
    less than beta, else d - beta / 2 -> Sub, Abs, Less, Mul, Where, then ReduceMean or ReduceSum.
    """
    x, beta = call.tensor(g, 0), float(call.constant("beta", 2, 1.0))
    apart = g.node("Abs", g.node("Sub", x, call.tensor(g, 1)))
    straight = g.node("Sub", apart, g.constant(0.5 * beta, x.dtype))
    if beta == 0:
        return _reduced(g, straight, _reduction(call, 3))
    curved = g.node(
        "Div", g.node("Mul", g.node("Mul", apart, apart), g.constant(0.5, x.dtype)), g.constant(beta, x.dtype)
    )
    near = g.node("Less", apart, g.constant(beta, x.dtype))
    return _reduced(g, g.node("Where", near, curved, straight), _reduction(call, 3))


@lowering("MSELossExt", "L1LossExt")
def distance(g: Builder, call: Call) -> Value:
    """MSELossExt(input, target, reduction="mean"), L1LossExt -> Sub, Mul or Abs, then ReduceMean or ReduceSum."""
    apart = g.node("Sub", call.tensor(g, 0), call.tensor(g, 1))
    loss = g.node("Abs", apart) if call.node.op == "L1LossExt" else g.node("Mul", apart, apart)
    return _reduced(g, loss, _reduction(call, 2))


@lowering("L2Loss")
def half_sum_of_squares(g: Builder, call: Call) -> Value:
    """L2Loss(x): sum(x * x) / 2 -> ReduceSumSquare, Mul."""
    x = call.tensor(g, 0)
    return g.node("Mul", g.node("ReduceSumSquare", x, keepdims=0), g.constant(0.5, x.dtype))


def _log_of_tail(g: Builder, x: Value) -> Value:
    """log(1 + exp(-|x|)), which never overflows."""
    tail = g.node("Exp", g.node("Neg", g.node("Abs", x)))
    return g.node("Log", g.node("Add", g.constant(1, x.dtype), tail))


def _picked(g: Builder, x: Value, labels: Value) -> Value:
    """Of each row of ``x`` the element that ``labels`` names."""
    axes = g.ints(1)
    return g.node("Squeeze", g.node("GatherElements", x, g.node("Unsqueeze", labels, axes), axis=1), axes)


def _reduction(call: Call, index: int | None) -> int:
    """How a loss sums up: the file has the word, or its number."""
    given = call.constant("reduction", index, "mean")
    return _REDUCTIONS[given] if isinstance(given, str) else int(given)


def _reduced(g: Builder, loss: Value, reduction: int) -> Value:
    if reduction == _NONE:
        return loss
    return g.node("ReduceMean" if reduction == _MEAN else "ReduceSum", loss, keepdims=0)
