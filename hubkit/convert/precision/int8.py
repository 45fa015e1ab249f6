"""Quantise an ONNX file to int8 with ONNX Runtime's tool: weights and, by ranges seen beforehand, activations.

Weights and activations are signed, and each channel of a weight has its own scale: what ONNX Runtime recommends on a
CPU, as the faster unsigned form saturates without VNNI. Inputs and outputs stay as they are. Where quantising every
operator changes the outputs too much, as the masks of attention and the boxes of detectors do, only convolutions and
matrix products are quantised, which hold nearly all of the work. A network that computes in float16 is quantised as
one that computes in float32.
"""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from hubkit.convert.precision.calibration import Sample, samples
from hubkit.convert.records import ModelFile
from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec

_PRODUCTS = ("Conv", "ConvTranspose", "Gemm", "MatMul")
_TRIED = 2  # samples that tell whether every operator can be quantised


def to_int8(
    source: Path, target: Path, inputs: Sequence[InputSpec], *, calibration: Path | None, seed: int
) -> ModelFile:
    """Quantise the ONNX file ``source`` to ``target``; its `note` says what it was calibrated with.

    ``calibration`` is a folder of images or .npy files (see `hubkit.convert.precision.calibration.samples`); without it
    inputs are made from ``seed``. Raises ConvertError where that has nothing to use, or the tool refuses the model.
    """
    from hubkit.convert.describe import describe_onnx

    note = f"calibrated with {samples(inputs, calibration, seed)[1]}"
    try:
        with tempfile.TemporaryDirectory(prefix=".hubkit-", dir=target.parent) as scratch, _quiet():
            folder = Path(scratch)
            wide = _in_float32(source, folder / "wide.onnx")
            _quantise(wide, target, samples(inputs, calibration, seed)[0], ())
            tried = list(islice(samples(inputs, calibration, seed)[0], _TRIED))
            if not _close(source, target, tried):
                part = folder / target.name
                _quantise(wide, part, samples(inputs, calibration, seed)[0], _PRODUCTS)
                if _close(source, part, tried):
                    part.replace(target)
                    note += "; convolutions and matrix products only, as more would change its outputs"
    except ConvertError:
        raise
    except Exception as error:  # the tool raises anything
        text = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ConvertError(
            f"ONNX Runtime cannot quantise {source.name} to int8: {text}", hint="Leave out the format onnx-int8."
        ) from error
    return replace(describe_onnx(target), format="onnx-int8", note=note)


def _quantise(source: Path, target: Path, given: Iterator[Sample], operators: Sequence[str]) -> None:
    """Write ``source``, with ``operators`` quantised, all where there are none, and ranges as ``given`` shows them."""
    import onnx
    from onnxruntime import quantization

    class Reader(quantization.CalibrationDataReader):  # type: ignore[misc]
        def get_next(self) -> Sample | None:
            return next(given, None)

    quantization.quantize_static(
        source,
        target,
        Reader(),
        quant_format=quantization.QuantFormat.QDQ,
        activation_type=quantization.QuantType.QInt8,
        weight_type=quantization.QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=list(operators) or None,
        nodes_to_exclude=_stacked_products(source),
        calibration_providers=["CPUExecutionProvider"],
    )
    _sort(target)
    onnx.checker.check_model(str(target), full_check=True)


def _sort(path: Path) -> None:
    """Put each node of the file behind what its own graphs read too: ONNX Runtime 1.31 sorts by its inputs alone."""
    import onnx

    model = onnx.load(str(path))
    if not any(attribute.HasField("g") for node in model.graph.node for attribute in node.attribute):
        return
    waiting = list(model.graph.node)
    made = {name for node in waiting for name in node.output if name}
    in_order: list[onnx.NodeProto] = []
    while waiting:
        ready = [node for node in waiting if not made.intersection(_read(node))]
        if not ready:
            return  # a circle, which the checker tells
        in_order += ready
        made.difference_update(name for node in ready for name in node.output)
        waiting = [node for node in waiting if made.intersection(_read(node)) or made.intersection(node.output)]
    del model.graph.node[:]
    model.graph.node.extend(in_order)
    onnx.save(model, str(path))


def _read(node: Any) -> set[str]:
    """The names that a node and the graphs in it read."""
    inner = (attribute.g for attribute in node.attribute if attribute.HasField("g"))
    return {*node.input, *(name for graph in inner for child in graph.node for name in _read(child))}


def _stacked_products(source: Path) -> list[str]:
    """The products with a weight of several matrices, which ONNX Runtime 1.31 cannot run with a scale a channel."""
    import onnx

    graph = onnx.load(str(source), load_external_data=False).graph
    stacked = {tensor.name for tensor in graph.initializer if len(tensor.dims) > 2}
    return [node.name for node in graph.node if node.op_type == "MatMul" and stacked.intersection(node.input)]


def _in_float32(source: Path, target: Path) -> Path:
    """``source``, or where it computes in float16 the same in float32, written to ``target``."""
    import onnx

    from hubkit.convert.precision.widening import widened

    model = onnx.load(str(source))
    if not widened(model):
        return source
    onnx.save(model, str(target))
    return target


def _close(source: Path, quantised: Path, tried: Sequence[Sample]) -> bool:
    """Whether ``quantised`` gives about what ``source`` does for each of ``tried``."""
    from hubkit.smoke.compare import QUANTISED, compare
    from hubkit.smoke.runners import OnnxRunner

    exact, coarse = OnnxRunner(source), OnnxRunner(quantised)
    for given in tried:
        for a, b in zip(exact.run(given), coarse.run(given), strict=True):
            asked = QUANTISED.for_output(a)
            if not compare(a, b, atol=asked.atol, rtol=asked.rtol, ppm=asked.ppm).passed:
                return False
    return True


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The tool prints and warns about steps that this one has taken already."""
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logger.setLevel(level)
