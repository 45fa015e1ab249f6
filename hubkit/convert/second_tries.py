"""Other ways to make the ONNX files of a network, where those that were made differ from it and others may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hubkit.convert.evidence import Evidence
from hubkit.convert.lowering.approximation import APPROXIMATED_TYPE, OFF
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_graph import Graph, TensorType, ValueType
from hubkit.convert.records import OnnxOptions, ParityRecord, SecondTry
from hubkit.smoke.runners import OnnxRunner


def second_try(evidence: Evidence, mindir: Path, options: OnnxOptions) -> SecondTry | None:
    """What to make the ONNX files of ``mindir`` anew with, which were made with ``options`` and are in ``evidence``;
    None where nothing else is left to try.

    Once the files were made so, and are in the evidence in place of the others, it may be asked for the next.
    """
    if options.open_batch and (reason := evidence.batch_bound()):
        return SecondTry(replace(options, open_batch=False), f"its batch is fixed: {reason}")
    if not options.round_half and (reason := wants_rounding(evidence.parity, mindir)):
        return SecondTry(replace(options, round_half=True), reason)
    if not options.approximate and (reason := wants_approximation(evidence.parity, mindir)):
        return SecondTry(replace(options, approximate=True), reason)
    return None


def wants_rounding(records: Sequence[ParityRecord], mindir: Path) -> str:
    """Why float16 of ``mindir`` is to be kept rounded where it becomes float32, for ``records`` of ONNX files; empty
    where that in float32 passes, or no float16 becomes float32.
    """
    what = _worst(records)
    if not what or not _half_becomes_single(read_mindir(mindir)):
        return ""
    return f"its float16 is rounded before it becomes float32, which ONNX Runtime leaves out: without that, {what}"


def wants_approximation(records: Sequence[ParityRecord], mindir: Path) -> str:
    """Why functions of ``mindir`` are to be written as MindSpore approximates them, for ``records`` of ONNX files with
    exact ones; empty where that in float32 passes, or there are none.
    """
    what = _worst(records)
    found = sorted(_approximated(mindir)) if what else ()
    if not found:
        return ""
    *others, last = (f"{operator} (off by up to {OFF[operator]})" for operator in found)
    off = f"{', '.join(others)} and {last}" if others else last
    if len(found) == 1:
        return f"its {off} is written as MindSpore approximates it on a CPU: computed exactly, {what}"
    return f"its {off} are written as MindSpore approximates them on a CPU: computed exactly, {what}"


def _worst(records: Sequence[ParityRecord]) -> str:
    """What differs most between the ONNX file in float32 and the network, in words; empty where nothing does."""
    of_float32 = (record for record in records if record.candidate == OnnxRunner.name)
    differing = [record for record in of_float32 if not record.passed and not record.not_finite]
    if not differing:
        return ""
    worst = max(differing, key=lambda record: record.max_abs)
    return f"output {worst.output} differs by up to {worst.max_abs:.2g}"


def _half_becomes_single(graph: Graph) -> bool:
    halves = {node.name for node in graph.every_node() if _is_of(node.output_type, "float16")}
    casts = (node for node in graph.every_node() if node.op == "Cast" and _is_of(node.output_type, "float32"))
    return any(not halves.isdisjoint(node.inputs) for node in casts)


def _approximated(mindir: Path) -> set[str]:
    """The operators of the file that MindSpore approximates."""
    return {
        node.op
        for node in read_mindir(mindir).every_node()
        if node.op in OFF and _is_of(node.output_type, APPROXIMATED_TYPE)
    }


def _is_of(type_: ValueType, name: str) -> bool:
    return isinstance(type_, TensorType) and type_.dtype.name == name
