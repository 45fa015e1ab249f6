"""Derivatives, which networks of physics take of themselves: the gradient of an operator, given what follows it."""

from __future__ import annotations

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, axis_of
from hubkit.convert.lowering.registry import lowering


def beside(g: Builder, dy: Value, x: Value) -> Value:
    """``dy``, which follows the batch where ``x`` does: it begins with ones, as many as the exported batch has."""
    return g.follow(dy, x.following) if x.following and not dy.dynamic else dy


@lowering("TanhGrad")
def tanh_grad(g: Builder, call: Call) -> Value:
    """TanhGrad(y, dy): (1 - y^2) dy -> Mul, Sub, Mul."""
    y, dy = call.tensor(g, 0), call.tensor(g, 1)
    return g.node("Mul", g.node("Sub", g.constant(1, y.dtype), g.node("Mul", y, y)), dy)


@lowering("SigmoidGrad")
def sigmoid_grad(g: Builder, call: Call) -> Value:
    """SigmoidGrad(y, dy): y (1 - y) dy -> Sub, Mul, Mul."""
    y, dy = call.tensor(g, 0), call.tensor(g, 1)
    return g.node("Mul", g.node("Mul", y, g.node("Sub", g.constant(1, y.dtype), y)), dy)


@lowering("ReluGrad")
def relu_grad(g: Builder, call: Call) -> Value:
    """ReluGrad(dy, x): dy where x is above 0 -> Greater, Where."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    return g.node("Where", g.node("Greater", x, g.constant(0, x.dtype)), dy, g.constant(0, dy.dtype))


@lowering("SoftplusGrad")
def softplus_grad(g: Builder, call: Call) -> Value:
    """SoftplusGrad(dy, x) -> Sigmoid, Mul."""
    return g.node("Mul", call.tensor(g, 0), g.node("Sigmoid", call.tensor(g, 1)))


@lowering("SiLUGrad")
def silu_grad(g: Builder, call: Call) -> Value:
    """SiLUGrad(dy, x): s (1 + x (1 - s)) dy with s the sigmoid of x -> Sigmoid, Sub, Mul, Add, Mul."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    one, s = g.constant(1, x.dtype), g.node("Sigmoid", x)
    slope = g.node("Mul", s, g.node("Add", one, g.node("Mul", x, g.node("Sub", one, s))))
    return g.node("Mul", slope, dy)


@lowering("EluGrad")
def elu_grad(g: Builder, call: Call) -> Value:
    """EluGrad(dy, y): dy, and where y is below 0 (y + 1) dy -> Less, Add, Mul, Where."""
    dy, y = call.tensor(g, 0), call.tensor(g, 1)
    below = g.node("Mul", g.node("Add", y, g.constant(1, y.dtype)), dy)
    return g.node("Where", g.node("Less", y, g.constant(0, y.dtype)), below, dy)


@lowering("ReLU6Grad")
def relu6_grad(g: Builder, call: Call) -> Value:
    """ReLU6Grad(dy, x): dy where x is above 0 and below 6 -> Greater, Less, And, Where."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    above, below = g.node("Greater", x, g.constant(0, x.dtype)), g.node("Less", x, g.constant(6, x.dtype))
    return g.node("Where", g.node("And", above, below), dy, g.constant(0, dy.dtype))


@lowering("SqrtGrad")
def sqrt_grad(g: Builder, call: Call) -> Value:
    """SqrtGrad(y, dy): dy / 2y -> Add, Div."""
    y = call.tensor(g, 0)
    return g.node("Div", call.tensor(g, 1), g.node("Add", y, y))


@lowering("RsqrtGrad")
def rsqrt_grad(g: Builder, call: Call) -> Value:
    """RsqrtGrad(y, dy): -y^3 dy / 2 -> Mul, Mul, Mul, Mul."""
    y, dy = call.tensor(g, 0), call.tensor(g, 1)
    cube = g.node("Mul", g.node("Mul", y, y), y)
    return g.node("Mul", g.node("Mul", cube, dy), g.constant(-0.5, y.dtype))


@lowering("AtanGrad")
def atan_grad(g: Builder, call: Call) -> Value:
    """AtanGrad(x, dy): dy / (1 + x^2) -> Mul, Add, Div."""
    x = call.tensor(g, 0)
    return g.node("Div", call.tensor(g, 1), g.node("Add", g.constant(1, x.dtype), g.node("Mul", x, x)))


@lowering("AsinGrad")
def asin_grad(g: Builder, call: Call) -> Value:
    """AsinGrad(x, dy): dy / sqrt(1 - x^2) -> Mul, Sub, Sqrt, Div."""
    x = call.tensor(g, 0)
    root = g.node("Sqrt", g.node("Sub", g.constant(1, x.dtype), g.node("Mul", x, x)))
    return g.node("Div", call.tensor(g, 1), root)


@lowering("SoftmaxBackward")
def softmax_backward(g: Builder, call: Call) -> Value:
    """SoftmaxBackward(dy, y, dim): y (dy - the sum of y dy) -> Mul, ReduceSum, Sub, Mul."""
    dy, y = call.tensor(g, 0), call.tensor(g, 1)
    total = g.node("ReduceSum", g.node("Mul", y, dy), g.ints(axis_of(call.constant("dim", 2), y.rank)), keepdims=1)
    return g.node("Mul", y, g.node("Sub", dy, total))


@lowering("LogSoftmaxGrad")
def log_softmax_grad(g: Builder, call: Call) -> Value:
    """LogSoftmaxGrad(y, dy, axis): dy - exp(y) times the sum of dy -> ReduceSum, Exp, Mul, Sub."""
    y, dy = call.tensor(g, 0), call.tensor(g, 1)
    total = g.node("ReduceSum", dy, g.ints(axis_of(call.constant("axis", 2, -1), y.rank)), keepdims=1)
    return g.node("Sub", dy, g.node("Mul", g.node("Exp", y), total))


@lowering("StridedSliceGrad")
def strided_slice_grad(g: Builder, call: Call) -> Value:
    """StridedSliceGrad(dy, shape of x, begin, end, strides, and its masks): dy where x was taken, else 0 -> Pad.

    Where a stride is not 1, the zeros between are taken from behind what is padded: Gather.
    """
    names = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    begin_mask, end_mask, ellipsis, new_axis, shrink = (
        call.constant(name, index, 0) for index, name in enumerate(names, start=5)
    )
    if ellipsis or new_axis:
        raise CannotLowerError("its ellipsis or new axis mask is set")
    begin, end, strides = (call.ints(name, index) for index, name in enumerate(("begin", "end", "strides"), start=2))
    found, sizes = call.tensor(g, 0), call.sizes
    single = [axis for axis in range(len(begin)) if shrink >> axis & 1]
    if single:
        found = g.node("Unsqueeze", found, g.ints(*single))
    before, behind = [0] * len(sizes), [0] * len(sizes)
    spread: dict[int, list[int]] = {}
    for axis, (first, last, step) in enumerate(zip(begin, end, strides, strict=True)):
        size = sizes[axis]
        ends = None if begin_mask >> axis & 1 else first, None if end_mask >> axis & 1 else last
        taken = range(first % size, first % size + 1) if axis in single else range(*slice(*ends, step).indices(size))
        if taken == range(size):
            continue
        if axis in found.dynamic:
            raise CannotLowerError("a part of the batch is taken")
        if taken.step == 1:
            before[axis], behind[axis] = taken.start, size - taken.stop
        else:
            behind[axis] = 1
            spread[axis] = [taken.index(place) if place in taken else len(taken) for place in range(size)]
    if any((*before, *behind)):
        found = g.node("Pad", found, g.ints(*before, *behind), g.constant(0, found.dtype))
    for axis, places in spread.items():
        found = g.node("Gather", found, g.ints(*places), axis=axis)
    return found
