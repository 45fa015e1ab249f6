"""Other ways to make the ONNX files of a network, where those that were made differ from it and others may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hubkit.convert.evidence import Evidence
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_graph import TensorType
from hubkit.convert.records import OnnxOptions, ParityRecord
from hubkit.smoke.runners import OnnxRunner

_TANH = "Tanh"
_APPROXIMATED = "float32"  # the type in which MindSpore does not compute it exactly


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
    if reason := wants_own_tanh(evidence.parity, mindir):
        notes.append(reason)
        yield SecondTry(replace(options, tanh="mindspore"), "; ".join(notes))


def wants_own_tanh(records: Sequence[ParityRecord], mindir: Path) -> str:
    """Why the Tanh of ``mindir`` is to be written as MindSpore computes it, for ``records`` of ONNX files with an exact
    one; empty where that in float32 passes, or it has none.
    """
    of_float32 = (record for record in records if record.candidate == OnnxRunner.name)
    differing = [record for record in of_float32 if not record.passed and not record.not_finite]
    if not differing or not _has_tanh(mindir):
        return ""
    worst = max(differing, key=lambda record: record.max_abs)
    return (
        f"its {_TANH} is written as MindSpore computes it on a CPU, which is within 1.1e-4 of tanh: with an exact one, "
        f"output {worst.output} differs by up to {worst.max_abs:.2g}"
    )


def _has_tanh(mindir: Path) -> bool:
    found = (node.output_type for node in read_mindir(mindir).every_node() if node.op == _TANH)
    return any(isinstance(type_, TensorType) and type_.dtype.name == _APPROXIMATED for type_ in found)
