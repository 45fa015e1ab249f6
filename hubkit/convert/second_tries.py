"""Other ways to make the ONNX files of a network, where those that were made differ from it and others may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hubkit.convert.evidence import Evidence
from hubkit.convert.lowering.approximation import APPROXIMATED_TYPE, OFF
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_graph import TensorType
from hubkit.convert.records import OnnxOptions, ParityRecord
from hubkit.smoke.runners import OnnxRunner


@dataclass(frozen=True, slots=True)
class SecondTry:
    """One of them."""

    options: OnnxOptions
    """How the files are to be made."""
    note: str
    """Why, to be told with the files."""


def second_tries(evidence: Evidence, mindir: Path, options: OnnxOptions) -> Iterator[SecondTry]:
    """What to make the ONNX files of ``mindir`` anew with, which were made with ``options`` and are in ``evidence``.

    The next is to be asked for only once the files were made so, run, and are in the evidence in place of the others.
    """
    notes = []
    if reason := evidence.batch_bound():
        notes.append(f"its batch is fixed: {reason}")
        options = replace(options, open_batch=False)
        yield SecondTry(options, "; ".join(notes))
    if reason := wants_approximation(evidence.parity, mindir):
        notes.append(reason)
        yield SecondTry(replace(options, approximate=True), "; ".join(notes))


def wants_approximation(records: Sequence[ParityRecord], mindir: Path) -> str:
    """Why functions of ``mindir`` are to be written as MindSpore approximates them, for ``records`` of ONNX files with
    exact ones; empty where that in float32 passes, or there are none.
    """
    of_float32 = (record for record in records if record.candidate == OnnxRunner.name)
    differing = [record for record in of_float32 if not record.passed and not record.not_finite]
    found = sorted(_approximated(mindir)) if differing else ()
    if not found:
        return ""
    worst = max(differing, key=lambda record: record.max_abs)
    *others, last = (f"{operator} (off by up to {OFF[operator]})" for operator in found)
    off = f"{', '.join(others)} and {last}" if others else last
    what = f"output {worst.output} differs by up to {worst.max_abs:.2g}"
    if len(found) == 1:
        return f"its {off} is written as MindSpore approximates it on a CPU: computed exactly, {what}"
    return f"its {off} are written as MindSpore approximates them on a CPU: computed exactly, {what}"


def _approximated(mindir: Path) -> set[str]:
    """The operators of the file that MindSpore approximates."""
    return {
        node.op
        for node in read_mindir(mindir).every_node()
        if node.op in OFF
        and isinstance(node.output_type, TensorType)
        and node.output_type.dtype.name == APPROXIMATED_TYPE
    }
