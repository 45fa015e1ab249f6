"""Read a .ckpt file without MindSpore, and load its parameters into a cell strictly."""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from hubkit import wire
from hubkit.convert import mindir_proto as proto
from hubkit.convert.binary import map_file, not_a
from hubkit.convert.dtypes import BY_CHECKPOINT, DType
from hubkit.convert.optimizer_state import is_optimizer_state
from hubkit.convert.records import Misfit
from hubkit.errors import ConvertError
from hubkit.store.content import split_checksum

if TYPE_CHECKING:
    import mindspore

_KIND = "checkpoint"
_TEXT = "str"
_SHOWN = 8
_MISFITS = {
    "missing": "missing from the checkpoint",
    "extra": "not in the network",
    "unlike": "of another shape or type",
}


class MisfitError(ConvertError):
    """A checkpoint does not fit the network; `misfits` lists every parameter that differs."""

    def __init__(self, misfits: Sequence[Misfit]) -> None:
        lines = [line for kind in _MISFITS for line in _listed(kind, [item for item in misfits if item.kind == kind])]
        super().__init__(
            "the checkpoint does not fit the network:" + "".join(f"\n  {line}" for line in lines),
            hint="Check that the card names the right network and arguments (such as the number of classes).",
        )
        self.misfits = tuple(misfits)
        """Each parameter that is missing, extra, or of another shape or type."""


def read_checkpoint(path: Path) -> dict[str, NDArray[Any]]:
    """Every tensor in ``path`` by its name, in the file's order; the arrays are read-only views of the mapped file.

    Texts that training notes beside the tensors are left out. Raises ConvertError where the file is missing, no
    checkpoint, encrypted, cut short or inconsistent.
    """
    content = map_file(path, _KIND)
    try:
        slices = _slices(path, _checked(path, content))
    except (wire.WireError, DecodeError, UnicodeDecodeError) as error:
        raise not_a(_KIND, path, content, str(error)) from None
    if not slices:
        raise not_a(_KIND, path, content, "it holds no parameter")
    return {name: _array(path, name, *found) for name, found in slices.items()}


def load_strict(cell: mindspore.nn.Cell, parameters: Mapping[str, NDArray[Any]]) -> int:
    """Set every parameter of ``cell`` from ``parameters``.

    What training left beside them, the state of optimisers, is passed over; returns how many those are. Raises
    MisfitError, before anything is set, which lists the parameters that are missing, those that the network does not
    have (each with the nearest name), and those of another shape or element type.
    """
    import mindspore

    own = {parameter.name: parameter for parameter in cell.get_parameters()}
    shapes = {name: (tuple(parameter.shape), _dtype_name(parameter)) for name, parameter in own.items()}
    of_network = {name: shape for name, (shape, _) in shapes.items()}
    weights = {
        name: array
        for name, array in parameters.items()
        if not is_optimizer_state(name, tuple(array.shape), of_network)
    }
    given = {name: (tuple(array.shape), array.dtype.name) for name, array in weights.items()}
    if misfits := _misfits(shapes, given):
        raise MisfitError(misfits)
    for name, array in weights.items():
        own[name].set_data(mindspore.Tensor(array))
    return len(parameters) - len(weights)


def _misfits(
    network: Mapping[str, tuple[tuple[int, ...], str]], checkpoint: Mapping[str, tuple[tuple[int, ...], str]]
) -> list[Misfit]:
    missing = [name for name in network if name not in checkpoint]
    extra = [name for name in checkpoint if name not in network]
    near_missing, near_extra = _nearest(missing, extra), _nearest(extra, missing)
    return [
        *(Misfit("missing", name, near_missing.get(name, ""), "", _type(*network[name])) for name in missing),
        *(Misfit("extra", name, near_extra.get(name, ""), _type(*checkpoint[name]), "") for name in extra),
        *(
            Misfit("unlike", name, "", _type(*checkpoint[name]), _type(*network[name]))
            for name in network
            if name in checkpoint and checkpoint[name] != network[name]
        ),
    ]


def _listed(kind: str, misfits: Sequence[Misfit]) -> list[str]:
    if not misfits:
        return []
    more = [f"and {len(misfits) - _SHOWN} more"] if len(misfits) > _SHOWN else []
    return [f"{len(misfits)} {_MISFITS[kind]}: " + "; ".join([*map(_in_words, misfits[:_SHOWN]), *more])]


def _in_words(misfit: Misfit) -> str:
    if misfit.kind == "unlike":
        return f"{misfit.name} is {misfit.checkpoint} in the checkpoint, {misfit.network} in the network"
    return f"{misfit.name} (nearest: {misfit.nearest})" if misfit.nearest else misfit.name


def _nearest(names: list[str], others: list[str]) -> dict[str, str]:
    """The nearest of ``others`` for each of the first names: looking takes long where there are thousands."""
    found = {name: difflib.get_close_matches(name, others, n=1) for name in names[:_SHOWN]}
    return {name: nearest[0] for name, nearest in found.items() if nearest}


def _type(shape: tuple[int, ...], dtype: str) -> str:
    return f"{dtype}{list(shape)}"


def _dtype_name(parameter: mindspore.Parameter) -> str:
    name = str(parameter.dtype)
    return BY_CHECKPOINT[name].name if name in BY_CHECKPOINT else name


def _checked(path: Path, content: memoryview) -> memoryview:
    """The content without its check sum, where it has one and it is right."""
    body, checksum = split_checksum(content)
    if checksum is not None and zlib.crc32(body) != checksum:
        raise ConvertError(
            f"the checkpoint {path} is damaged: its check sum does not fit its content", hint="Fetch it again."
        )
    return body


def _slices(path: Path, content: memoryview) -> dict[str, tuple[DType, tuple[int, ...], list[memoryview]]]:
    """The parts of each tensor; large ones are split over several entries that follow each other."""
    rest, entries = wire.split(content, proto.CHECKPOINT_VALUE)
    if rest:
        raise wire.WireError("it has fields that no checkpoint has")
    found: dict[str, tuple[DType, tuple[int, ...], list[memoryview]]] = {}
    for entry in entries:
        head, tensors = wire.split(entry, proto.CHECKPOINT_TENSOR)
        name = proto.parse("CheckpointValue", head).tag
        if not name or len(tensors) != 1:
            raise wire.WireError(f"the entry {name!r} holds no tensor")
        described, contents = wire.split(tensors[0], proto.CHECKPOINT_CONTENT)
        tensor = proto.parse("CheckpointTensor", described)
        if tensor.tensor_type == _TEXT:
            continue
        dtype = BY_CHECKPOINT.get(tensor.tensor_type)
        if dtype is None:
            raise ConvertError(
                f"{path}: the parameter {name} has the unknown element type {tensor.tensor_type!r}",
                hint=f"Known are {', '.join(sorted(BY_CHECKPOINT))}.",
            )
        shape = tuple(tensor.dims)
        parts = found.setdefault(name, (dtype, shape, []))
        if parts[:2] != (dtype, shape):
            raise ConvertError(f"{path}: the parameter {name} occurs twice, differently", hint="Fetch it again.")
        parts[2].extend(contents)
    return found


def _array(path: Path, name: str, dtype: DType, shape: tuple[int, ...], parts: list[memoryview]) -> NDArray[Any]:
    size = sum(len(part) for part in parts)
    if shape == (0,) and size == dtype.itemsize:
        shape = ()  # how older versions write a single number
    if not dtype.fits(shape, size):
        raise ConvertError(
            f"{path}: the parameter {name} says it is {_type(shape, dtype.name)} but has {size} bytes",
            hint="The file is damaged or cut short: fetch it again.",
        )
    return dtype.array(parts[0] if len(parts) == 1 else b"".join(parts), shape)
