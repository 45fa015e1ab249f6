"""Find the first layer whose output differs, where a network and its ONNX form disagree.

A few inner values, spread over the network, are compared in one run of each runtime; then only what lies between the
first that differs and those that agree, and so on. At last the layer that was found is given the reference's own
inputs: where it still differs it is the cause, and where it does not, rounding has added up.

What is compared is the ONNX form as it is lowered, since each of its values stands for one of the MINDIR's; where that
agrees, a file of unknown origin is compared with the one that would be made now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.mismatch.agreement import agrees, figures
from hubkit.convert.mismatch.exactness import least_exact
from hubkit.convert.mismatch.faults import known_fault, unsteady
from hubkit.convert.mismatch.inexact import cause_within, explained
from hubkit.convert.mismatch.layers import Layer, MindirReference, OnnxReference, Reference, together
from hubkit.convert.mismatch.picks import of_equal_values
from hubkit.convert.mismatch.probes import OnnxProbes, Probe
from hubkit.convert.mismatch.record import Divergence
from hubkit.convert.records import OnnxOptions
from hubkit.errors import ConvertError
from hubkit.smoke.compare import Parity, Tolerance, unlike
from hubkit.smoke.runners import MindirRunner

_Array = NDArray[Any]
_AT_A_TIME = 24
_MEMORY = 512 << 20  # bytes of inner values in one run, in each runtime


@dataclass(frozen=True, slots=True)
class Files:
    """The two forms of a network."""

    mindir: Path
    """What the reference is."""
    onnx: Path
    """What differs from it."""
    made_now: bool
    """Whether the ONNX file was made of this MINDIR, with these options."""
    options: OnnxOptions
    """How ONNX files are made."""
    input_names: tuple[str, ...]
    """The inputs' names in the ONNX file, in order."""
    output_names: tuple[str, ...]
    """The outputs' names in the ONNX file, in order."""


def first_divergence(
    files: Files,
    inputs: Sequence[Mapping[str, _Array]],
    outputs: Sequence[_Array],
    tolerance: Tolerance,
    folder: Path,
) -> Divergence:
    """The first layer that differs for ``inputs``, for which the network gives ``outputs``.

    Several inputs are given to ONNX files as one batch. A layer's output is held to ``tolerance``, its absolute part
    taken relative to values above 1. Scratch files are written into ``folder``. Raises ConvertError where a file
    cannot be looked into, and where no layer is at fault.
    """
    from hubkit.convert.mindir import read_mindir
    from hubkit.convert.onnx_export import lower_open

    options = files.options
    as_lowered = OnnxOptions(optimize=False, approximate=options.approximate, round_half=options.round_half)
    plain = made(files, as_lowered, folder / "plain.onnx")
    if not agrees(plain, inputs, outputs, tolerance):
        probes = OnnxProbes(plain, folder)
        graph = read_mindir(files.mindir)
        traces = lower_open(graph, files.input_names, files.output_names, as_lowered)[0].traces
        reference = MindirReference(files.mindir, graph, traces, probes, folder)
        search = Search(reference, probes, inputs, tolerance)
        try:
            found = search.run()
        except ConvertError as error:
            if len(inputs) == 1 and agrees(plain, inputs, MindirRunner(files.mindir).run(inputs[0]), tolerance):
                raise ConvertError(unsteady(graph)) from error
            within = None
            if len(inputs) == 1:
                within = cause_within(files.mindir, graph, plain, inputs[0], tolerance, folder, anywhere=True)
            if within is None:
                raise
            raise ConvertError(
                f"{error}, but MindSpore on a CPU approximates the {within.operator} in {', '.join(within.layers)}: "
                f"with that in float64, the outputs of both differ by {within.widened_max_abs:.3g} at most, as they may"
            ) from error
        exactness = least_exact(graph, reference, probes, inputs[0], traces, found.layer, alone=found.is_cause)
        if exactness and exactness.candidate_off < exactness.reference_off and len(inputs) == 1:
            exactness = explained(exactness, files.mindir, graph, plain, inputs[0], tolerance, folder)
        fault = known_fault(graph, found.layer, found.operator) if found.is_cause else ""
        within = None
        if exactness is None and not fault and len(inputs) == 1:
            within = cause_within(files.mindir, graph, plain, inputs[0], tolerance, folder)
        return replace(found, fault=fault, exactness=exactness, within=within)
    again = plain if files.made_now else made(files, files.options, folder / "again.onnx")
    if files.made_now or not agrees(again, inputs, outputs, tolerance):
        raise ConvertError(
            "as it was lowered the network agrees, so that what is done to it afterwards makes the difference; "
            "try it with --no-optimize"
        )
    probes = OnnxProbes(files.onnx, folder)
    return Search(OnnxReference(OnnxProbes(again, folder), probes), probes, inputs, tolerance).run()


def made(files: Files, options: OnnxOptions, target: Path) -> Path:
    """The MINDIR of ``files`` lowered with ``options``, at ``target``."""
    from hubkit.convert.onnx_export import mindir_to_onnx

    mindir_to_onnx(
        files.mindir, target, input_names=files.input_names, output_names=files.output_names, options=options
    )
    return target


@dataclass(frozen=True, slots=True)
class _Seen:
    """One inner value in both runtimes."""

    probe: Probe
    """Which it is."""
    reference: _Array
    """In MindSpore."""
    figures: Parity | None
    """How far ONNX Runtime is from that; None where they cannot be compared, since the shapes differ."""

    @property
    def differs(self) -> bool:
        return self.figures is None or not self.figures.passed


class Search:
    """The search in one network, ``candidate``, for the first layer that differs from ``reference``."""

    def __init__(
        self, reference: Reference, candidate: OnnxProbes, inputs: Sequence[Mapping[str, _Array]], tolerance: Tolerance
    ) -> None:
        self._reference = reference
        self._candidate = candidate
        self._inputs = inputs
        self._tolerance = tolerance
        self._above = _ancestors(reference.layers)
        self._place = {name: place for place, name in enumerate(reference.layers)}
        self._probes = {name: layer.probe for name, layer in reference.layers.items() if layer.probe}
        self._compared = 0

    def run(self) -> Divergence:
        """Narrow the search until nothing is left between what agrees and what differs.

        Raises ConvertError where no layer differs.
        """
        left = list(self._probes)
        done = 0
        worst: _Seen | None = None
        while left:
            chosen = self._spread(left)
            seen = dict(zip(chosen, self._look([self._probes[name] for name in chosen]), strict=True))
            for name, item in seen.items():
                done |= 1 << self._place[name] | (0 if item.differs else self._above[name])
            wrong = next((name for name in chosen if seen[name].differs), None)
            if wrong is not None:
                worst = seen[wrong]
                left = [name for name in left if self._above[wrong] >> self._place[name] & 1]
            left = [name for name in left if not done >> self._place[name] & 1]
        if worst is None:
            raise ConvertError(f"none of the {self._compared} inner values that were compared differs")
        return self._told(worst)

    def _spread(self, names: Sequence[str]) -> list[str]:
        """Some of ``names``, evenly spread, the last one always, that fit into memory."""
        for count in range(min(_AT_A_TIME, len(names)), 0, -1):
            places = sorted({round((number + 1) * len(names) / count) - 1 for number in range(count)})
            chosen = [names[place] for place in places]
            if sum(self._probes[name].bytes for name in chosen) * len(self._inputs) <= _MEMORY:
                return chosen
        return [names[-1]]

    def _look(self, probes: Sequence[Probe]) -> list[_Seen]:
        reference = self._reference.values(probes, self._inputs)
        found = self._candidate.values([probe.onnx for probe in probes], together(self._inputs))
        self._compared += len(probes)
        return [
            self._seen(probe, [values[index] for values in reference], found[index])
            for index, probe in enumerate(probes)
        ]

    def _seen(self, probe: Probe, reference: Sequence[_Array], found: _Array) -> _Seen:
        whole = reference[0] if found.shape == reference[0].shape else _joined(reference)
        if found.shape == whole.shape and not found.size:
            return _Seen(probe, whole, unlike(whole, found, self._tolerance))
        if found.shape != whole.shape:
            return _Seen(probe, whole, None)
        return _Seen(probe, whole, figures(whole, found, self._tolerance, scaled=True))

    def _told(self, worst: _Seen) -> Divergence:
        own, tied = self._own(worst.probe)
        figures = worst.figures
        return Divergence(
            layer=worst.probe.layer,
            operator=worst.probe.operator,
            max_abs=figures.max_abs if figures else 0.0,
            magnitude=float(np.max(np.abs(worst.reference.astype(np.float64)), initial=0.0)),
            own_max_abs=own.max_abs if own else None,
            is_cause=figures is None or own is None or not own.passed,
            index=figures.worst_index if figures else (),
            reference=figures.worst_reference if figures else 0.0,
            candidate=figures.worst_candidate if figures else 0.0,
            compared=self._compared,
            lost=figures.non_finite if figures else 0,
            tied=tied,
        )

    def _own(self, probe: Probe) -> tuple[Parity | None, bool]:
        """How far the layer differs when it is given the reference's inputs, and whether it only picks others of equal
        values; None where that cannot be run."""
        name = next(name for name, known in self._probes.items() if known is probe)
        before = [self._probes[above] for above in _nearest(self._reference.layers, name)]
        reference = self._reference.values([*before, probe], self._inputs)
        given = together(self._inputs)
        try:
            own = self._candidate.values([known.onnx for known in before], together(self._inputs)) if before else ()
            for index, known in enumerate(before):  # in its own element type
                given[known.onnx] = _joined([values[index] for values in reference]).astype(own[index].dtype)
            found = self._candidate.part(probe.onnx, given)
        except ConvertError:
            return None, False
        due = [values[-1] for values in reference]
        tied = any(of_equal_values(_joined(due), found, given[known.onnx]) for known in before)
        return self._seen(probe, due, found).figures, tied


def _joined(parts: Sequence[_Array]) -> _Array:
    return np.concatenate(parts) if len(parts) > 1 and parts[0].ndim else parts[0]


def _ancestors(layers: Mapping[str, Layer]) -> dict[str, int]:
    """Each layer's name -> all that it depends on, as the bits of a number: the n-th bit is the n-th layer."""
    places = {name: place for place, name in enumerate(layers)}
    above: dict[str, int] = {}
    for name, layer in layers.items():
        bits = 0
        for before in set(layer.above):
            bits |= above[before] | 1 << places[before]
        above[name] = bits
    return above


def _nearest(layers: Mapping[str, Layer], name: str) -> list[str]:
    """The nearest layers that ``name`` depends on and that can be looked at."""
    found: dict[str, None] = {}
    passed: set[str] = set()
    waiting = list(layers[name].above)
    while waiting:
        before = waiting.pop()
        if before in passed:
            continue
        passed.add(before)
        if layers[before].probe:
            found[before] = None
        else:
            waiting.extend(layers[before].above)
    return list(found)
