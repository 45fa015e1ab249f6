"""Weights by name, in and out: checkpoints and safetensors files in, safetensors files out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from hubkit.convert.binary import map_file, not_a
from hubkit.convert.checkpoint import read_checkpoint
from hubkit.convert.describe import file_sha256
from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.records import ModelFile
from hubkit.convert.safetensors import read_safetensors, write_safetensors
from hubkit.errors import ConvertError
from hubkit.store.content import ContentError, Kind, recognise

if TYPE_CHECKING:
    import mindspore


def check_weights(path: Path) -> None:
    """See that ``path`` may hold weights, without MindSpore and without reading them.

    Raises ConvertError, which says what the file is instead, where it is neither a checkpoint nor a safetensors file.
    """
    words = "safetensors" if path.suffix == ".safetensors" else "checkpoint"
    content = map_file(path, words)
    try:
        found = recognise(content)
    except ContentError as error:
        detail = error.reason.rpartition("damaged: ")[2] if "damaged: " in error.reason else "its bytes fit no kind"
        raise not_a(words, path, content, detail) from None
    if found not in (Kind.CKPT, Kind.SAFETENSORS):
        raise not_a(words, path, content, "")


def origin(path: Path) -> str:
    """Where weights came from that were read from ``path``, as a record says it."""
    return f"checkpoint sha256:{file_sha256(path)}"


def read_weights(path: Path) -> dict[str, NDArray[Any]]:
    """Every tensor in the checkpoint or the safetensors file ``path``, by its name; which it is, its content says.

    The arrays are read-only views of the mapped file. Raises ConvertError where the file is missing, of another kind
    (and says of which), damaged, or holds an element type that MindSpore lacks.
    """
    content = map_file(path, "checkpoint")
    try:
        kind = recognise(content)
    except ContentError:
        kind = Kind.CKPT  # whose reader says what the file is instead
    if kind is not Kind.SAFETENSORS:
        return read_checkpoint(path)
    found: dict[str, NDArray[Any]] = {}
    for tensor in read_safetensors(content, path).tensors:
        dtype = BY_NAME.get(tensor.dtype)
        if dtype is None:
            raise ConvertError(
                f"{path}: the parameter {tensor.name} is of {tensor.dtype}, which MindSpore lacks",
                hint=f"It has {', '.join(sorted(BY_NAME))}.",
            )
        found[tensor.name] = dtype.array(tensor.data, tensor.shape)
    return found


def save_weights(cell: mindspore.nn.Cell, target: Path) -> ModelFile:
    """Write the parameters of ``cell``, under their names, to the safetensors file ``target``, and read them back.

    Equal parameters give equal bytes; one parameter is in memory at a time. Raises ConvertError where the format
    cannot hold one, or what is read back is not what was written.
    """
    parameters = {parameter.name: parameter for parameter in cell.get_parameters()}

    def pieces(name: str) -> Iterator[bytes]:
        yield parameters[name].asnumpy().tobytes()

    write_safetensors(
        target,
        [
            (name, parameter.asnumpy().dtype.name, tuple(parameter.shape), pieces(name))
            for name, parameter in parameters.items()
        ],
    )
    for name, array in read_weights(target).items():
        if array.tobytes() != parameters[name].asnumpy().tobytes():
            raise ConvertError(f"{target.name} does not hold what was written: {name} differs")
    return ModelFile("safetensors", target, file_sha256(target), target.stat().st_size, None, {}, (), ())
