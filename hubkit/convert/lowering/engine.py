"""Lower a whole MindIR graph to ONNX: walk its nodes, call each one's lowering, check what it gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import onnx
from onnx import helper

from hubkit import __version__
from hubkit.convert.dtypes import DType
from hubkit.convert.lowering.builder import (
    IR_VERSION,
    OPSET,
    PROBE_FACTOR,
    Builder,
    Initializer,
    Value,
)
from hubkit.convert.lowering.call import Argument
from hubkit.convert.lowering.interpreter import NUMBER, Interpreter
from hubkit.convert.lowering.leaves import as_value, is_tensor
from hubkit.convert.lowering.registry import LOWERINGS
from hubkit.convert.lowering.sizes import Sizes
from hubkit.convert.lowering.state import STATE_HINT
from hubkit.convert.mindir_graph import Graph, TensorType, ValueType
from hubkit.convert.refusal import RefusedError
from hubkit.errors import ConvertError

BATCH = "batch"
"""The name of the axis that may have any size."""

SPATIAL = {"height": (2, 3), "width": (3, 5)}
"""The axes of images that may have any size too -> their place, and by how much they are larger in the probe: primes,
other than that of the batch."""
_IMAGE_RANK = 4
_OTHER_SIZES = 1000  # the place of the numbers that stand for sizes when a graph is lowered once more

Batch: TypeAlias = Literal["open", "fixed"]
"""Whether the ONNX graph takes a batch of any size, or that of the exported network only."""


@dataclass(frozen=True, slots=True)
class OpenTensor:
    """An input or an output of the ONNX graph."""

    name: str
    """Its name."""
    shape: tuple[int | str, ...]
    """Its sizes; "batch" (or a multiple of it) where the axis follows the batch."""
    dtype: DType
    """Its element type."""
    varying: tuple[int, ...] = ()
    """The axes whose sizes depend on the data."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A network in ONNX, its weights apart."""

    model: onnx.ModelProto
    """The model without initializers."""
    initializers: tuple[Initializer, ...]
    """The weights and the constants, in order."""
    inputs: tuple[OpenTensor, ...]
    """The graph's inputs."""
    outputs: tuple[OpenTensor, ...]
    """The graph's outputs, under their final names."""
    values: Mapping[str, Value] = field(repr=False)
    """What is known of each value of the graph, by its name."""
    traces: Mapping[str, str] = field(repr=False)
    """The name of a value in the MINDIR -> that of the same value in the ONNX graph."""


def lower(
    graph: Graph,
    *,
    input_names: Sequence[str],
    output_names: Sequence[str],
    batch: Batch = "open",
    dynamic: Collection[str] = (),
    approximate: bool = False,
) -> Lowered:
    """Express ``graph`` in ONNX; with ``batch="open"`` the first axis of its inputs, the batch, has any size.

    So have those of ``dynamic``, keys of SPATIAL, in inputs of four axes. Inputs whose first axis is not as long as
    that of the first input have no batch: their shapes are fixed. ``approximate`` is as in `OnnxOptions`.

    Raises ConvertError where the names do not fit the graph, and where an operator cannot be expressed as it
    stands; the message names the operator and its layer. It is a BatchError where only the open batch is in the way.
    Call `preflight.check` before, which lists every operator
    without a lowering at once.
    """
    _check_inputs(graph, input_names)
    sizes = Sizes()
    lowered = _lower(graph, input_names, output_names, batch, dynamic, sizes, approximate)
    if len(sizes):
        again = _lower(graph, input_names, output_names, batch, dynamic, Sizes(_OTHER_SIZES), approximate)
        _check_sizes(lowered, again)
    return lowered


def _lower(
    graph: Graph,
    input_names: Sequence[str],
    output_names: Sequence[str],
    batch: Batch,
    dynamic: Collection[str],
    sizes: Sizes,
    approximate: bool,
) -> Lowered:
    g = Builder(reserved=(*input_names, *output_names), sizes=sizes, approximate=approximate)
    frame: dict[str, Argument] = {}
    size = next((given.type.shape[0] for given in graph.inputs if given.type.shape), 1)
    for name, given in zip(input_names, graph.inputs, strict=True):
        open_batch = batch == "open" and given.type.shape[:1] == (size,)
        factors = _factors(given.type.shape, dynamic)
        frame[given.name] = g.input(name, given.type.dtype, given.type.shape, open_batch=open_batch, factors=factors)
    image = next((given.type.shape for given in graph.inputs if len(given.type.shape) == _IMAGE_RANK), ())
    inputs = tuple(_open(g.values[name], size, image) for name in input_names)
    shared: dict[str, Argument] = dict(graph.constants)
    shared.update((key, g.parameter(parameter)) for key, parameter in graph.parameters.items())
    interpreter = Interpreter(g, graph, shared)
    frame = {**interpreter.shared, **frame}
    interpreter.evaluate(graph.nodes, frame, returned=[output.name for output in graph.outputs])
    for output in graph.outputs:
        _check_whole(graph, frame[output.name], output.type)
    results = _flat(g, [_without_numbers(frame[output.name], output.type) for output in graph.outputs])
    if not results:
        raise RefusedError("the network returns no tensor", hint="Return tensors that are computed from its inputs.")
    outputs = tuple(_open(value, size, image) for value in _name_outputs(g, results, output_names))
    g.prune(output_names)
    _check_state(g, shared, interpreter.written)
    model = _model(graph, g, inputs, outputs)
    final = {value.name: name for value, name in zip(results, output_names, strict=True)}
    traces = {key: final.get(value.name, value.name) for key, value in frame.items() if isinstance(value, Value)}
    return Lowered(model, tuple(g.initializers.values()), inputs, outputs, g.values, traces)


def _check_state(g: Builder, parameters: Mapping[str, Argument], written: Mapping[str, str]) -> None:
    """Refuse a network whose outputs depend on what ``parameters`` were before it has changed them: ``written`` are
    those that it changes -> the operator that does."""
    for key, writer in written.items():
        before = parameters[key]
        if isinstance(before, Value) and before.name in g.initializers:
            raise RefusedError(
                f"{writer} cannot be lowered to ONNX: it changes the parameter {before.name}, and outputs of the "
                "network depend on what an earlier run has left there",
                hint=STATE_HINT,
            )


def _check_sizes(first: Lowered, second: Lowered) -> None:
    """Refuse a graph in which a size stands that depends on the data: ``first`` and ``second``, which are lowered with
    other numbers for such sizes, are not the same.
    """
    constants = [{tensor.name: bytes(tensor.data) for tensor in one.initializers} for one in (first, second)]
    for a, b in zip(first.model.graph.node, second.model.graph.node, strict=False):
        read = [[known.get(name) for name in node.input] for node, known in zip((a, b), constants, strict=True)]
        if a != b or read[0] != read[1]:
            layer = a.name.removesuffix(f"/{a.op_type}")
            raise RefusedError(
                f"an operator in layer {layer} cannot be lowered to ONNX: the size of what it is given depends on the "
                f"data, and its ONNX form ({a.op_type}) would hold for one size only",
                hint="Leave that layer out of the network, behind its outputs, or leave out the ONNX format.",
            )


def _check_inputs(graph: Graph, input_names: Sequence[str]) -> None:
    if not graph.inputs:
        raise ConvertError("the network has no inputs", hint="Export a network that computes something.")
    if len(input_names) != len(graph.inputs):
        raise ConvertError(
            f"the network has {len(graph.inputs)} inputs, but {len(input_names)} names were given for them",
            hint="Give one name an input, in the order of the network's arguments.",
        )
    for name, given in zip(input_names, graph.inputs, strict=True):
        if any(size < 1 for size in given.type.shape):
            raise ConvertError(
                f"input {name} has the shape {given.type.shape}, of which not every size is known",
                hint="Export the network with fixed sizes: the batch is opened afterwards.",
            )


def _check_whole(graph: Graph, result: Argument, expected: ValueType) -> None:
    """Refuse a network that returns more results of an operator than its ONNX form gives."""
    if not isinstance(result, tuple) or not isinstance(expected, tuple):
        return
    lacking = (
        len(expected)
        - len(result)
        + sum(
            element is None and isinstance(type_, TensorType) for element, type_ in zip(result, expected, strict=False)
        )
    )
    if lacking > 0:
        node = next(
            (
                node
                for node in reversed(graph.nodes)
                if node.output_type == expected and node.op in LOWERINGS and node.op != "Depend"
            ),
            None,
        )
        whose = f"{node.op} in layer {node.scope}" if node else "an operator"
        raise RefusedError(
            f"the network returns all {len(expected)} results of {whose}, but for {lacking} there is no form in ONNX",
            hint="Return only those that are needed, such as the first: y[0].",
        )
    for element, type_ in zip(result, expected, strict=False):
        _check_whole(graph, element, type_)


def _without_numbers(result: Argument, expected: ValueType) -> Argument:
    """``result`` without the numbers that the network computes: MindSpore hands them on as Python's, not as tensors."""
    if isinstance(result, tuple) and isinstance(expected, tuple):
        return tuple(map(_without_numbers, result, expected))
    return None if isinstance(expected, TensorType) and expected.shape == NUMBER else result


def _flat(g: Builder, results: Sequence[Argument]) -> list[Value]:
    values: list[Value] = []
    for result in results:
        if is_tensor(result):
            values.append(as_value(g, result))
        elif isinstance(result, tuple):
            values.extend(_flat(g, result))
        elif result is None or isinstance(result, bool | int | float):
            continue  # MindSpore hands it on; a file of tensors has no place for it
        else:
            raise ConvertError(
                f"the network returns {result!r}, which is no tensor", hint="Return tensors computed from inputs."
            )
    return values


def _name_outputs(g: Builder, results: list[Value], names: Sequence[str]) -> tuple[Value, ...]:
    if len(names) != len(results):
        raise ConvertError(
            f"the network has {len(results)} outputs, but {len(names)} names were given for them",
            hint="Give one name an output, in the order in which the network returns them.",
        )
    written = {name for node in g.nodes for name in node.output}
    renames: dict[str, str] = {}
    outputs: list[Value] = []
    for name, value in zip(names, results, strict=True):
        if value.name not in written or value.name in renames:
            # An input, a weight, or a value returned twice keeps its own name.
            g.enter(name)
            value = g.node("Identity", value)
        renames[value.name] = name
        outputs.append(Value(name, value.dtype, value.shape, value.probe, other=value.other))
        g.values[name] = outputs[-1]
    g.rename(renames)
    return tuple(outputs)


def _model(
    graph: Graph, g: Builder, inputs: tuple[OpenTensor, ...], outputs: tuple[OpenTensor, ...]
) -> onnx.ModelProto:
    return helper.make_model(
        helper.make_graph(
            g.nodes,
            graph.name or "network",
            [_value_info(value) for value in inputs],
            [_value_info(value) for value in outputs],
        ),
        producer_name="hubkit",
        producer_version=__version__,
        doc_string=f"Lowered from the MINDIR of {graph.producer}.",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )


def _factors(shape: tuple[int, ...], dynamic: Collection[str]) -> list[int]:
    """By how much each axis of an input is larger in the probe."""
    factors = [1] * len(shape)
    if len(shape) == _IMAGE_RANK:
        for name in dynamic:
            axis, factors[axis] = SPATIAL[name]
    return factors


def _open(value: Value, batch: int, image: tuple[int, ...]) -> OpenTensor:
    """``value`` with names for its open axes; ``image`` is the shape of the first input that is one."""
    sizes: list[int | str] = list(value.shape)
    known = [(PROBE_FACTOR, batch, BATCH)]
    known += [(factor, image[axis], name) for name, (axis, factor) in SPATIAL.items() if image]
    for axis in value.dynamic:
        if axis in value.varying:
            sizes[axis] = f"{value.name}_{axis}"
            continue
        size, probe = value.shape[axis], value.probe[axis]
        found = next(((whole, name) for factor, whole, name in known if probe == size * factor), None)
        if found is None:
            sizes[axis] = f"{value.name}_{axis}"
        else:
            sizes[axis] = found[1] if size == found[0] else f"{size / found[0]:g}*{found[1]}"
    return OpenTensor(value.name, tuple(sizes), value.dtype, value.varying)


def _value_info(tensor: OpenTensor) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(tensor.name, tensor.dtype.onnx, tensor.shape)
