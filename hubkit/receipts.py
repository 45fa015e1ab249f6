"""Receipts: what was verified for a card, one JSON file a card, by ``schema/receipt.schema.json``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubkit.conversion_status import ConversionStatus
from hubkit.errors import HubkitError
from hubkit.resources import schema

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FORMAT = 1


class Status(StrEnum):
    """How a step ended. What did not run is skipped, with a reason, and is never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class ReceiptError(HubkitError):
    """A receipt cannot be read or breaks its schema."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a card's verification."""

    name: str
    """"lint", "fetch", "mindir", "onnx" or "smoke"."""
    status: Status
    """How it ended."""
    reason: str = ""
    """Why it failed or was skipped, or what a reader should know of a pass."""
    seconds: float = 0.0
    """How long it took."""


@dataclass(frozen=True, slots=True)
class AssetCheck:
    """What became of one file that the card names."""

    link: str
    """The URL in the card."""
    file_format: str
    """The kind of file."""
    sha256: str
    """The digest in the card."""
    status: Status
    """Passed where the bytes have this digest."""
    reason: str = ""
    """Why it failed or was skipped."""
    size: int = 0
    """Bytes; 0 where it was not fetched."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or an output of a model file."""

    name: str
    """Its name in the file."""
    shape: tuple[int | str, ...]
    """Sizes; a text names an axis of any size, such as "batch"."""
    dtype: str
    """The element type, such as "float32"."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of weights that lies beside its model."""

    name: str
    """Its path from the model's folder, with forward slashes."""
    sha256: str
    """Its digest."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A part of a network with the parameters in it."""

    name: str
    """The first part of its parameters' dotted names."""
    parameters: int
    """How many values they hold."""
    size: int
    """How many bytes."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file that was made by conversion and verified."""

    format: str
    """"mindir", "onnx", "onnx-fp16", "onnx-int8" or "safetensors"."""
    path: str
    """Where it lies, from the output folder, with forward slashes."""
    sha256: str
    """Its digest."""
    size: int
    """Bytes."""
    opset: int | None
    """The ONNX operator set; None for other formats."""
    operators: Mapping[str, int]
    """Operator -> how often it is used."""
    inputs: tuple[Tensor, ...]
    """What goes in."""
    outputs: tuple[Tensor, ...]
    """What comes out."""
    note: str = ""
    """What a reader must know of how it was made, such as what it was calibrated with."""
    beside: tuple[DataFile, ...] = ()
    """The files that hold its weights, where they do not fit into one file."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How far the outputs of two runtimes differ for the same input."""

    reference: str
    """The runtime that is taken as right."""
    candidate: str
    """The runtime that is compared with it."""
    batch: int
    """How many samples went in at once."""
    max_abs: float | None
    """Largest absolute difference; None where an output is not finite."""
    max_rel: float | None
    """Largest relative difference; None where an output is not finite."""
    ppm_over_rtol: float
    """Elements, in parts per million, that differ by more than the relative tolerance."""
    bit_equal: bool
    """Whether all bits are equal."""
    atol: float
    """The absolute tolerance."""
    rtol: float
    """The relative tolerance."""
    ppm: float
    """How many parts per million may lie over the relative tolerance."""
    passed: bool
    """Whether the difference lies within the tolerance."""
    output: str = ""
    """The name of the output that was compared."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How the output moves with the input; with weights that vanish or saturate, anything would match."""

    max_change: float
    """Largest absolute change of the output between two inputs."""
    changed: float
    """Share of elements that changed, 0 to 1."""
    deviation: float
    """Standard deviation over the output's elements."""
    passed: bool
    """Whether the output moves enough for the parity to mean something."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The code that makes a card's network, where that is no network that hubkit knows."""

    url: str
    """The repository."""
    commit: str
    """The commit, 40 hexadecimal digits."""
    folder: str
    """The folder in it; empty for the whole repository."""
    entry_sha256: str
    """The digest of its entry file; empty where the code was not copied."""
    trusted_by: str
    """Who let it run: "--trust-repo", or the place of an entry in the settings; empty where nobody did."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything that was verified for one card."""

    uid: str
    """The card."""
    card_sha256: str
    """Digest of the card's file as it was verified."""
    created: str
    """When, as an ISO 8601 time in UTC."""
    network: str
    """The network that was built; empty where none is known for the card."""
    weights: str
    """"published", "seeded" or "none"."""
    note: str
    """What every reader must know of the weights, such as that they are untrained; else empty."""
    steps: tuple[Step, ...]
    """All steps in order, those that did not run included."""
    assets: tuple[AssetCheck, ...] = ()
    """The files that the card names."""
    models: tuple[ModelFile, ...] = ()
    """The files that were made."""
    conversion: ConversionStatus | None = None
    """How the conversion ended, precisely; None in receipts of hubkit before this field, which did not tell."""
    parity: tuple[Parity, ...] = ()
    """One entry a pair of runtimes and batch size."""
    sensitivity: Sensitivity | None = None
    """How the output moves with the input; None where nothing ran."""
    parameters: int = 0
    """How many values the network's parameters hold."""
    layers: tuple[Layer, ...] = ()
    """The network's parameters by layer, in its order; empty where they are not known."""
    seed: int = 0
    """The seed of the inputs, and of the weights where they are seeded."""
    inference_seconds: Mapping[str, float] = field(default_factory=dict)
    """Runtime -> mean seconds of one inference of one sample."""
    step_seconds: Mapping[str, float] = field(default_factory=dict)
    """Part of the conversion -> seconds."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Package -> version."""
    machine: Mapping[str, str] = field(default_factory=dict)
    """What it ran on: cpu, cores, and settings that change numbers or speed."""
    repository: Repository | None = None
    """The code that makes the network; None where it is one that hubkit knows."""
    compat: tuple[str, ...] = ()
    """Names of MindSpore 1.x that the network was built with through hubkit's own replacements."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Runtime that could have been compared and was not -> why."""
    fingerprint: str = ""
    """Digest of everything that the conversion depends on; while it is the same, nothing is done again."""

    @property
    def status(self) -> Status:
        """Failed where a step failed, skipped where none did and one was skipped, else passed."""
        found = {step.status for step in self.steps}
        return next((status for status in (Status.FAILED, Status.SKIPPED) if status in found), Status.PASSED)

    def step(self, name: str) -> Step | None:
        """The step with this name."""
        return next((step for step in self.steps if step.name == name), None)


def receipt_path(out: Path, uid: str) -> Path:
    """Where the receipt of a card lies in the output folder."""
    return out / "receipts" / f"{uid}.json"


def to_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt as JSON data."""
    return {"format": FORMAT, **asdict(receipt)}


def write_receipt(out: Path, receipt: Receipt) -> Path:
    """Write the receipt to its place in ``out``, whole or not at all."""
    path = receipt_path(out, receipt.uid)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_json(receipt), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def read_receipt(path: Path) -> Receipt:
    """The receipt at ``path``. Raises ReceiptError where it is damaged or of another format."""
    hint = "Remove the file and build again."
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ReceiptError(f"{path}: cannot be read: {error}", hint=hint) from error
    problem = next(_validator().iter_errors(data), None)
    if problem is not None:
        place = "/".join(str(step) for step in problem.absolute_path)
        raise ReceiptError(f"{path}: not a receipt of this version: {place}: {problem.message}", hint=hint)
    return from_json(data)


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema("receipt"))


def from_json(data: Mapping[str, Any]) -> Receipt:
    """The receipt in JSON data that is valid by its schema."""
    sensitivity, conversion, repository = data["sensitivity"], data.get("conversion"), data.get("repository")
    return Receipt(
        **{
            **{key: value for key, value in data.items() if key != "format"},
            "steps": tuple(Step(**{**step, "status": Status(step["status"])}) for step in data["steps"]),
            "assets": tuple(AssetCheck(**{**asset, "status": Status(asset["status"])}) for asset in data["assets"]),
            "models": tuple(
                ModelFile(
                    **{
                        **model,
                        "inputs": _tensors(model["inputs"]),
                        "outputs": _tensors(model["outputs"]),
                        "beside": tuple(DataFile(**part) for part in model.get("beside", ())),
                    }
                )
                for model in data["models"]
            ),
            "conversion": ConversionStatus(conversion) if conversion else None,
            "parity": tuple(Parity(**pair) for pair in data["parity"]),
            "layers": tuple(Layer(**layer) for layer in data.get("layers", ())),
            "sensitivity": Sensitivity(**sensitivity) if sensitivity else None,
            "repository": Repository(**repository) if repository else None,
            "compat": tuple(data.get("compat", ())),
        }
    )


def _tensors(data: list[dict[str, Any]]) -> tuple[Tensor, ...]:
    return tuple(Tensor(item["name"], tuple(item["shape"]), item["dtype"]) for item in data)
