"""Shapes of values that an ONNX file does not state, for the operators that carry them between convolutions.

Each rule takes the shapes of the inputs, the numbers that small constants hold, and the attributes; an axis of any size
stays by its name. Source: the operators' specification, whose own inference the tests compare this with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hubkit.inspect.model import Shape

_MAX_SIZE = 2**63
_MAX_AXES = 64


@dataclass(frozen=True, slots=True)
class NodeShapes:
    """What is known of a node before it runs."""

    inputs: Sequence[Shape | None]
    """The shapes of its inputs; None where one is absent or unknown."""
    constants: Sequence[Sequence[float] | None]
    """The elements of those inputs that are small constants of integers or floats."""
    integers: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Its attributes that are numbers, by name."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Its attributes that are texts, by name."""

    def integer(self, name: str, default: int) -> int:
        """The attribute ``name``."""
        return next(iter(self.integers.get(name, ())), default)

    def shape(self, index: int = 0) -> Shape:
        """The shape of an input. Raises LookupError where it is not known."""
        shape = self.inputs[index]
        if shape is None:
            raise LookupError(index)
        return shape


def output_shape(op: str, node: NodeShapes) -> Shape | None:
    """The shape of the node's first output; None where it is not known."""
    rule = _RULES.get(op)
    if rule is None:
        return None
    try:
        shape = rule(node)
    except (LookupError, ArithmeticError, ValueError, TypeError):
        return None
    fits = len(shape) <= _MAX_AXES and all(not isinstance(axis, int) or 0 <= axis < _MAX_SIZE for axis in shape)
    return shape if fits else None


def _same(node: NodeShapes) -> Shape:
    return node.shape()


def _broadcast(node: NodeShapes) -> Shape:
    shapes = [node.shape(index) for index in range(len(node.inputs))]
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + tuple(shape) for shape in shapes]
    return tuple(_common(axes) for axes in zip(*padded, strict=True))


def _common(axes: Sequence[int | str | None]) -> int | str | None:
    """The size of an axis of several shapes, of which those of 1 stretch."""
    others = {axis for axis in axes if axis != 1}
    if not others:
        return 1
    fixed = [axis for axis in others if isinstance(axis, int)]
    return others.pop() if len(others) == 1 else fixed[0] if fixed else None


def _convolution(node: NodeShapes) -> Shape:
    image, weight = node.shape(0), node.shape(1)
    return (image[0], weight[0], *_windows(node, image[2:], weight[2:], ceil=False))


def _pool(node: NodeShapes) -> Shape:
    image = node.shape()
    kernel = node.integers["kernel_shape"]
    return (*image[:2], *_windows(node, image[2:], kernel, ceil=bool(node.integer("ceil_mode", 0))))


def _windows(node: NodeShapes, sizes: Shape, kernel: Sequence[int | str | None], *, ceil: bool) -> Shape:
    rank = len(sizes)
    if len(kernel) != rank:
        raise ValueError("as many axes")
    strides = node.integers.get("strides") or (1,) * rank
    dilations = node.integers.get("dilations") or (1,) * rank
    pads = node.integers.get("pads") or (0,) * (2 * rank)
    auto = node.texts.get("auto_pad", "NOTSET")
    found: list[int | str | None] = []
    for axis, (size, width) in enumerate(zip(sizes, kernel, strict=True)):
        if not isinstance(size, int) or not isinstance(width, int):
            found.append(None)
            continue
        stride = strides[axis]
        if auto.startswith("SAME"):
            found.append(-(-size // stride))
            continue
        begin, end = (0, 0) if auto == "VALID" else (pads[axis], pads[axis + rank])
        room = size + begin + end - dilations[axis] * (width - 1) - 1
        count = (-(-room // stride) if ceil else room // stride) + 1
        if ceil and (count - 1) * stride >= size + begin:
            count -= 1  # no window begins in the padding behind the image
        found.append(count)
    return tuple(found)


def _global_pool(node: NodeShapes) -> Shape:
    image = node.shape()
    return (*image[:2], *(1 for _ in image[2:]))


def _concat(node: NodeShapes) -> Shape:
    shapes = [node.shape(index) for index in range(len(node.inputs))]
    axis = _axis(node.integer("axis", 0), len(shapes[0]))
    joined = [shape[axis] for shape in shapes]
    size = sum(part for part in joined if isinstance(part, int))
    whole = size if all(isinstance(part, int) for part in joined) else None
    return tuple(
        whole if number == axis else _common([shape[number] for shape in shapes]) for number in range(len(shapes[0]))
    )


def _axis(axis: int, rank: int) -> int:
    if not -rank <= axis < rank:
        raise LookupError(axis)
    return axis % rank


def _resize(node: NodeShapes) -> Shape:
    shape = list(node.shape())
    axes = [_axis(axis, len(shape)) for axis in node.integers.get("axes") or range(len(shape))]
    sizes = node.constants[3] if len(node.constants) > 3 else None
    if sizes is not None:
        for axis, size in zip(axes, sizes, strict=True):
            shape[axis] = int(size)
        return tuple(shape)
    scales = node.constants[2]
    if scales is None:
        raise LookupError("scales")
    for axis, scale in zip(axes, scales, strict=True):
        before = shape[axis]
        shape[axis] = math.floor(before * scale) if isinstance(before, int) else before if scale == 1 else None
    return tuple(shape)


def _matmul(node: NodeShapes) -> Shape:
    a, b = node.shape(0), node.shape(1)
    if len(a) == 1 or len(b) == 1:
        return (*a[:-1], *b[:-2], *(b[-1:] if len(b) > 1 else ()))
    outer = _broadcast(NodeShapes((a[:-2], b[:-2]), ()))
    return (*outer, a[-2], b[-1])


def _gemm(node: NodeShapes) -> Shape:
    a, b = node.shape(0), node.shape(1)
    return (a[1] if node.integer("transA", 0) else a[0], b[0] if node.integer("transB", 0) else b[1])


def _transpose(node: NodeShapes) -> Shape:
    shape = node.shape()
    order = node.integers.get("perm") or range(len(shape))[::-1]
    return tuple(shape[_axis(axis, len(shape))] for axis in order)


def _flatten(node: NodeShapes) -> Shape:
    shape = node.shape()
    axis = node.integer("axis", 1)
    return (_size(shape[:axis]), _size(shape[axis:]))


def _size(axes: Shape) -> int | str | None:
    others = [axis for axis in axes if axis != 1]
    if len(others) == 1:
        return others[0]
    return math.prod(axis for axis in others if isinstance(axis, int)) if _are_fixed(others) else None


def _are_fixed(axes: Sequence[int | str | None]) -> bool:
    return all(isinstance(axis, int) for axis in axes)


def _reshape(node: NodeShapes) -> Shape:
    before, wanted = node.shape(0), node.constants[1]
    if wanted is None:
        raise LookupError("shape")
    after = [before[place] if size == 0 else int(size) for place, size in enumerate(wanted)]
    if -1 in after:
        rest = [axis for axis in after if axis != -1]
        open_before, open_rest = (
            [a for a in before if not isinstance(a, int)],
            [a for a in rest if not isinstance(a, int)],
        )
        whole = math.prod(axis for axis in before if isinstance(axis, int))
        part = math.prod(axis for axis in rest if isinstance(axis, int))
        if None in open_before or sorted(map(str, open_before)) != sorted(map(str, open_rest)):
            left: int | str | None = None  # an axis of any size is joined with others
            if not open_rest and len(open_before) == 1 and whole == part:
                left = open_before[0]
        else:
            left = whole // part
        after[after.index(-1)] = left
    return tuple(after)


_SAME = (
    "Abs", "BatchNormalization", "Cast", "Ceil", "Clip", "DequantizeLinear", "Dropout", "Elu", "Erf", "Exp",
    "Floor", "Gelu", "GroupNormalization", "HardSigmoid", "HardSwish", "Identity", "InstanceNormalization",
    "LayerNormalization", "LeakyRelu", "Log", "LogSoftmax", "LpNormalization", "LRN", "Mish", "Neg", "Not",
    "PRelu", "QuantizeLinear", "Reciprocal", "Relu", "Round", "Selu", "Sigmoid", "Sign", "Softmax",
    "Softplus", "Sqrt", "Tanh",
)  # fmt: skip
_RULES: Mapping[str, Callable[[NodeShapes], Shape]] = {
    **dict.fromkeys(_SAME, _same),
    **dict.fromkeys(("Add", "Div", "Max", "Mean", "Min", "Mul", "Pow", "Sub", "Sum", "Where"), _broadcast),
    "AveragePool": _pool,
    "Concat": _concat,
    "Conv": _convolution,
    "Flatten": _flatten,
    "Gemm": _gemm,
    "GlobalAveragePool": _global_pool,
    "GlobalMaxPool": _global_pool,
    "MatMul": _matmul,
    "MaxPool": _pool,
    "Reshape": _reshape,
    "Resize": _resize,
    "Transpose": _transpose,
}
