"""Turn a .mindir file into an .onnx file, without MindSpore."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hubkit.conversion_status import ConversionStatus
from hubkit.convert import preflight
from hubkit.convert.clock import Clock
from hubkit.convert.describe import counts
from hubkit.convert.mindir import read_mindir
from hubkit.convert.precision.half import computes_in_half
from hubkit.convert.publish import publish
from hubkit.convert.records import ONNX_DEFAULTS, ModelFile, OnnxOptions, Port
from hubkit.convert.refusal import RefusedError
from hubkit.errors import ConvertError

if TYPE_CHECKING:
    from hubkit.convert.lowering import Batch, Lowered
    from hubkit.convert.mindir_graph import Graph

_BATCH_WORDS = "its batch cannot be kept open: "  # how the builder begins what stands in the way of any open axis


class CheckerError(RefusedError):
    """ONNX's checker refuses the model."""

    status = ConversionStatus.CHECKER_REFUSED


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

    Its batch is open, and the axes that ``options`` name; where an operator stands in the way of one, that is fixed,
    and the file's `note` names the operator.
    Unless ``options`` say otherwise, `hubkit.convert.optimize` simplifies it first.

    Raises UnsupportedOperatorsError, which lists every operator without a lowering, CheckerError where ONNX's checker
    refuses the result, and ConvertError where the file is no MINDIR or an operator cannot be expressed as it stands.
    In each case ``target`` is left as it was.
    """
    import onnx

    from hubkit.convert.lowering.builder import OPSET
    from hubkit.convert.onnx_file import write_onnx
    from hubkit.convert.optimize import optimize
    from hubkit.convert.precision.float16 import to_float16
    from hubkit.convert.precision.half_products import with_equal_ranks
    from hubkit.convert.precision.half_rounding import with_rounding

    clock = Clock()
    graph = read_mindir(source)
    preflight.check(graph)
    clock.lap("read")
    lowered, fixed = lower_open(graph, input_names, output_names, options)
    clock.lap("lower")
    done: dict[str, int] = {}
    if options.optimize:
        lowered, done = optimize(lowered)
        clock.lap("optimize")
    if options.precision == "float16":
        lowered = to_float16(lowered)
        clock.lap("halve")
    lowered = with_equal_ranks(lowered)
    if options.round_half:
        lowered = with_rounding(lowered)
    with tempfile.TemporaryDirectory(prefix=".hubkit-", dir=target.parent) as scratch:
        made = Path(scratch) / target.name  # under its own name, which the place of its weights is called after
        sha256, beside = write_onnx(made, lowered.model, lowered.initializers)
        clock.lap("write")
        try:
            onnx.checker.check_model(str(made), full_check=True)
        except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
            raise CheckerError(
                f"ONNX's checker refuses the model lowered from {source}: {error}",
                hint="This is a fault of a lowering: please report it with the .mindir file.",
            ) from error
        clock.lap("check")
        file = ModelFile(
            format="onnx",
            path=made,
            sha256=sha256,
            size=made.stat().st_size,
            opset=OPSET,
            operators=counts(node.op_type for node in lowered.model.graph.node),
            inputs=tuple(Port(port.name, port.shape, port.dtype.name) for port in lowered.inputs),
            outputs=tuple(Port(port.name, port.shape, port.dtype.name) for port in lowered.outputs),
            note="; ".join([*(f"its {axis} is fixed: {why}" for axis, why in fixed.items()), *_varying(lowered)]),
            beside=beside,
            computes_in_half=computes_in_half(
                lowered.model.graph, (tensor.name for tensor in lowered.initializers if tensor.dtype.name == "float16")
            ),
        )
        (file,) = publish([file], target.parent)
    return OnnxReport(file, done, clock.seconds)


def lower_open(
    graph: Graph, input_names: Sequence[str], output_names: Sequence[str], options: OnnxOptions
) -> tuple[Lowered, dict[str, str]]:
    """``graph`` in ONNX with as many axes open as it allows: the batch, and those that ``options`` name; and why others
    are not, by name. Raises as `hubkit.convert.lowering.lower`.
    """
    from hubkit.convert.lowering import lower

    fixed: dict[str, str] = {}
    dynamic = options.dynamic
    batch: Batch = "open" if options.open_batch else "fixed"
    lowering = partial(
        lower, graph, input_names=input_names, output_names=output_names, batch=batch, approximate=options.approximate
    )
    # All of the axes, then each alone: of two that are asked for one may do.
    for axes in dict.fromkeys([dynamic, *((axis,) for axis in dynamic)]):
        if axes:
            try:
                return lowering(dynamic=axes), _reasons(fixed, dynamic, axes)
            except ConvertError as error:  # whatever it is: without these axes it is raised again if they are not why
                fixed[axes[0] if len(axes) == 1 else ""] = error.message.replace(_BATCH_WORDS, "")
    try:
        return lowering(), _reasons(fixed, dynamic, ())
    except ConvertError as error:  # likewise
        fixed["batch"] = error.message
        return lowering(batch="fixed"), _reasons(fixed, ("batch", *dynamic), ())


def _varying(lowered: Lowered) -> list[str]:
    """What to tell of outputs whose sizes depend on the data."""
    return [
        f"axis {axis} of output {port.name} is as long as the data makes it"
        for port in lowered.outputs
        for axis in port.varying
    ]


def _reasons(fixed: Mapping[str, str], asked: Iterable[str], opened: Collection[str]) -> dict[str, str]:
    return {axis: fixed.get(axis) or fixed.get("", "") for axis in asked if axis not in opened}
