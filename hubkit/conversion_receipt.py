"""What a receipt says of a conversion: the worker's result, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.records import ConvertResult
from hubkit.errors import ConvertError
from hubkit.inspect.inspection import inspect
from hubkit.inspect.model import InspectError
from hubkit.inspect.tree import layers
from hubkit.receipts import DataFile, Layer, ModelFile, Parity, Receipt, Sensitivity, Status, Step, Tensor

CONVERSION_STEPS = ("mindir", "onnx", "smoke")

# The worker's name of a step -> the receipt's step that it is part of. What is not named here is part of the
# comparison.
_PART_OF = {
    "convert": "mindir",
    "crash": "mindir",
    "import": "mindir",
    "build": "mindir",
    "load": "mindir",
    "export": "mindir",
    "save": "mindir",
    "lower": "onnx",
    "quantize": "onnx",
    "check": "onnx",
}


def with_result(
    fresh: Receipt, result: ConvertResult, *, out: Path, formats: tuple[str, ...], fingerprint: str
) -> Receipt:
    """``fresh`` with what the worker reported; paths are counted from the output folder ``out``."""
    return replace(
        fresh,
        steps=(*fresh.steps, *_conversion_steps(result, formats)),
        models=tuple(
            ModelFile(
                format=file.format,
                path=file.path.relative_to(out).as_posix(),
                sha256=file.sha256,
                size=file.size,
                opset=file.opset,
                operators=dict(file.operators),
                inputs=tuple(Tensor(port.name, port.shape, port.dtype) for port in file.inputs),
                outputs=tuple(Tensor(port.name, port.shape, port.dtype) for port in file.outputs),
                note=file.note,
                beside=tuple(DataFile(part.name, part.sha256, part.size) for part in file.beside),
            )
            for file in result.files
        ),
        parity=tuple(
            Parity(
                reference=pair.reference,
                candidate=pair.candidate,
                batch=pair.batch,
                max_abs=pair.max_abs,
                max_rel=pair.max_rel,
                ppm_over_rtol=pair.ppm_over_rtol,
                bit_equal=pair.bit_equal,
                atol=pair.atol,
                rtol=pair.rtol,
                ppm=pair.ppm,
                passed=pair.passed,
                output=pair.output,
            )
            for pair in result.parity
        ),
        conversion=result.status,
        sensitivity=_least_sensitive(result),
        parameters=result.values,
        inference_seconds=dict(result.inference_seconds),
        step_seconds=dict(result.seconds),
        versions=dict(result.versions),
        machine={key: str(value) for key, value in result.machine.items()},
        compat=result.compat,
        skipped=dict(result.skipped),
        fingerprint=fingerprint,
    )


def with_layers(receipt: Receipt, out: Path) -> Receipt:
    """``receipt`` with the parameters of its network by layer, as the files in ``out`` have them; MINDIR first, since
    an ONNX file also has constants. Without such a file it is as it was.
    """
    if receipt.layers:
        return receipt
    for model in sorted(receipt.models, key=lambda model: model.format != "mindir"):
        try:
            found = layers(inspect(out / model.path, with_statistics=False), depth=1)
        except (InspectError, ConvertError):  # of an experimental kind that cannot be looked into
            continue
        return replace(receipt, layers=tuple(Layer(layer.name, layer.count, layer.size) for layer in found))
    return receipt


def _least_sensitive(result: ConvertResult) -> Sensitivity | None:
    if not result.sensitivity:
        return None
    worst = min(result.sensitivity, key=lambda record: (record.passed, record.max_abs))
    return Sensitivity(worst.max_abs, worst.moved, worst.std, worst.passed)


def with_conversion(fresh: Receipt, previous: Receipt) -> Receipt:
    """``fresh`` with the conversion of ``previous``, which nothing has changed."""
    return replace(
        fresh,
        steps=(*fresh.steps, *(step for step in previous.steps if step.name in CONVERSION_STEPS)),
        models=previous.models,
        parity=previous.parity,
        conversion=previous.conversion,
        sensitivity=previous.sensitivity,
        parameters=previous.parameters,
        layers=previous.layers,
        inference_seconds=previous.inference_seconds,
        step_seconds=previous.step_seconds,
        versions=previous.versions,
        machine=previous.machine,
        compat=previous.compat,
        skipped=previous.skipped,
        fingerprint=previous.fingerprint,
    )


def _conversion_steps(result: ConvertResult, formats: tuple[str, ...]) -> Iterator[Step]:
    """The receipt's steps of a conversion: each passed, failed, or skipped because an earlier one failed."""
    failed = "" if result.status is ConversionStatus.PASSED else _PART_OF.get(result.failed_step, "smoke")
    seconds = dict.fromkeys(CONVERSION_STEPS, 0.0)
    for part, taken in result.seconds.items():
        seconds[_PART_OF.get(part, "smoke")] += taken
    stopped = False
    for name in CONVERSION_STEPS:
        if name not in (*(kind.partition("-")[0] for kind in formats), "smoke"):
            yield Step(name, Status.SKIPPED, f"{name} was not asked for")
        elif stopped:
            yield Step(name, Status.SKIPPED, f"the step {failed} failed")
        elif name == failed:
            stopped = True
            yield Step(name, Status.FAILED, result.error, seconds[name])
        else:
            yield Step(name, Status.PASSED, "", seconds[name])
