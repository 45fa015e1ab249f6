"""What convolutions and matrix products cost: floating point operations, by the shapes that a file says.

A multiplication and the addition of its product count as two operations; a bias and all other operators are not
counted. What depends on an axis of any size is counted for a size of one and multiplied by the axis's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hubkit.inspect.model import Operations, OperatorCost, Shape, Skipped

_MULTIPLY_ADD = 2


@dataclass(frozen=True, slots=True)
class Operands:
    """What is known of a node; None where a shape is not."""

    inputs: Sequence[Shape | None]
    """The shapes of its inputs."""
    output: Shape | None
    """The shape of its first output."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Its attributes that are numbers, by name."""


# Gives the factors of the number of multiplications.
_Rule = Callable[[Operands], Shape]


class UnknownShapeError(ValueError):
    """A shape that is needed is not known; the text says which."""


def cost(rules: Mapping[str, _Rule], name: str, op: str, node: Operands) -> OperatorCost:
    """What the node costs; ``op`` must be one of ``rules``, ONNX or MINDIR."""
    try:
        return OperatorCost(name, op, _product(rules[op](node)))
    except UnknownShapeError as error:
        return OperatorCost(name, op, Skipped(str(error)))
    except (LookupError, ArithmeticError):
        return OperatorCost(name, op, Skipped("its inputs are not those of such an operator"))


def total(costs: Iterable[OperatorCost]) -> Operations:
    """What all known costs come to."""
    found: Counter[tuple[str, ...]] = Counter()
    for item in costs:
        if not isinstance(item.operations, Skipped):
            found.update(item.operations)
    return dict(sorted(found.items()))


def _product(factors: Shape) -> Operations:
    operations, names = _MULTIPLY_ADD, []
    for factor in factors:
        if factor is None:
            raise UnknownShapeError("an axis of its shapes has no known size")
        if isinstance(factor, str):
            names.append(factor)
        else:
            operations *= factor
    return {tuple(sorted(names)): operations}


def _known(shape: Shape | None, what: str) -> Shape:
    if shape is None:
        raise UnknownShapeError(f"the file does not say the shape of its {what}")
    return shape


def _convolution(weight: int) -> _Rule:
    """Each element of the output takes one product with each element of a filter: weight[O, I / groups, *kernel]."""
    return lambda node: (*_known(node.output, "output"), *_known(node.inputs[weight], "weight")[1:])


def _transposed_convolution(node: Operands) -> Shape:
    """Each element of the input is multiplied with weight[I, O / groups, *kernel] of its channel."""
    return (*_known(node.inputs[0], "input"), *_known(node.inputs[1], "weight")[1:])


def _depthwise_convolution(node: Operands) -> Shape:
    """Each element of the output takes one product with each element of weight[multiplier, C, *kernel]'s kernel."""
    return (*_known(node.output, "output"), *_known(node.inputs[1], "weight")[2:])


def _matrix_product(a: int, b: int) -> _Rule:
    """ONNX's MatMul and Gemm: each element of the output sums products along the axis that both have."""

    def factors(node: Operands) -> Shape:
        right = node.inputs[b]
        if right is not None and (len(right) == 1 or isinstance(right[-2], int)):
            along = right[-1] if len(right) == 1 or node.numbers.get("transB") else right[-2]
        else:
            left = _known(node.inputs[a], "first input")
            along = left[-2] if node.numbers.get("transA") else left[-1]
        return (*_known(node.output, "output"), along)

    return factors


def _either_way(node: Operands) -> Shape:
    """MindIR's MatMul, whose inputs may be transposed by arguments: the rows of the output tell how."""
    left, product = _known(node.inputs[0], "first input"), _known(node.output, "output")
    if len(left) == 1:
        return (*product, left[0])
    rows, columns, kept = left[-2], left[-1], product[-2]
    if not isinstance(rows, int) or not isinstance(columns, int) or not isinstance(kept, int):
        raise UnknownShapeError("an axis of its shapes has no known size")
    return (*product, rows * columns // kept)


def _dense(node: Operands) -> Shape:
    """weight[O, I]."""
    return (*_known(node.output, "output"), _known(node.inputs[1], "weight")[-1])


ONNX: Mapping[str, _Rule] = {
    "Conv": _convolution(1),
    "ConvInteger": _convolution(1),
    "QLinearConv": _convolution(3),
    "ConvTranspose": _transposed_convolution,
    "Gemm": _matrix_product(0, 1),
    "MatMul": _matrix_product(0, 1),
    "MatMulInteger": _matrix_product(0, 1),
    "QLinearMatMul": _matrix_product(0, 3),
}
"""What is counted of ONNX's operators."""
MINDIR: Mapping[str, _Rule] = {
    "Conv2D": _convolution(1),
    "Conv3D": _convolution(1),
    "Conv2DExt": _convolution(1),
    "Convolution": _convolution(1),
    "Conv2DTranspose": _transposed_convolution,
    "Conv2DBackpropInput": _transposed_convolution,
    "DepthwiseConv2dNative": _depthwise_convolution,
    "MatMul": _either_way,
    "MatMulExt": _either_way,
    "BatchMatMul": _either_way,
    "BatchMatMulExt": _either_way,
    "Dense": _dense,
}
"""What is counted of MindIR's operators."""
