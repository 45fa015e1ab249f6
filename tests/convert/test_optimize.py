"""What the optimiser makes of small graphs: other operators, the same numbers, whatever the batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.requirements import needs_mindspore

if TYPE_CHECKING:
    from hubkit.convert.lowering.builder import Builder, Value
    from hubkit.convert.lowering.engine import Lowered

pytestmark = needs_mindspore

Make = Callable[["Builder", "Value"], "Value"]


@dataclass(frozen=True)
class Row:
    """A graph and what is left of it."""

    what: str
    """What it is about."""
    shape: tuple[int, ...]
    """The shape of its input, the batch first."""
    make: Make
    """Builds it."""
    left: dict[str, int]
    """The operators of the optimised graph, and how often each occurs."""


def weights(g: Builder, *shape: int, seed: int = 0, low: float = -1.0, high: float = 1.0) -> Value:
    import numpy as np

    return g.constant(np.random.default_rng(seed).uniform(low, high, shape), "float32")


def norm(g: Builder, x: Value) -> Value:
    channels = x.shape[1]
    vectors = [weights(g, channels, seed=seed) for seed in (1, 2, 3)]
    return g.node("BatchNormalization", x, *vectors, weights(g, channels, seed=4, low=0.5, high=2.0), epsilon=1e-3)


def conv(g: Builder, x: Value, out: int = 4, bias: bool = True, **attributes: Any) -> Value:
    kernel = weights(g, out, x.shape[1] // attributes.get("group", 1), *[3] * (x.rank - 2), seed=5)
    return g.node("Conv", x, kernel, weights(g, out, seed=6) if bias else None, **attributes)


def transposed(g: Builder, x: Value, group: int) -> Value:
    return g.node("ConvTranspose", x, weights(g, x.shape[1], 3, 2, 2, seed=7), group=group)


def gemm(g: Builder, x: Value, trans: int, **attributes: Any) -> Value:
    shape = (5, x.shape[1]) if trans else (x.shape[1], 5)
    return g.node("Gemm", x, weights(g, *shape), weights(g, 5, seed=1), transB=trans, **attributes)


def relu(g: Builder, x: Value) -> Value:
    return g.node("Relu", x)


def used_twice(g: Builder, x: Value) -> Value:
    y = conv(g, x)
    return g.node("Concat", norm(g, y), y, axis=1)


def arithmetic(op: str, *shape: int, first: bool = False) -> Make:
    def make(g: Builder, x: Value) -> Value:
        y, terms = conv(g, x), weights(g, *shape, seed=9, low=0.5, high=2.0)
        return relu(g, g.node(op, terms, y) if first else g.node(op, y, terms))

    return make


def chain(*steps: tuple[str, dict[str, Any]]) -> Make:
    """Operators after each other; a list among the attributes named "sizes" is the second input."""

    def make(g: Builder, x: Value) -> Value:
        y = relu(g, x)
        for op, attributes in steps:
            given = [g.ints(*attributes["sizes"])] if "sizes" in attributes else []
            y = g.node(op, y, *given, **{name: value for name, value in attributes.items() if name != "sizes"})
        return relu(g, y)

    return make


def resize(*sizes: int, **attributes: Any) -> Make:
    return lambda g, x: g.node("Resize", relu(g, x), None, None, g.ints(*sizes), axes=[2, 3], **attributes)


def pad(value: float, *amounts: int, mode: str = "constant") -> Make:
    def make(g: Builder, x: Value) -> Value:
        return conv(g, g.node("Pad", x, g.ints(*amounts), g.constant(value, "float32"), mode=mode), pads=[1, 0, 0, 2])

    return make


def computed(g: Builder, x: Value) -> Value:
    a, b = weights(g, 3, 2), weights(g, 2, seed=1)
    return g.node("Add", x, g.node("Transpose", g.node("Add", a, b), perm=[1, 0]))


IMAGE = (2, 3, 6, 7)
CAST = ("Cast", {"to": 11})  # float64
BACK = ("Cast", {"to": 1})
ROWS = (
    Row("a batch norm after a convolution", IMAGE, lambda g, x: norm(g, conv(g, x)), {"Conv": 1}),
    Row(
        "the same without a bias", IMAGE, lambda g, x: relu(g, norm(g, conv(g, x, bias=False))), {"Conv": 1, "Relu": 1}
    ),
    Row("the same in groups", (1, 4, 5, 5), lambda g, x: norm(g, conv(g, x, 6, group=2)), {"Conv": 1}),
    Row("the same in one dimension", (1, 3, 9), lambda g, x: norm(g, conv(g, x)), {"Conv": 1}),
    Row(
        "a batch norm after a transposed convolution",
        IMAGE,
        lambda g, x: norm(g, transposed(g, x, 1)),
        {"ConvTranspose": 1},
    ),
    Row("the same in groups", (1, 4, 5, 5), lambda g, x: norm(g, transposed(g, x, 2)), {"ConvTranspose": 1}),
    Row("a batch norm after a dense layer", (2, 4), lambda g, x: norm(g, gemm(g, x, 1)), {"Gemm": 1}),
    Row("the same with factors", (2, 4), lambda g, x: norm(g, gemm(g, x, 0, alpha=0.5, beta=2.0)), {"Gemm": 1}),
    Row("two batch norms", IMAGE, lambda g, x: norm(g, norm(g, conv(g, x))), {"Conv": 1}),
    Row(
        "a batch norm of what is also read elsewhere",
        IMAGE,
        used_twice,
        {"Conv": 1, "BatchNormalization": 1, "Concat": 1},
    ),
    Row("a batch norm of an input", IMAGE, norm, {"BatchNormalization": 1}),
    Row("a factor a channel", IMAGE, arithmetic("Mul", 4, 1, 1), {"Conv": 1, "Relu": 1}),
    Row("one factor", IMAGE, arithmetic("Mul"), {"Conv": 1, "Relu": 1}),
    Row("a factor a column", IMAGE, arithmetic("Mul", 5), {"Conv": 1, "Mul": 1, "Relu": 1}),
    Row("a factor an image of the batch", IMAGE, arithmetic("Mul", 1, 4, 4, 5), {"Conv": 1, "Mul": 1, "Relu": 1}),
    Row("a term a channel", IMAGE, arithmetic("Add", 1, 4, 1, 1), {"Conv": 1, "Relu": 1}),
    Row("a term taken away", IMAGE, arithmetic("Sub", 4, 1, 1), {"Conv": 1, "Relu": 1}),
    Row("taken away from a term", IMAGE, arithmetic("Sub", 4, 1, 1, first=True), {"Conv": 1, "Relu": 1}),
    Row("divided", IMAGE, arithmetic("Div", 4, 1, 1), {"Conv": 1, "Relu": 1}),
    Row("a term divided", IMAGE, arithmetic("Div", 4, 1, 1, first=True), {"Conv": 1, "Div": 1, "Relu": 1}),
    Row("identities", (2, 3), chain(("Identity", {}), ("Identity", {})), {"Relu": 2}),
    Row("a cast there and back", (2, 3), chain(CAST, BACK), {"Relu": 2}),
    Row("a cast that loses something", (2, 3), chain(("Cast", {"to": 6}), BACK), {"Relu": 2, "Cast": 2}),
    Row(
        "transpositions that undo each other",
        (2, 3, 4),
        chain(("Transpose", {"perm": [2, 0, 1]}), ("Transpose", {"perm": [1, 2, 0]})),
        {"Relu": 2},
    ),
    Row(
        "transpositions that do not",
        (2, 3, 4),
        chain(("Transpose", {"perm": [0, 2, 1]}), ("Transpose", {"perm": [2, 0, 1]})),
        {"Relu": 2, "Transpose": 1},
    ),
    Row(
        "reshapes",
        (2, 3, 4),
        chain(("Reshape", {"sizes": [-1, 4]}), ("Reshape", {"sizes": [-1, 2, 6]})),
        {"Relu": 2, "Reshape": 1},
    ),
    Row(
        "reshapes that undo each other",
        (2, 3, 4),
        chain(("Flatten", {}), ("Reshape", {"sizes": [-1, 3, 4]})),
        {"Relu": 2},
    ),
    Row(
        "axes put in and taken out",
        (2, 3),
        chain(("Unsqueeze", {"sizes": [1]}), ("Squeeze", {"sizes": [1]})),
        {"Relu": 2},
    ),
    Row(
        "a reshape that mixes the batch in",
        (2, 3),
        chain(("Transpose", {"perm": [1, 0]}), ("Reshape", {"sizes": [3, -1]})),
        {"Relu": 2, "Transpose": 1},
    ),
    Row("an expansion to the same shape", (2, 3), chain(("Expand", {"sizes": [1, 3]})), {"Relu": 2}),
    Row(
        "a resize by whole factors",
        IMAGE,
        resize(12, 21, mode="linear", coordinate_transformation_mode="align_corners"),
        {"Relu": 1, "Resize": 1},
    ),
    Row("a resize by half", IMAGE, resize(3, 7, mode="nearest", nearest_mode="floor"), {"Relu": 1, "Resize": 1}),
    Row("a pad of zeros", IMAGE, pad(0, 0, 0, 1, 2, 0, 0, 3, 4), {"Conv": 1}),
    Row("a pad of ones", IMAGE, pad(1, 0, 0, 1, 2, 0, 0, 3, 4), {"Pad": 1, "Conv": 1}),
    Row("a pad of channels", IMAGE, pad(0, 0, 1, 1, 2, 0, 0, 3, 4), {"Pad": 1, "Conv": 1}),
    Row("a pad that cuts", IMAGE, pad(0, 0, 0, -1, 2, 0, 0, 3, 4), {"Pad": 1, "Conv": 1}),
    Row("a pad of mirrored edges", IMAGE, pad(0, 0, 0, 1, 2, 0, 0, 3, 4, mode="reflect"), {"Pad": 1, "Conv": 1}),
    Row("constants", (2, 2, 3), computed, {"Add": 1}),
)


def lowered(row: Row) -> Lowered:
    from onnx import helper

    from hubkit.convert.dtypes import BY_NAME
    from hubkit.convert.lowering.builder import IR_VERSION, OPSET, Builder
    from hubkit.convert.lowering.engine import Lowered, OpenTensor

    g = Builder(reserved=())
    g.enter("layer")
    ends = (g.input("x", BY_NAME["float32"], row.shape, open_batch=True),)
    ends += (row.make(g, *ends),)
    given, result = (OpenTensor(value.name, ("batch", *value.shape[1:]), value.dtype) for value in ends)
    infos = [[helper.make_tensor_value_info(port.name, port.dtype.onnx, port.shape)] for port in (given, result)]
    model = helper.make_model(
        helper.make_graph(g.nodes, "test", *infos),
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    return Lowered(model, tuple(g.initializers.values()), (given,), (result,), g.values, {})


@pytest.mark.parametrize("row", ROWS, ids=[f"{number} {row.what}" for number, row in enumerate(ROWS)])
def test_operators_go_and_numbers_stay(row: Row) -> None:
    import numpy as np

    from hubkit.convert.optimize import optimize

    before = lowered(row)
    after, _ = optimize(before)
    assert Counter(node.op_type for node in after.model.graph.node) == row.left
    for batch in (row.shape[0], 3):
        given = np.random.default_rng(batch).uniform(-2, 2, (batch, *row.shape[1:])).astype(np.float32)
        np.testing.assert_allclose(run(after, given), run(before, given), rtol=1e-5, atol=1e-5)


def test_constants_that_nothing_reads_any_more_are_left_out() -> None:
    from hubkit.convert.optimize import optimize

    after, done = optimize(lowered(ROWS[0]))
    assert done == {"scales and shifts folded into weights": 1}
    assert {tensor.name: tensor.shape for tensor in after.initializers} == {
        "constant_folded": (4, 3, 3, 3),
        "constant_2_folded": (4,),
    }


def test_equal_graphs_become_equal_ones() -> None:
    from hubkit.convert.optimize import optimize

    first, second = (optimize(lowered(row))[0] for row in (ROWS[0], ROWS[0]))
    assert first.model.SerializeToString(deterministic=True) == second.model.SerializeToString(deterministic=True)
    assert [bytes(tensor.data) for tensor in first.initializers] == [
        bytes(tensor.data) for tensor in second.initializers
    ]


def test_what_would_overflow_is_not_folded() -> None:
    from hubkit.convert.optimize import optimize

    def make(g: Builder, x: Value) -> Value:
        return g.node("Mul", g.node("Conv", x, g.constant([[[[3e38]]]], "float32")), g.constant(2.0, "float32"))

    after, done = optimize(lowered(Row("overflow", (1, 1, 2, 2), make, {})))
    assert [node.op_type for node in after.model.graph.node] == ["Conv", "Mul"]
    assert done == {}


def test_a_resize_by_whole_factors_has_no_sizes() -> None:
    from hubkit.convert.optimize import optimize

    (row,) = (row for row in ROWS if row.what == "a resize by whole factors")
    after, _ = optimize(lowered(row))
    (node,) = (node for node in after.model.graph.node if node.op_type == "Resize")
    assert list(node.input[1:]) == ["", "scales"]
    assert "axes" not in {attribute.name for attribute in node.attribute}


def test_what_a_branch_reads_keeps_its_name() -> None:
    import onnx
    from onnx import helper

    from hubkit.convert.optimize.graph import OptimizedGraph

    made = lowered(Row("identity", (2, 3), chain(("Identity", {})), {}))
    (identity,) = (node for node in made.model.graph.node if node.op_type == "Identity")
    name = identity.output[0]
    branch = helper.make_graph([helper.make_node("Neg", [name], ["z"])], "branch", [], [onnx.ValueInfoProto(name="z")])
    made.model.graph.node.append(helper.make_node("If", ["x"], ["w"], then_branch=branch, else_branch=branch))
    graph = OptimizedGraph(made)
    assert not graph.read_once(name)
    graph.bypass(identity, identity.input[0])
    assert name in {output for node in graph.nodes() for output in node.output}


def run(made: Lowered, given: Any) -> Any:
    """Run it in ONNX Runtime as it is, without its own optimiser."""
    import onnxruntime
    from onnx import TensorProto

    model = type(made.model)()
    model.CopyFrom(made.model)
    model.graph.initializer.extend(
        TensorProto(name=item.name, data_type=item.dtype.onnx, dims=item.shape, raw_data=bytes(item.data))
        for item in made.initializers
    )
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": given})[0]
