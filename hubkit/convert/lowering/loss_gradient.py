"""Derivatives of losses, as networks compute them that change what they are given: adversarial examples, matching."""

from __future__ import annotations

import math

from hubkit.convert.lowering.builder import BatchBoundError, Builder, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.registry import lowering

_WORDS = ("sum", "mean", "none")  # by their numbers, which newer files have
_LEAST = 1e-12  # below what x (1 - x) is not taken to be


@lowering("SmoothL1LossGrad")
def smooth_l1_grad(g: Builder, call: Call) -> Value:
    """SmoothL1LossGrad(x, y, dloss, beta=1, reduction="none"): dloss (x - y) / beta, at most dloss and at least -dloss
    -> Sub, Div, Clip, Mul.
    """
    x, y, dloss = (call.tensor(g, place) for place in range(3))
    beta = call.constant("beta", 3, 1.0)
    one = g.constant(1, x.dtype)
    slope = g.node("Clip", g.node("Div", g.node("Sub", x, y), g.constant(beta, x.dtype)), g.node("Neg", one), one)
    return _shared(g, call, g.node("Mul", slope, dloss), 4, "none")


@lowering("SigmoidCrossEntropyWithLogitsGrad")
def sigmoid_cross_entropy_grad(g: Builder, call: Call) -> Value:
    """SigmoidCrossEntropyWithLogitsGrad(logits, label, dloss): (sigmoid(x) - label) dloss -> Sigmoid, Sub, Mul."""
    x, label, dloss = (call.tensor(g, place) for place in range(3))
    return g.node("Mul", g.node("Sub", g.node("Sigmoid", x), label), dloss)


@lowering("BinaryCrossEntropyGrad")
def binary_cross_entropy_grad(g: Builder, call: Call) -> Value:
    """BinaryCrossEntropyGrad(x, y, dloss, weight=None, reduction="mean"): dloss (x - y) / x (1 - x)
    -> Sub, Mul, Max, Div.
    """
    x, y, dloss = (call.tensor(g, place) for place in range(3))
    weight = call.optional_tensor(g, 3)
    spread = g.node("Max", g.node("Mul", x, g.node("Sub", g.constant(1, x.dtype), x)), g.constant(_LEAST, x.dtype))
    slope = g.node("Mul", g.node("Div", g.node("Sub", x, y), spread), dloss)
    return _shared(g, call, g.node("Mul", slope, weight) if weight else slope, 4, "mean")


@lowering("KLDivLossGrad")
def kl_divergence_grad(g: Builder, call: Call) -> Value:
    """KLDivLossGrad(dloss, x, y; reduction): -y dloss -> Mul, Neg."""
    dloss, y = call.tensor(g, 0), call.tensor(g, 2)
    return _shared(g, call, g.node("Neg", g.node("Mul", y, dloss)), 3, "mean")


def _shared(g: Builder, call: Call, slope: Value, index: int, usual: str) -> Value:
    """``slope``, divided by the number of losses where their mean was taken."""
    given = call.constant("reduction", index, usual)
    word = given if isinstance(given, str) else _WORDS[int(given)]
    if word in ("sum", "none"):
        return slope
    if slope.dynamic:
        raise BatchBoundError("its batch cannot be kept open: it takes the mean of all losses of the batch")
    count = slope.shape[0] if word == "batchmean" else math.prod(slope.shape)
    return g.node("Div", slope, g.constant(count, slope.dtype))
