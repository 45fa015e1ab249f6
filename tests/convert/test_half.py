"""Which graphs compute in float16: theirs is a tolerance of its own, so none may be called so that does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

Node = tuple[str, str, dict[str, Any]]


def graph(*nodes: Node, half: bool = False) -> Any:
    """A chain of nodes of one output from ``x`` to ``y``, each given what the one before gave, and what it names."""
    import onnx
    from onnx import TensorProto, helper

    made, last = [], "x"
    for index, (kind, more, attributes) in enumerate(nodes):
        made.append(helper.make_node(kind, [last, *more.split()], [f"v{index}"], **attributes))
        last = f"v{index}"
    weight = helper.make_tensor("w", TensorProto.FLOAT16, [1], [1.0])
    taken = helper.make_tensor_value_info("x", TensorProto.FLOAT16 if half else TensorProto.FLOAT, [1])
    given = helper.make_tensor_value_info(last, onnx.TensorProto.UNDEFINED, None)
    return helper.make_graph(made, "graph", [taken], [given], [weight])


HALF: Node = ("Cast", "", {"to": 10})
FLOAT: Node = ("Cast", "", {"to": 1})
ADD: Node = ("Add", "w", {})


@pytest.mark.parametrize(
    ("nodes", "half", "expected"),
    [
        pytest.param((HALF, ADD, FLOAT), False, True, id="sum in float16"),
        pytest.param((ADD,), True, True, id="input of float16"),
        pytest.param((HALF, ("Relu", "", {}), ("MatMul", "w", {})), False, True, id="behind what rounds nothing"),
        pytest.param((HALF, ("Resize", "", {"mode": "linear"}), FLOAT), False, True, id="resize that weighs"),
        pytest.param(
            (HALF, ("Resize", "", {"mode": "nearest"}), FLOAT, ("Add", "x", {})), False, False, id="moved only"
        ),
        pytest.param((HALF, ("Resize", "", {}), FLOAT), False, False, id="resize is nearest where it does not say"),
        pytest.param((HALF, ("ScatterND", "x w", {"reduction": "add"})), False, True, id="places that are added to"),
        pytest.param((HALF, ("ScatterND", "x w", {"reduction": "none"})), False, False, id="places that are set"),
        pytest.param((("Add", "x", {}),), False, False, id="float32"),
        pytest.param((("Identity", "", {}), FLOAT), True, False, id="input of float16 that is only kept so"),
        pytest.param((HALF, ("Shape", "", {}), ("Mul", "x", {})), False, False, id="told of, not computed"),
    ],
)
def test_arithmetic_on_values_of_float16_tells(nodes: tuple[Node, ...], half: bool, expected: bool) -> None:
    from hubkit.convert.precision.half import computes_in_half

    assert computes_in_half(graph(*nodes, half=half)) is expected


def test_a_weight_that_is_kept_in_float16_rounds_nothing_further() -> None:
    from onnx import helper

    from hubkit.convert.precision.half import computes_in_half

    made = graph(("Add", "wide", {}))
    made.node.insert(0, helper.make_node("Cast", ["w"], ["wide"], to=1))
    assert not computes_in_half(made)


@pytest.mark.parametrize("before", [(), (HALF,)])
def test_a_branch_sees_the_values_around_it_and_gives_its_own(before: tuple[Any, ...]) -> None:
    from onnx import helper

    from hubkit.convert.precision.half import computes_in_half

    made = graph(*before, ("Identity", "", {}))
    outer = made.node[-1].output[0]
    adding = helper.make_graph([helper.make_node("Add", [outer, outer], ["sum"])], "then", [], [made.output[0]])
    adding.output[0].name = "sum"
    keeping = helper.make_graph([helper.make_node("Identity", [outer], ["same"])], "else", [], [made.output[0]])
    keeping.output[0].name = "same"
    inside = made.__class__()
    inside.CopyFrom(made)
    inside.node.append(helper.make_node("If", ["flag"], ["z"], then_branch=adding, else_branch=keeping))
    assert computes_in_half(inside) is bool(before)
    after = made.__class__()
    after.CopyFrom(made)
    after.node.append(helper.make_node("If", ["flag"], ["z"], then_branch=keeping, else_branch=keeping))
    assert not computes_in_half(after)
    after.node.append(helper.make_node("Add", ["z", "z"], ["y"]))
    assert computes_in_half(after) is bool(before)


def test_a_damaged_loop_with_fewer_outputs_than_it_gives_is_read() -> None:
    from onnx import helper

    from hubkit.convert.precision.half import computes_in_half

    made = graph(HALF)
    made.node.append(
        helper.make_node("Loop", ["", "flag", "v0"], ["a", "b"], body=helper.make_graph([], "body", [], []))
    )
    assert not computes_in_half(made)


def test_weights_that_are_written_later_count_too() -> None:
    from onnx import TensorProto, helper

    from hubkit.convert.precision.half import computes_in_half

    output = helper.make_tensor_value_info("y", TensorProto.FLOAT16, [2])
    made = helper.make_graph([helper.make_node("Mul", ["w", "w"], ["y"])], "half", [], [output])
    assert not computes_in_half(made)
    assert computes_in_half(made, ["w"])
