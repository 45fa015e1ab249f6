"""Matrix products in float16 that ONNX Runtime crashes on.

On a processor without products in float16 it computes them in float32, with casts around, and then joins a
transposition that moves the first axis behind the others, but the last, with the product that reads it. Where the other
operand is a constant of fewer axes, that ends the process (1.31.1). With as many axes it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import onnx
from onnx import helper

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Initializer, Value
from hubkit.convert.lowering.engine import Lowered
from hubkit.convert.lowering.subgraph import graphs

_HALF, _INT64 = BY_NAME["float16"], BY_NAME["int64"]


def with_equal_ranks(lowered: Lowered) -> Lowered:
    """``lowered`` with an Unsqueeze before each operand that ends ONNX Runtime; the numbers are the same."""
    model = onnx.ModelProto()
    model.CopyFrom(lowered.model)
    ranks = _Ranks(lowered.values)
    ranks.widen(model.graph, {})
    return replace(lowered, model=model, initializers=(*lowered.initializers, *ranks.made)) if ranks.made else lowered


class _Ranks:
    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values
        self._axes: dict[int, str] = {}
        self.made: list[Initializer] = []

    def widen(self, graph: onnx.GraphProto, around: Mapping[str, onnx.NodeProto]) -> None:
        """Do it in ``graph``, which reads what the transpositions ``around`` it give."""
        moved = dict(around)
        nodes: list[onnx.NodeProto] = []
        for node in graph.node:
            for inner in graphs(node):
                self.widen(inner, moved)
            if node.op_type == "Transpose" and _moves_first(node):
                moved[node.output[0]] = node
            if node.op_type == "MatMul":
                nodes += self._before(node, moved)
            nodes.append(node)
        del graph.node[:]
        graph.node.extend(nodes)

    def _before(self, product: onnx.NodeProto, moved: Mapping[str, onnx.NodeProto]) -> list[onnx.NodeProto]:
        """What to put before ``product``, which then reads it."""
        for place, name in enumerate(product.input):
            other = product.input[1 - place]
            if name not in moved or not {name, other} <= self._values.keys():
                continue
            missing = len(self._values[name].shape) - len(self._values[other].shape)
            if self._values[name].dtype == _HALF and missing > 0 and len(self._values[other].shape) > 1:
                wide = f"{product.output[0]}:operand"
                product.input[1 - place] = wide
                return [helper.make_node("Unsqueeze", [other, self._first(missing)], [wide], name=wide)]
        return []

    def _first(self, count: int) -> str:
        """The name of a constant that holds the first ``count`` axes."""
        if count not in self._axes:
            self._axes[count] = f"first_{count}_axes_of_products"
            data = np.arange(count, dtype=np.int64).view(np.uint8).data
            self.made.append(Initializer(self._axes[count], _INT64, (count,), data))
        return self._axes[count]


def _moves_first(transpose: onnx.NodeProto) -> bool:
    order = [list(attribute.ints) for attribute in transpose.attribute if attribute.name == "perm"]
    last = len(order[0]) - 1 if order else 0
    return last > 1 and order[0] == [*range(1, last), 0, last]
