"""Whether an ONNX file whose height or width is open gives what the network gives at another size."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hubkit.convert.evidence import Evidence
from hubkit.convert.records import ModelFile, ParityRecord
from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec
from hubkit.smoke.runners import MindSporeRunner

if TYPE_CHECKING:
    import mindspore

_IMAGE_RANK = 4
# The axis of images, and what its size is multiplied with: not both alike, so that one is not taken for the other, and
# so that a size that many networks want, a multiple of 32, remains one.
_OTHER = {"height": (2, 0.5), "width": (3, 1.5)}


def prove_sizes(
    cell: mindspore.nn.Cell,
    file: ModelFile,
    inputs: Sequence[InputSpec],
    outputs: Sequence[str],
    seed: int,
    axes: Collection[str],
) -> tuple[tuple[ParityRecord, ...], str]:
    """Run ``cell`` and ``file`` on inputs whose ``axes`` ("height", "width") are of another size.

    Gives the comparisons, and why the axes cannot be open, which is empty where all of them passed.
    """
    other = tuple(_resized(item, axes) for item in inputs)
    size = next("x".join(map(str, item.shape[2:])) for item in other if len(item.shape) == _IMAGE_RANK)
    evidence = Evidence(other, outputs, seed)
    try:
        evidence.run_reference(MindSporeRunner(cell))
    except ConvertError as error:
        return (), f"MindSpore cannot run the network at {size}: {error.message}"
    try:
        evidence.run_onnx(file)
    except ConvertError as error:
        return (), f"at {size}: {error.message}"
    reason = next((record.reason for record in evidence.parity if not record.passed), "")
    named = tuple(replace(record, candidate=f"{record.candidate} {size}") for record in evidence.parity)
    return named, reason and f"at {size}: {reason}"


def _resized(item: InputSpec, axes: Collection[str]) -> InputSpec:
    if len(item.shape) != _IMAGE_RANK:
        return item
    shape = list(item.shape)
    for name in axes:
        axis, factor = _OTHER[name]
        shape[axis] = max(1, int(shape[axis] * factor))
    return replace(item, shape=tuple(shape))
