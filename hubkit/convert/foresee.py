"""What a conversion would give, before it is done: what stands in its way, what would be open, how large the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hubkit.conversion_status import ConversionStatus
from hubkit.convert import preflight
from hubkit.convert.describe import describe_mindir
from hubkit.convert.forecast import Forecast, Lacking
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_graph import Graph, Parameter
from hubkit.convert.records import FORMATS, ONNX_DEFAULTS, OnnxOptions, Port
from hubkit.convert.rewrites import REWRITES
from hubkit.errors import ConvertError


def forecast_mindir(
    path: Path,
    name: str,
    input_names: Sequence[str] = (),
    output_names: Sequence[str] = (),
    *,
    formats: Sequence[str] = FORMATS,
    options: OnnxOptions = ONNX_DEFAULTS,
) -> Forecast:
    """What the conversion of the MINDIR file ``path`` to ``formats``, keys of SUFFIXES, would give by ``options``;
    needs no MindSpore and writes nothing.

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
        operators=described.operators,
        inputs=described.inputs,
        outputs=described.outputs,
        sizes=_sizes(formats, path.stat().st_size, sum(len(parameter.data) for parameter in weights)),
    )
    if not _onnx(formats):
        return known
    if lacking := preflight.unsupported(graph):
        return replace(
            known,
            status=ConversionStatus.NO_LOWERING,
            error=str(preflight.UnsupportedOperatorsError(lacking).message),
            lacking=tuple(Lacking(item.op, item.layers, REWRITES.get(item.op, "")) for item in lacking),
            fixed=("whether the batch would be open is known only when every operator has an ONNX form",),
        )
    return _lowered(known, graph, input_names, output_names, formats, options)


def _lowered(
    known: Forecast,
    graph: Graph,
    input_names: Sequence[str],
    output_names: Sequence[str],
    formats: Sequence[str],
    options: OnnxOptions,
) -> Forecast:
    """``known`` with what the lowering gives, which is done in memory."""
    from hubkit.convert.onnx_export import lower_open

    try:
        lowered, reasons = lower_open(graph, input_names, output_names, options)
    except ConvertError as error:
        return replace(known, status=ConversionStatus.COULD_NOT_LOWER, error=str(error))
    inputs = tuple(Port(port.name, port.shape, port.dtype.name) for port in lowered.inputs)
    size = lowered.model.ByteSize() + sum(len(tensor.data) for tensor in lowered.initializers)
    return replace(
        known,
        inputs=inputs,
        outputs=tuple(Port(port.name, port.shape, port.dtype.name) for port in lowered.outputs),
        fixed=(
            *(f"the {axis}: fixed, because {why}" for axis, why in reasons.items()),
            *(_fixed(port) for port in inputs if not all(isinstance(axis, str) for axis in port.shape)),
        ),
        sizes={**(known.sizes or {}), **_sizes(_onnx(formats), size, size)},
    )


# A format -> how large its file is, beside the MINDIR or the weights; int8 has scales beside its weights.
_SHARES = {"mindir": 1.0, "onnx": 1.0, "onnx-fp16": 0.5, "onnx-int8": 0.26, "safetensors": 1.0}


def _sizes(formats: Sequence[str], mindir: int, weights: int) -> dict[str, int]:
    return {kind: int(_SHARES[kind] * (mindir if kind == "mindir" else weights)) for kind in formats}


def _onnx(formats: Sequence[str]) -> list[str]:
    return [kind for kind in formats if kind.startswith("onnx")]


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
