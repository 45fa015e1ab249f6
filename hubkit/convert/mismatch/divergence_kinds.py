"""The first layer that differs in any form of a network: a float32, float16 or int8 ONNX file, or a MINDIR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from hubkit.convert.evidence import ONNX_FORMATS
from hubkit.convert.mismatch.agreement import agrees
from hubkit.convert.mismatch.disagreement import Disagreement
from hubkit.convert.mismatch.divergence import Files, Search, first_divergence, made
from hubkit.convert.mismatch.layers import MindirReference, OnnxReference, together
from hubkit.convert.mismatch.picks import first_other_pick
from hubkit.convert.mismatch.probes import OnnxProbes
from hubkit.convert.mismatch.record import Divergence
from hubkit.convert.mismatch.stepwise import stepwise
from hubkit.convert.records import OnnxOptions
from hubkit.errors import ConvertError
from hubkit.smoke.compare import CONVERTED, HALVED, Tolerance, compare, unlike
from hubkit.smoke.runners import MindirRunner, OnnxRunner

_Array = NDArray[Any]
_HALF = "_float16"  # what hubkit.convert.precision.float16 adds to a value's name

# Where numbers are lost, what rounds otherwise before that is not why.
_NUMBERS_ONLY = Tolerance(atol=1e300, rtol=1e30, ppm=1e6)


def divergence_of(kept: Disagreement, files: Files, paths: Mapping[str, Path], folder: Path) -> Divergence:
    """The first layer that differs in the comparison ``kept``, of one of ``paths`` (format -> file).

    Scratch files are written into ``folder``. Raises ConvertError as `first_divergence`.
    """
    candidate = kept.record.candidate
    if candidate == MindirRunner.name:
        return mindir_divergence(files, paths["mindir"], kept.inputs, kept.reference, folder)
    if candidate == OnnxRunner.name:
        tolerance = _NUMBERS_ONLY if kept.figures.non_finite else kept.tolerance
        found = first_divergence(files, kept.inputs, kept.reference, tolerance, folder)
        return found if found.is_cause else replace(found, rounded=_rounded(kept, files, folder))
    kind = next(kind for kind in paths if ONNX_FORMATS.get(kind, ("",))[0] == candidate)
    # A share of each layer's values: what the output may be off by, such as places in an image, says nothing of them.
    share = min(kept.tolerance.atol, ONNX_FORMATS[kind][1].share)
    return precision_divergence(files, paths[kind], kept.inputs, replace(kept.tolerance, atol=share), folder)


def _rounded(kept: Disagreement, files: Files, folder: Path) -> float | None:
    """How far the ONNX file, of a network that computes in float16, is off where every result is rounded to float16.

    None where it is off by more than it may be, or cannot be run so.
    """
    if kept.record.rtol != HALVED.rtol:
        return None
    try:
        found = stepwise(files.onnx, together(kept.inputs), kept.names, folder)
    except ConvertError:
        return None
    worst = 0.0
    for a, b in zip(kept.reference, found, strict=True):
        asked = HALVED.for_output(a)
        figures = unlike(a, b, asked) or compare(a, b, atol=asked.atol, rtol=asked.rtol, ppm=asked.ppm)
        if not figures.passed:
            return None
        worst = max(worst, figures.max_abs)
    return worst


def precision_divergence(
    files: Files, lossy: Path, inputs: Sequence[Mapping[str, _Array]], tolerance: Tolerance, folder: Path
) -> Divergence:
    """The first layer of ``lossy``, a float16 or int8 form of the network, that differs from the float32 form.

    Raises ConvertError as `first_divergence`.
    """
    whole = files.onnx if files.onnx.is_file() else made(files, files.options, folder / "whole.onnx")
    probes, reference = OnnxProbes(lossy, folder), OnnxProbes(whole, folder)

    def renamed(name: str) -> str:
        return name + _HALF if name + _HALF in probes else name

    found = Search(OnnxReference(reference, probes, renamed), probes, inputs, tolerance).run()
    try:
        return replace(found, pick=first_other_pick(reference, probes, together(inputs)))
    except (ConvertError, KeyError):  # what it compares with cannot be had: the layer is known all the same
        return found


def mindir_divergence(
    files: Files, given: Path, inputs: Sequence[Mapping[str, _Array]], outputs: Sequence[_Array], folder: Path
) -> Divergence:
    """The first layer of the MINDIR ``given`` that differs from the network, which gives ``outputs``.

    An ONNX form stands for the network: that of ``given``, where MindSpore computes otherwise what it reads there, or
    that of the network's own MINDIR. Raises ConvertError where neither agrees, and as `first_divergence`.
    """
    from hubkit.convert.lowering import lower
    from hubkit.convert.mindir import read_mindir

    there = made(replace(files, mindir=given), OnnxOptions(optimize=False), folder / "plain.onnx")
    probes = OnnxProbes(there, folder)
    if agrees(there, inputs, outputs, CONVERTED):
        graph = read_mindir(given)
        traces = lower(graph, input_names=files.input_names, output_names=files.output_names).traces
        return Search(MindirReference(given, graph, traces, probes, folder), probes, inputs, CONVERTED).run()
    own = made(files, OnnxOptions(optimize=False), folder / "own.onnx")
    if not agrees(own, inputs, outputs, CONVERTED):
        raise ConvertError("no ONNX form agrees with the network either, so that nothing stands for its layers")
    return Search(OnnxReference(OnnxProbes(own, folder), probes), probes, inputs, CONVERTED).run()
