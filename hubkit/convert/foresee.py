"""What a conversion would give, before it is done: what stands in its way, what would be open, how large the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hubkit.conversion_status import ConversionStatus
from hubkit.convert import preflight
from hubkit.convert.describe import STRUCTURAL, counts, describe_mindir
from hubkit.convert.forecast import Forecast, Lacking
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_graph import Graph, Parameter
from hubkit.convert.records import Port
from hubkit.convert.rewrites import REWRITES
from hubkit.errors import ConvertError


def forecast_mindir(
    path: Path, name: str, input_names: Sequence[str] = (), output_names: Sequence[str] = ()
) -> Forecast:
    """What the conversion of the MINDIR file ``path`` would give; needs no MindSpore and writes nothing.

    Without names, inputs and outputs are called as `hubkit.convert.from_mindir` calls them. Raises ConvertError where
    the file is no MINDIR.
    """
    from hubkit.convert.from_mindir import port_names

    graph = read_mindir(path)
    usual_inputs, usual_outputs = port_names(graph)
    input_names = input_names or tuple(item.name for item in usual_inputs)
    output_names = output_names or usual_outputs
    described = describe_mindir(path, input_names, output_names)
    weights = _weights(graph)
    known = Forecast(
        name=name,
        status=ConversionStatus.PASSED,
        parameters=len(weights),
        values=sum(_elements(parameter) for parameter in weights),
        operators=counts(node.op for node in graph.nodes if node.op not in STRUCTURAL),
        inputs=described.inputs,
        outputs=described.outputs,
        sizes={"mindir": path.stat().st_size, "onnx": sum(len(parameter.data) for parameter in weights)},
    )
    if lacking := preflight.unsupported(graph):
        return replace(
            known,
            status=ConversionStatus.NO_LOWERING,
            error=str(preflight.UnsupportedOperatorsError(lacking).message),
            lacking=tuple(Lacking(item.op, item.layers, REWRITES.get(item.op, "")) for item in lacking),
            fixed=("whether the batch would be open is known only when every operator has an ONNX form",),
        )
    return _lowered(known, graph, input_names, output_names)


def _lowered(known: Forecast, graph: Graph, input_names: Sequence[str], output_names: Sequence[str]) -> Forecast:
    """``known`` with what the lowering gives, which is done in memory."""
    from hubkit.convert.lowering import lower

    bound: tuple[str, ...] = ()
    try:
        try:
            lowered = lower(graph, input_names=input_names, output_names=output_names)
        except ConvertError as error:  # whatever it is: with a fixed batch it is raised again if that is not why
            bound = (f"the batch: fixed, because {error.message}",)
            lowered = lower(graph, input_names=input_names, output_names=output_names, batch="fixed")
    except ConvertError as error:
        return replace(known, status=ConversionStatus.COULD_NOT_LOWER, error=str(error))
    inputs = tuple(Port(port.name, port.shape, port.dtype.name) for port in lowered.inputs)
    size = lowered.model.ByteSize() + sum(len(tensor.data) for tensor in lowered.initializers)
    return replace(
        known,
        inputs=inputs,
        outputs=tuple(Port(port.name, port.shape, port.dtype.name) for port in lowered.outputs),
        fixed=(*bound, *(_fixed(port) for port in inputs if not all(isinstance(axis, str) for axis in port.shape))),
        sizes={**(known.sizes or {}), "onnx": size},
    )


def _fixed(port: Port) -> str:
    sizes = [f"{axis} ({size})" for axis, size in enumerate(port.shape) if isinstance(size, int)]
    which = "axis" if len(sizes) == 1 else "axes"
    return f"{which} {', '.join(sizes)} of {port.name}: fixed, because the network was exported with these sizes"


def _weights(graph: Graph) -> tuple[Parameter, ...]:
    return tuple(graph.parameters.values())


def _elements(parameter: Parameter) -> int:
    count = 1
    for size in parameter.type.shape:
        count *= size
    return count
