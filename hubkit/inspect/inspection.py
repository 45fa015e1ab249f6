"""Inspecting a file: telling what it is, reading it, and taking the figures of its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from hubkit.convert.binary import not_a
from hubkit.errors import ConvertError
from hubkit.inspect.file import ModelFile, release
from hubkit.inspect.model import InspectError, Model, Skipped, Statistics
from hubkit.store.content import ContentError, Kind, recognise
from hubkit.wire import WireError

# Kind -> the module whose `read` reads it.
READERS: Mapping[Kind, str] = {
    Kind.CKPT: "checkpoint",
    Kind.MINDIR: "mindir",
    Kind.ONNX: "onnx",
    Kind.SAFETENSORS: "safetensors",
}
_BRACE = b"{"


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file and what it holds."""

    path: Path
    """Where it lies."""
    size: int
    """Bytes."""
    model: Model
    """What it holds."""
    statistics: tuple[Statistics | Skipped, ...]
    """The figures of each of the model's tensors, in their order."""
    statistics_asked: bool = True
    """Whether they were to be taken."""


def inspect(
    path: Path, *, with_statistics: bool = True, progress: Callable[[int, int], None] | None = None
) -> Inspection:
    """What the model file at ``path`` holds.

    ``progress`` is told the bytes of parameters that were read, and how many there are. Raises InspectError or
    ConvertError where the file is missing, of no kind that is read, encrypted or damaged.
    """
    file = ModelFile(path)
    model = _read(file)
    release(file.content)
    if not with_statistics:
        skipped = Skipped("they were not asked for")
        return Inspection(path, len(file.content), model, (skipped,) * len(model.tensors), statistics_asked=False)
    from hubkit.inspect.statistics import statistics

    figures = []
    total, read = sum(tensor.size for tensor in model.tensors), 0
    for tensor in model.tensors:
        figures.append(statistics(tensor))
        read += tensor.size
        if progress is not None:
            progress(read, total)
    return Inspection(path, len(file.content), model, tuple(figures))


def _read(file: ModelFile) -> Model:
    try:
        kind = recognise(file.content)
    except ContentError as error:
        if bytes(file.content[8:9]) == _BRACE:  # a damaged safetensors file: its reader says what is wrong
            kind = Kind.SAFETENSORS
        else:
            raise _unknown(file, error) from None
    if kind not in READERS:
        raise InspectError(
            f"{file.path} is {kind.words}, which hubkit cannot look into",
            hint=f"It reads {', '.join(known.words for known in READERS)}.",
        )
    try:
        model: Model = import_module(f"hubkit.inspect.{READERS[kind]}").read(file)
    except WireError as error:
        raise file.bad(f"it is {kind.words} that cannot be read: {error}") from None
    return model


def _unknown(file: ModelFile, error: ContentError) -> ConvertError:
    detail = error.reason.rpartition("damaged: ")[2] if "damaged: " in error.reason else "its bytes fit no kind"
    return not_a("model", file.path, file.content, detail)
