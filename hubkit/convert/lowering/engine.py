"""Lower a whole MindIR graph to ONNX: walk its nodes, call each one's lowering, check what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import onnx
from onnx import helper

from hubkit import __version__
from hubkit.convert.dtypes import DType
from hubkit.convert.lowering.builder import IR_VERSION, OPSET, Builder, CannotLowerError, Initializer, Value
from hubkit.convert.lowering.call import Argument, Call
from hubkit.convert.lowering.registry import LOWERINGS
from hubkit.convert.mindir_graph import Graph, Marker, Node, TensorType, ValueType
from hubkit.errors import ConvertError

BATCH = "batch"
"""The name of the axis that may have any size."""

# What malformed files make a lowering raise beside CannotLowerError: arguments of the wrong kind or number.
_ARGUMENT_ERRORS = (CannotLowerError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError)


@dataclass(frozen=True, slots=True)
class OpenTensor:
    """An input or an output of the ONNX graph."""

    name: str
    """Its name."""
    shape: tuple[int | str, ...]
    """Its sizes; "batch" (or a multiple of it) where the axis follows the batch."""
    dtype: DType
    """Its element type."""


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


def lower(graph: Graph, *, input_names: Sequence[str], output_names: Sequence[str]) -> Lowered:
    """Express ``graph`` in ONNX, with the first axis of each input and output open (the batch).

    Raises ConvertError where the names do not fit the graph, and where an operator cannot be expressed as it
    stands; the message names the operator and its layer. Call `preflight.check` before, which lists every operator
    without a lowering at once.
    """
    _check_inputs(graph, input_names)
    g = Builder(reserved=(*input_names, *output_names))
    known: dict[str, Argument] = dict(graph.constants)
    for name, given in zip(input_names, graph.inputs, strict=True):
        known[given.name] = g.input(name, given.type.dtype, given.type.shape)
    batch = graph.inputs[0].type.shape[0]
    inputs = tuple(_open(g.values[name], batch) for name in input_names)
    known.update((key, g.parameter(parameter)) for key, parameter in graph.parameters.items())
    for node in graph.nodes:
        result = _lower_node(g, node, known)
        if LOWERINGS[node.op].in_place:
            _rebind(known, known[node.inputs[0]], result)
        known.update(dict.fromkeys(node.outputs, result))
    results = _flat([known[output.name] for output in graph.outputs])
    outputs = tuple(_open(value, batch) for value in _name_outputs(g, results, output_names))
    g.prune(output_names)
    model = _model(graph, g, inputs, outputs)
    final = {value.name: name for value, name in zip(results, output_names, strict=True)}
    traces = {key: final.get(value.name, value.name) for key, value in known.items() if isinstance(value, Value)}
    return Lowered(model, tuple(g.initializers.values()), inputs, outputs, g.values, traces)


def _lower_node(g: Builder, node: Node, known: dict[str, Argument]) -> Argument:
    g.enter(node.scope)
    arguments = [known[name] for name in node.inputs]
    while arguments and arguments[-1] is Marker.MONAD:
        arguments.pop()
    try:
        result = LOWERINGS[node.op].function(g, Call(node, tuple(arguments)))
        _check_result(result, node.output_type)
    except _ARGUMENT_ERRORS as error:
        detail = str(error) if isinstance(error, CannotLowerError) else f"unexpected arguments ({error!r})"
        raise ConvertError(
            f"{node.op} in layer {node.scope} cannot be lowered to ONNX: {detail}",
            hint="Change how the layer is written, or leave out the ONNX format.",
        ) from error
    return result


def _check_inputs(graph: Graph, input_names: Sequence[str]) -> None:
    if not graph.inputs:
        raise ConvertError("the network has no inputs", hint="Export a network that computes something.")
    if len(input_names) != len(graph.inputs):
        raise ConvertError(
            f"the network has {len(graph.inputs)} inputs, but {len(input_names)} names were given for them",
            hint="Give one name an input, in the order of the network's arguments.",
        )
    for name, given in zip(input_names, graph.inputs, strict=True):
        if not given.type.shape:
            raise ConvertError(f"input {name} is a single number", hint="Give it a first axis: the batch.")
        if any(size < 1 for size in given.type.shape):
            raise ConvertError(
                f"input {name} has the shape {given.type.shape}, of which not every size is known",
                hint="Export the network with fixed sizes: the batch is opened afterwards.",
            )


def _check_result(result: Argument, expected: ValueType) -> None:
    """Hold a lowering to what the file says its operator gives; what it does not yield is left to its readers."""
    if isinstance(result, tuple) and isinstance(expected, tuple):
        for element, type_ in zip(result, expected, strict=False):
            _check_result(element, type_)
    elif isinstance(result, Value) and isinstance(expected, TensorType) and -1 not in expected.shape:
        given = TensorType(result.shape, result.dtype)
        if given != expected:
            raise CannotLowerError(f"its ONNX form gives {given} where the file says {expected}")


def _rebind(known: dict[str, Argument], old: Argument, new: Argument) -> None:
    """Let every name of ``old`` stand for ``new``: the operator has written over it."""
    for name, value in known.items():
        if value is old:
            known[name] = new


def _flat(results: Sequence[Argument]) -> list[Value]:
    values: list[Value] = []
    for result in results:
        if isinstance(result, Value):
            values.append(result)
        elif isinstance(result, tuple):
            values.extend(_flat(result))
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
        outputs.append(Value(name, value.dtype, value.shape, value.probe))
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


def _open(value: Value, batch: int) -> OpenTensor:
    sizes = tuple(
        size if axis not in value.dynamic else BATCH if size == batch else f"{size / batch:g}*{BATCH}"
        for axis, size in enumerate(value.shape)
    )
    return OpenTensor(value.name, sizes, value.dtype)


def _value_info(tensor: OpenTensor) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(tensor.name, tensor.dtype.onnx, tensor.shape)
