"""Keep what proves a mismatch: the inputs, both outputs, where they differ most, and the first layer that differs.

A folder of its own holds it: `arrays.npz` (``input_<n>:<name>``, ``reference:<output>``, ``candidate:<output>``),
`mismatch.json`, and `mismatch.txt` for a reader.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hubkit.convert.mismatch.record import Divergence, Exactness, Mismatch, Within
from hubkit.convert.records import ConvertJob, to_json

if TYPE_CHECKING:
    from hubkit.convert.mismatch.disagreement import Disagreement

FOLDER = "mismatch"
"""The name of the folder in a worker's scratch folder, and the suffix of its final name."""
_ONNX, _MINDIR = "onnxruntime", "mindir"  # the names of hubkit.smoke.runners
_DIFFERS = {_MINDIR: "in which the MINDIR differs"}
_VERDICTS = {
    _ONNX: "this layer is wrong",
    _MINDIR: "in the file this layer is another one, or MindSpore runs it otherwise",
}
_REVIVING = ("ReLU", "ReLU6")  # of NaN MindSpore has them give 0, and ONNX Runtime NaN
_ARRAYS, _JSON, _TEXT = "arrays.npz", "mismatch.json", "mismatch.txt"


def describe(kept: Disagreement, divergence: Divergence | None, note: str) -> Mismatch:
    """The record of a mismatch; ``note`` says why no layer is named, where none is."""
    return Mismatch(
        candidate=kept.record.candidate,
        output=kept.record.output,
        input_seeds=kept.record.input_seeds,
        index=kept.figures.worst_index,
        reference=kept.figures.worst_reference,
        found=kept.figures.worst_candidate,
        divergence=divergence,
        note=note,
    )


def in_words(mismatch: Mismatch) -> str:
    """Where the outputs differ most, and the first layer that differs, in a few lines."""
    seeds = " and ".join(map(str, mismatch.input_seeds))
    most = (
        f"It differs most at {_place(mismatch.index)} for the input of seed {seeds}: "
        f"{mismatch.reference:.6g} expected, {mismatch.found:.6g} found."
    )
    lines = [
        *([] if mismatch.divergence and mismatch.divergence.lost else [most]),
        " ".join(filter(None, (_layer(mismatch.divergence, mismatch.candidate), mismatch.divergence.pick)))
        if mismatch.divergence
        else f"The first layer is not known: {mismatch.note}.",
    ]
    if mismatch.divergence and mismatch.divergence.exactness:
        lines.append(_inexact(mismatch.divergence.exactness))
    if mismatch.divergence and mismatch.divergence.within:
        lines.append(_within(mismatch.divergence.within))
    return "\n".join(lines)


def write(folder: Path, job: ConvertJob, kept: Disagreement, mismatch: Mismatch) -> None:
    """Write the evidence into ``folder``, which must not be there. Raises OSError where it cannot be written."""
    import numpy as np

    folder.mkdir()
    arrays = {
        f"input_{number}:{name}": array for number, given in enumerate(kept.inputs) for name, array in given.items()
    }
    for kind, outputs in (("reference", kept.reference), ("candidate", kept.found)):
        arrays.update({f"{kind}:{name}": array for name, array in zip(kept.names, outputs, strict=True)})
    np.savez_compressed(folder / _ARRAYS, **arrays)
    data = {"network": job.network, "mismatch": to_json(mismatch), "parity": to_json(kept.record)}
    (folder / _JSON).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    record = kept.record
    title = f"{job.network}: {record.candidate} differs from {record.reference} in output {record.output}"
    (folder / _TEXT).write_text(f"{title}: {record.reason}.\n{in_words(mismatch)}\n", encoding="utf-8")


def publish(made: Path, target: Path) -> Path | None:
    """Put the folder ``made`` in the place of ``target``, an older one; None where something else lies there."""
    if not discard(target):
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.move(made, target))


def discard(target: Path) -> bool:
    """Remove the evidence of before at ``target``; False where something else lies there, which stays."""
    if not target.exists():
        return True
    if target.is_symlink() or not (target / _JSON).is_file():
        return False
    beside = Path(tempfile.mkdtemp(prefix=".hubkit-", dir=target.parent))
    target.rename(beside / target.name)  # in one step, so that it is never there in part
    shutil.rmtree(beside, ignore_errors=True)
    return True


def _layer(found: Divergence, candidate: str) -> str:
    size = f"by at most {found.max_abs:.3g} (values up to {found.magnitude:.3g})"
    if found.lost:
        size = f"which gives {found.lost} elements that are infinite or no number in one runtime only"
    differs = _DIFFERS.get(candidate, "that differs")
    first = f"The first of {found.compared} compared layers {differs} is {found.layer} ({found.operator}), {size}"
    if found.lost:
        if not found.is_cause:
            return f"{first}; it is given some."
        told = f"{first}; given the network's own inputs it does so too"
        if found.operator not in _REVIVING:
            return f"{told}."
        return f"{told}: MindSpore 2.10 on a CPU makes NaN 0 there. Have the network make no NaN, as 0 / 0 does."
    if found.own_max_abs is None:
        return f"{first}; it could not be run apart."
    if found.is_cause:
        verdict = _VERDICTS.get(candidate, "this layer loses that much by itself")
        measured = found.exactness and found.exactness.candidate_off < found.exactness.reference_off
        if measured or found.within:
            verdict = "which of the two is wrong is told below"
        if found.tied:
            verdict = "both pick equal values, in another order. Have the inputs and weights make no such ties"
        if found.fault:
            verdict = f"MindSpore 2.10 on a CPU is known to be wrong here, {found.fault}"
        return f"{first}; given the network's own inputs it still differs by {found.own_max_abs:.3g}: {verdict}."
    if found.rounded is not None:
        return (
            f"{first}. With every operator's result rounded to float16, as MindSpore has it, the ONNX file differs by "
            f"at most {found.rounded:.3g}: it is right, and ONNX Runtime, which computes float16 in float32 on this "
            "CPU, keeps digits that float16 loses. What hangs on such digits, as rows do that are masked whole, is not "
            "determined."
        )
    explained = found.within is not None or (found.exactness is not None and found.exactness.explains)
    grown = "what a layer before it is inexact by has grown" if explained else "rounding has added up"
    return (
        f"{first}; given the network's own inputs it differs by {found.own_max_abs:.3g} only: "
        f"no layer is wrong by itself, {grown} until there."
    )


def _inexact(found: Exactness) -> str:
    """Which runtime is the less exact one at an operator, and what to do."""
    function = f"{found.operator} of {found.layer}"
    figures = f"MindSpore is off by up to {found.reference_off:.2g}, ONNX Runtime by {found.candidate_off:.2g}"
    of = "of each value" if found.relative else f"values up to {found.scale:.3g}"
    told = f"Against NumPy in float64, given the same input, in {function} {figures} ({of}): "
    if found.reference_off < found.candidate_off:
        return f"{told}there MindSpore is the more exact one."
    told = f"{told}there ONNX Runtime is the more exact one. "
    throughout = f"With every {found.operator} in float64, the outputs of both"
    if found.explains:
        told += f"{throughout} differ by {found.widened_max_abs:.3g} at most, as they may: MindSpore's is the cause. "
    elif found.widened_max_abs is not None:
        told += f"{throughout} differ by {found.widened_max_abs:.3g} at most, more than they may: it is not all. "
    return f"{told}{_in_float64(found.operator)}"


def _within(found: Within) -> str:
    """Which operator within functions is the cause, and what to do."""
    return (
        f"MindSpore on a CPU approximates the {found.operator} in {', '.join(found.layers)}. With every "
        f"{found.operator} in float64, the outputs of both differ by {found.widened_max_abs:.3g} at most, as they may: "
        f"MindSpore's is the cause. {_in_float64(found.operator)}"
    )


def _in_float64(operator: str) -> str:
    return (
        f"To have them agree, have the network compute its {operator} in float64: ops.cast(y, mindspore.float32) of "
        "the function of ops.cast(x, mindspore.float64); then convert it again."
    )


def _place(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]"
