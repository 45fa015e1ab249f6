"""What a conversion is asked and what it answers: records that travel as JSON, also into receipts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.mismatch.record import Mismatch
from hubkit.convert.record_json import from_json as from_json
from hubkit.convert.record_json import to_json as to_json
from hubkit.nets.spec import InputSpec

SUFFIXES: Mapping[str, str] = {
    "mindir": ".mindir",
    "onnx": ".onnx",
    "onnx-fp16": ".fp16.onnx",
    "onnx-int8": ".int8.onnx",
    "safetensors": ".safetensors",
}
"""Every format that a conversion can give -> the suffix of its files."""
RUNNABLE = tuple(kind for kind in SUFFIXES if kind != "safetensors")
"""Those that hold a network and not only weights."""
FORMATS = ("mindir", "onnx")
"""The formats that it gives unless told otherwise; each is also the files' suffix."""


@dataclass(frozen=True, slots=True)
class RepositoryCode:
    """The code that makes a network: a checked copy of a repository's folder, which its user lets run."""

    repository: str
    """The repository's URL."""
    commit: str
    """The commit, 40 hexadecimal digits."""
    folder: str
    """The folder in it, with forward slashes."""
    path: Path
    """Where the copy lies."""
    entry_sha256: str
    """The digest of its entry file."""
    trusted_by: str
    """Who lets it run: "--trust-repo", or the place of the entry in the settings."""


@dataclass(frozen=True, slots=True)
class OnnxOptions:
    """How ONNX files are made."""

    optimize: bool = True
    """Whether what lowering leaves behind is simplified."""
    precision: str = "float32"
    """What they compute in: "float32", as the network, or "float16"."""
    open_batch: bool = True
    """Whether they take a batch of any size, where the network allows it; else that of the exported network only."""
    dynamic: tuple[str, ...] = ()
    """Axes of images to leave open beside the batch, "height" and "width", where the network allows it."""
    approximate: bool = False
    """Whether Exp, Tanh and such are written by the formulas by which MindSpore approximates them on a CPU."""
    round_half: bool = False
    """Whether ONNX Runtime is kept from leaving out the rounding of float16 that becomes float32."""
    calibration: Path | None = None
    """The folder of images or .npy files that int8 is calibrated with; None for inputs made from the seed."""


ONNX_DEFAULTS = OnnxOptions()
"""How they are made unless told otherwise."""


@dataclass(frozen=True, slots=True)
class SecondTry:
    """Another way to make the ONNX files of a network."""

    options: OnnxOptions
    """How they are to be made."""
    note: str
    """Why, to be told with the files."""


@dataclass(frozen=True, slots=True)
class ConvertJob:
    """One network to convert."""

    network: str
    """The name that `hubkit.nets.build` takes."""
    target_dir: Path
    """The folder that the finished files go to."""
    stem: str
    """The files' name without suffix."""
    checkpoint: Path | None = None
    """The weights; None for weights made from `seed`."""
    seed: int = 0
    """Makes the weights where there is no checkpoint, and the inputs of the comparison; at least 0."""
    formats: tuple[str, ...] = FORMATS
    """What to make, of SUFFIXES."""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the network's builder, by name; values that JSON has."""
    input_shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Shapes that take the place of the network's usual ones, by input name."""
    onnx: OnnxOptions = ONNX_DEFAULTS
    """How its ONNX files are made."""
    inputs: tuple[InputSpec, ...] = ()
    """The network's inputs, in place of those that it is known to have."""
    outputs: tuple[str, ...] = ()
    """The names of its outputs, in place of those that it is known to have."""
    repository: RepositoryCode | None = None
    """The code that makes the network; None for one of hubkit's own or of an installed package."""


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output of a model."""

    name: str
    """Its name."""
    shape: tuple[int | str, ...]
    """Its sizes; "batch" where any size fits."""
    dtype: str
    """NumPy's name of the element type."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of weights that lies beside its model, as they do not fit into one file."""

    name: str
    """Its path from the model's folder, with forward slashes."""
    sha256: str
    """Its SHA-256, in hexadecimal."""
    size: int
    """Its size in bytes."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file that was made, or compared."""

    format: str
    """Which of SUFFIXES."""
    path: Path
    """Where it is."""
    sha256: str
    """Its SHA-256, in hexadecimal."""
    size: int
    """Its size in bytes."""
    opset: int | None
    """The ONNX operator set; None for a MINDIR."""
    operators: Mapping[str, int]
    """How often each operator occurs; those that only move values about are left out."""
    inputs: tuple[Port, ...]
    """Its inputs, in order."""
    outputs: tuple[Port, ...]
    """Its outputs, in order."""
    note: str = ""
    """What a reader must know of how it was made; empty where there is nothing."""
    beside: tuple[DataFile, ...] = ()
    """The files that hold its weights; empty where it holds them itself."""
    computes_in_half: bool = False
    """Whether it does arithmetic in float16 as its network does; of a MINDIR, whether it holds such values."""


@dataclass(frozen=True, slots=True)
class ParityRecord:
    """How far one output of a candidate is from the reference; the terms are those of `hubkit.smoke.compare`."""

    reference: str
    """The runtime that is compared with, such as "mindspore"."""
    candidate: str
    """The runtime that is compared: "mindir", "onnxruntime", or "pynative", the network's code not compiled."""
    output: str
    """The output's name."""
    input_seeds: tuple[int, ...]
    """The seeds of the inputs that were compared."""
    batch: int
    """The size of the batch that the candidate was given: both inputs together where there are two seeds."""
    max_abs: float
    """The greatest absolute difference."""
    max_rel: float
    """The greatest difference relative to the reference."""
    ppm_over_rtol: float
    """Elements in a million beyond the relative tolerance."""
    bit_equal: bool
    """Whether both hold the same bits."""
    elements: int
    """How many elements were compared."""
    atol: float
    """The absolute tolerance; with all three tolerances 0, the same bits are asked."""
    rtol: float
    """The relative tolerance."""
    ppm: float
    """How many elements in a million may exceed the relative tolerance."""
    passed: bool
    """Whether the tolerance is kept."""
    reason: str
    """Why it did not pass; empty where it did."""
    not_finite: int = 0
    """How many elements are infinite or no number in both alike, where that alone is why it did not pass; else 0."""


@dataclass(frozen=True, slots=True)
class SensitivityRecord:
    """How much one output moves between two inputs: without this, anything matches."""

    output: str
    """The output's name."""
    max_abs: float
    """The greatest change of any element."""
    moved: float
    """The share of elements that move clearly, 0 to 1."""
    std: float
    """The standard deviation of the output for the first input."""
    passed: bool
    """Whether the output moves enough."""
    reason: str
    """Why it did not pass; empty where it did."""


@dataclass(frozen=True, slots=True)
class UnsupportedOperator:
    """An operator without a lowering to ONNX."""

    op: str
    """The operator."""
    layers: tuple[str, ...]
    """Full names of the layers that use it."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One parameter in which a checkpoint and a network differ."""

    kind: str
    """"missing" from the checkpoint, "extra" in it, or "unlike": of another shape or element type."""
    name: str
    """The parameter."""
    nearest: str
    """The nearest name on the other side, where one is near; looked for only for the first eight of a kind."""
    checkpoint: str
    """What it is in the checkpoint, such as "float32[64, 3, 3, 3]"; empty where it is missing."""
    network: str
    """What it is in the network; empty where it is extra."""


@dataclass(frozen=True, slots=True)
class ConvertResult:
    """What came of a job: all that a receipt needs."""

    status: ConversionStatus
    """How it ended; PASSED only where every file was made and kept its tolerance."""
    failed_step: str
    """Where it failed first: "build", "load", "export", "lower", "parity", "sensitivity", "crash", ...; else empty."""
    error: str
    """What went wrong and how to mend it; empty where nothing did."""
    network: str
    """The network's name."""
    weights: str
    """Where the weights came from: "checkpoint sha256:<hex>" or "seeded (seed <n>)"; behind it ", fitted"."""
    passed_over: int
    """How many parameters of the checkpoint the network has not: the state of an optimiser."""
    input_seed: int
    """The seed of the first input; the second has the next one."""
    parameters: int
    """How many parameters the network has."""
    values: int
    """How many numbers they hold together."""
    files: tuple[ModelFile, ...]
    """The files under their final names; empty where the job failed, for then none is put there."""
    parity: tuple[ParityRecord, ...]
    """Every comparison that was made."""
    sensitivity: tuple[SensitivityRecord, ...]
    """One an output; empty where nothing was compared."""
    unsupported: tuple[UnsupportedOperator, ...]
    """Operators without a lowering to ONNX, all of them."""
    misfits: tuple[Misfit, ...]
    """Parameters in which the checkpoint and the network differ, all of them."""
    mismatch: Mismatch | None
    """The evidence where a comparison did not pass; else None."""
    seconds: Mapping[str, float]
    """How long each step took, by name, in the order of the steps; what ran beside others counts as far as it was
    waited for."""
    inference_seconds: Mapping[str, float]
    """Mean seconds of one run with batch 1, by runtime; the first run, which compiles, is not counted."""
    versions: Mapping[str, str]
    """Versions of everything that took part, by package."""
    machine: Mapping[str, str | int]
    """"cpu" (model), "cores" that the worker could use, "onednn_isa" (the limit that was set)."""
    compat: tuple[str, ...] = ()
    """The names of MindSpore 1.x that the network was built with through `hubkit.compat`."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Runtimes that could have been compared and were not -> why: "pynative", the network's code not compiled."""
