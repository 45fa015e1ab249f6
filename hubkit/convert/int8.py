"""Quantise an ONNX file to int8 with ONNX Runtime's tool: weights and, by ranges seen beforehand, activations.

Weights and activations are signed, and each channel of a weight has its own scale: what ONNX Runtime recommends on a
CPU, as the faster unsigned form saturates without VNNI. Inputs and outputs stay float32.
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from hubkit.convert.calibration import Sample, samples
from hubkit.convert.records import ModelFile
from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec


def to_int8(
    source: Path, target: Path, inputs: Sequence[InputSpec], *, calibration: Path | None, seed: int
) -> ModelFile:
    """Quantise the float32 ONNX file ``source`` to ``target``; its `note` says what it was calibrated with.

    ``calibration`` is a folder of images or .npy files (see `hubkit.convert.calibration.samples`); without it inputs
    are made from ``seed``. Raises ConvertError where that has nothing to use, or the tool refuses the model.
    """
    from dataclasses import replace

    import onnx
    from onnxruntime import quantization

    from hubkit.convert.describe import describe_onnx

    found, words = samples(inputs, calibration, seed)

    class Reader(quantization.CalibrationDataReader):  # type: ignore[misc]
        def get_next(self) -> Sample | None:
            return next(found, None)

    try:
        with _quiet():
            quantization.quantize_static(
                source,
                target,
                Reader(),
                quant_format=quantization.QuantFormat.QDQ,
                activation_type=quantization.QuantType.QInt8,
                weight_type=quantization.QuantType.QInt8,
                per_channel=True,
                calibration_providers=["CPUExecutionProvider"],
            )
        onnx.checker.check_model(str(target), full_check=True)
    except ConvertError:
        raise
    except Exception as error:  # the tool raises anything
        text = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ConvertError(
            f"ONNX Runtime cannot quantise {source.name} to int8: {text}", hint="Leave out the format onnx-int8."
        ) from error
    return replace(describe_onnx(target), format="onnx-int8", note=f"calibrated with {words}")


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
