"""Graphs in float16: what is halved, what is not, and how far the numbers move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.convert.test_optimize import IMAGE, Make, Row, conv, lowered, norm, relu, run
from tests.requirements import needs_mindspore

if TYPE_CHECKING:
    from hubkit.convert.lowering.builder import Builder, Value
    from hubkit.convert.lowering.engine import Lowered

pytestmark = needs_mindspore


def halved(make: Make, shape: tuple[int, ...] = IMAGE) -> tuple[Lowered, Lowered]:
    from hubkit.convert.precision.float16 import to_float16

    before = lowered(Row("", shape, make, {}))
    return before, to_float16(before)


def types(made: Lowered) -> dict[str, str]:
    return {tensor.name: tensor.dtype.name for tensor in made.initializers}


def close(before: Lowered, after: Lowered, shape: tuple[int, ...] = IMAGE) -> Any:
    import numpy as np

    given = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    found, expected = run(after, given), run(before, given)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=2e-2, rtol=1e-2)
    return found


def network(g: Builder, x: Value) -> Value:
    y = relu(g, norm(g, conv(g, x)))
    return g.node("Resize", y, None, None, g.ints(8, 10), axes=[2, 3], mode="linear")


def test_weights_halve_and_the_ends_stay() -> None:
    before, after = halved(network)
    assert set(types(before).values()) - {"int64"} == {"float32"}
    assert set(types(after).values()) - {"int64"} == {"float16"}
    assert [node.op_type for node in after.model.graph.node].count("Cast") == 2
    assert after.model.graph.input == before.model.graph.input
    close(before, after)


def test_a_checked_file_comes_of_it(files: Any, tmp_path: Any) -> None:
    import onnx

    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.convert.records import OnnxOptions

    half, whole = tmp_path / "half.onnx", tmp_path / "whole.onnx"
    for path, precision in ((half, "float16"), (whole, "float32")):
        options = OnnxOptions(precision=precision)
        mindir_to_onnx(files / "net.mindir", path, input_names=["x"], output_names=["a", "b"], options=options)
    onnx.checker.check_model(str(half), full_check=True)
    assert half.stat().st_size < 0.7 * whole.stat().st_size


def test_a_constant_out_of_range_keeps_its_operator_in_float32() -> None:
    def make(g: Builder, x: Value) -> Value:
        return g.node("Mul", g.node("Mul", relu(g, x), g.constant(1e6, "float32")), g.constant(1e-6, "float32"))

    before, after = halved(make)
    assert {node.op_type for node in after.model.graph.node} == {"Cast", "Relu", "Mul"}
    assert sorted(types(after).values()) == ["float32", "float32"] or "float32" in types(after).values()
    close(before, after)


def test_a_number_that_would_vanish_keeps_its_operator_in_float32() -> None:
    def make(g: Builder, x: Value) -> Value:
        zero = g.node("Mul", x, g.constant(0.0, "float32"))
        return g.node("Div", zero, g.node("Add", zero, g.constant(1e-12, "float32")))

    before, after = halved(make)
    assert not (close(before, after) != 0).any()  # and no NaN of 0 / 0


def test_inputs_that_onnx_wants_in_float32_stay() -> None:
    def make(g: Builder, x: Value) -> Value:
        return g.node("Resize", relu(g, x), None, g.constant([1, 1, 2, 2], "float32"), mode="nearest")

    before, after = halved(make)
    assert list(types(after).values()) == ["float32"]
    close(before, after)


def test_sums_stay_in_float32() -> None:
    def make(g: Builder, x: Value) -> Value:
        return g.node("ReduceSum", relu(g, x), g.ints(2, 3), keepdims=1)

    _, after = halved(make)
    summed = next(node for node in after.model.graph.node if node.op_type == "ReduceSum")
    assert after.values[summed.input[0]].dtype.name == "float32"


def test_casts_to_float_go_to_float16() -> None:
    def make(g: Builder, x: Value) -> Value:
        whole = g.node("Cast", x, to=7)
        return relu(g, g.node("Cast", whole, to=1))

    before, after = halved(make)
    casts = [node.attribute[0].i for node in after.model.graph.node if node.op_type == "Cast"]
    assert casts.count(10) == 2  # the input, and what was cast to float32
    close(before, after)


def test_branches_are_halved_within() -> None:
    """What branches read and their own weights are halved; each gives what it gave."""
    import onnx

    def make(g: Builder, x: Value) -> Value:
        from hubkit.convert.lowering.subgraph import subgraph

        y = relu(g, x)
        branches: list[onnx.GraphProto] = []
        for number in (2.0, -3.0):
            nodes: list[onnx.NodeProto] = []
            with g.within(nodes):
                result = g.node("Mul", g.node("Add", y, y), g.constant([number] * 7, "float32"))
            branches.append(subgraph("branch", nodes, (), (result,)))
        positive = g.node("Greater", g.node("ReduceSum", x, keepdims=0), g.constant(0, "float32"))
        names = dict(zip(("then_branch", "else_branch"), branches, strict=True))
        (chosen,) = g.node_of_known("If", (positive,), [y], names)
        return relu(g, chosen)

    before, after = halved(make)
    (branching,) = [node for node in after.model.graph.node if node.op_type == "If"]
    inner = [node for attribute in branching.attribute for node in attribute.g.node]
    assert all(after.values[node.input[0]].dtype.name == "float16" for node in inner if node.op_type == "Mul")
    assert {tensor.dtype.name for tensor in after.initializers if tensor.shape == (7,)} == {"float16"}
    close(before, after)


def test_casts_have_names_of_their_own() -> None:
    """A lowering may have put a cast behind the very value that float16 needs one of."""

    def make(g: Builder, x: Value) -> Value:
        g.enter("top")
        best, places = g.nodes_of("TopK", (x, g.ints(2)), 2, {})
        total = g.node("ReduceSum", best, g.ints(-1), keepdims=1)
        return g.node("Add", total, g.node("Cast", places, to=1))

    before, after = halved(make)
    names = [node.name for node in after.model.graph.node]
    assert len(names) == len(set(names))
    close(before, after)


def test_what_is_added_up_at_places_stays_in_float32() -> None:
    """ONNX Runtime has no such sums of float16."""

    def make(g: Builder, x: Value) -> Value:
        rows = g.constant([[0], [0]], "int64")
        return g.node("ScatterND", relu(g, x), rows, x, reduction="add")

    before, after = halved(make)
    (scatter,) = [node for node in after.model.graph.node if node.op_type == "ScatterND"]
    assert scatter.output[0] in {output.name for output in after.outputs}
    close(before, after)
