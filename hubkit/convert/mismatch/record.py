"""What is known of a comparison that did not pass, and of the first layer that differs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Exactness:
    """How far both runtimes are from float64 at one operator, which each was given the same input."""

    layer: str
    """The full name of the layer."""
    operator: str
    """The MindIR operator."""
    reference_off: float
    """The greatest error of the reference."""
    candidate_off: float
    """The greatest error of the candidate."""
    scale: float
    """The greatest absolute value that is due; 1 where that is less."""
    relative: bool = False
    """Whether both errors are relative to each value, rather than absolute."""
    widened_max_abs: float | None = None
    """How far the network's outputs differ where the reference computes this operator in float64 throughout; None where
    that could not be run."""
    explains: bool = False
    """Whether they then agree: whether the reference's operator is why they differ."""


@dataclass(frozen=True, slots=True)
class Within:
    """An operator within functions, branches or loops that is why two runtimes disagree: computed in float64 by the
    reference, it makes them agree."""

    operator: str
    """The MindIR operator."""
    layers: tuple[str, ...]
    """The full names of the layers that it stands in."""
    widened_max_abs: float
    """How far the network's outputs then differ."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first layer whose output differs, where two runtimes disagree."""

    layer: str
    """The full name of the layer, such as "Default/conv-Conv2d/Conv2D-op0"."""
    operator: str
    """The MindIR operator."""
    max_abs: float
    """The greatest absolute difference of its output."""
    magnitude: float
    """The greatest absolute value of its output in the reference."""
    own_max_abs: float | None
    """The same difference where the layer is given the reference's own inputs; None where that could not be run."""
    is_cause: bool
    """Whether it differs by itself; else rounding of the layers before it has added up."""
    index: tuple[int, ...]
    """Where its greatest difference is."""
    reference: float
    """The reference's value there."""
    candidate: float
    """The candidate's value there."""
    compared: int
    """How many inner values were compared in all."""
    lost: int = 0
    """How many elements of its output are infinite or no number in one runtime only."""
    fault: str = ""
    """What MindSpore itself is known to do wrong there; empty where nothing is."""
    tied: bool = False
    """Whether it only picks others of values that are equal."""
    pick: str = ""
    """The first operator of a float16 or int8 form that decides otherwise, in words; empty where none does."""
    rounded: float | None = None
    """How far the outputs are apart where every operator's result is rounded to float16; None where that was not tried,
    or does not mend it."""
    exactness: Exactness | None = None
    """At which operator one runtime is clearly less exact than the other; None where none was found."""
    within: Within | None = None
    """What explains it where `exactness` measures nothing, as the operator stands in a function; else None."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first comparison that did not pass, and what was found out about it."""

    candidate: str
    """The runtime that differs."""
    output: str
    """The output that differs."""
    input_seeds: tuple[int, ...]
    """The seeds of the inputs."""
    index: tuple[int, ...]
    """Where the greatest difference is."""
    reference: float
    """The reference's value there."""
    found: float
    """The candidate's value there."""
    divergence: Divergence | None
    """The first layer that differs; None where none was found."""
    note: str
    """Why no layer is named; empty where one is."""
    folder: Path | None = None
    """Where the inputs and the outputs are kept."""
