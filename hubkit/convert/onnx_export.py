"""Turn a .mindir file into an .onnx file, without MindSpore."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hubkit.convert import preflight
from hubkit.convert.clock import Clock
from hubkit.convert.describe import counts
from hubkit.convert.mindir import read_mindir
from hubkit.convert.records import ONNX_DEFAULTS, ModelFile, OnnxOptions, Port
from hubkit.errors import ConvertError


class CheckerError(ConvertError):
    """ONNX's checker refuses the model."""


@dataclass(frozen=True, slots=True)
class OnnxReport:
    """What was written, and how long it took."""

    file: ModelFile
    """The file."""
    optimized: Mapping[str, int]
    """How often each pass of `hubkit.convert.optimize` did something, by what it does."""
    seconds: Mapping[str, float]
    """How long each step took: "read", "lower", "optimize", "halve", "write", "check"."""


def mindir_to_onnx(
    source: Path,
    target: Path,
    *,
    input_names: Sequence[str],
    output_names: Sequence[str],
    options: OnnxOptions = ONNX_DEFAULTS,
) -> OnnxReport:
    """Lower ``source`` to ONNX and put the file, checked in full, at ``target``.

    Its batch is open; where an operator stands in the way, it is fixed, and the file's `note` names that operator.
    Unless ``options`` say otherwise, `hubkit.convert.optimize` simplifies it first.

    Raises UnsupportedOperatorsError, which lists every operator without a lowering, CheckerError where ONNX's checker
    refuses the result, and ConvertError where the file is no MINDIR or an operator cannot be expressed as it stands.
    In each case ``target`` is left as it was.
    """
    import onnx

    from hubkit.convert.float16 import to_float16
    from hubkit.convert.lowering import BatchError, lower
    from hubkit.convert.lowering.builder import OPSET
    from hubkit.convert.onnx_file import write_onnx
    from hubkit.convert.optimize import optimize

    clock = Clock()
    graph = read_mindir(source)
    preflight.check(graph)
    clock.lap("read")
    note = ""
    try:
        lowered = lower(graph, input_names=input_names, output_names=output_names)
    except BatchError as error:
        note = f"its batch is fixed: {error.message}"
        lowered = lower(graph, input_names=input_names, output_names=output_names, batch="fixed")
    clock.lap("lower")
    done: dict[str, int] = {}
    if options.optimize:
        lowered, done = optimize(lowered)
        clock.lap("optimize")
    if options.precision == "float16":
        lowered = to_float16(lowered)
        clock.lap("halve")
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        sha256 = write_onnx(beside, lowered.model, lowered.initializers)
        clock.lap("write")
        try:
            onnx.checker.check_model(str(beside), full_check=True)
        except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
            raise CheckerError(
                f"ONNX's checker refuses the model lowered from {source}: {error}",
                hint="This is a fault of a lowering: please report it with the .mindir file.",
            ) from error
        clock.lap("check")
        size = beside.stat().st_size
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    file = ModelFile(
        format="onnx",
        path=target,
        sha256=sha256,
        size=size,
        opset=OPSET,
        operators=counts(node.op_type for node in lowered.model.graph.node),
        inputs=tuple(Port(port.name, port.shape, port.dtype.name) for port in lowered.inputs),
        outputs=tuple(Port(port.name, port.shape, port.dtype.name) for port in lowered.outputs),
        note=note,
    )
    return OnnxReport(file, done, clock.seconds)
