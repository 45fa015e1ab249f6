"""Find the layer that MindSpore compiles in another sense than its code has.

The network is run in PyNative mode, and each layer that its code calls is then compiled by itself, for the inputs that
it got there. The search goes on within the first that gives something else than it gave there, until all the layers
inside agree: then it is the layer's own code that is compiled in another sense.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.mismatch.agreement import figures
from hubkit.smoke.compare import Tolerance, unlike
from hubkit.smoke.modes import pynative
from hubkit.smoke.runners import flat_outputs

if TYPE_CHECKING:
    import mindspore

_Outputs = tuple[NDArray[Any], ...]
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of a layer in PyNative mode."""

    layer: str
    """Its name within the network, such as "encoder.0.conv"."""
    cell: mindspore.nn.Cell
    """The layer."""
    args: tuple[Any, ...]
    """Copies of what it was given by position."""
    kwargs: Mapping[str, Any]
    """Copies of what it was given by name."""
    outputs: _Outputs
    """What it gave."""


def agree(reference: _Outputs, found: _Outputs, tolerance: Tolerance) -> bool:
    """Whether what a network gives in two ways is the same, within ``tolerance``."""
    return len(reference) == len(found) and all(
        (unlike(a, b, tolerance) or figures(a, b, tolerance, scaled=True)).passed
        for a, b in zip(reference, found, strict=True)
    )


def compiled_otherwise(
    network: mindspore.nn.Cell, inputs: Mapping[str, NDArray[np.generic]], tolerance: Tolerance, code: Path | None
) -> str:
    """Where the first code of ``network`` is that is compiled in another sense.

    Its place is told within the folder ``code``, where it is there, and else by its module. To be asked where the
    compiled network gives for ``inputs`` something else than it gives in PyNative mode. Raises whatever the network's
    code raises. The process is in graph mode afterwards.
    """
    import mindspore

    layer, cell, alone = "", network, []
    args: tuple[Any, ...] = tuple(mindspore.Tensor(array) for array in inputs.values())
    kwargs: Mapping[str, Any] = {}
    while True:
        for call in _calls(layer, cell, args, kwargs):
            same = _agrees(call, tolerance)
            if same is None:
                alone.append(call.layer)
            elif not same:
                layer, cell, args, kwargs, alone = call.layer, call.cell, call.args, call.kwargs, []
                break
        else:
            return _words(layer, cell, code, alone)


def _words(layer: str, cell: mindspore.nn.Cell, code: Path | None, alone: list[str]) -> str:
    name = f"layer {layer}" if layer else "the network's own code"
    words = f"{name}, {_place(cell, code)}"
    if alone:
        more = f" and {len(alone) - _SHOWN} more" if len(alone) > _SHOWN else ""
        words += f", or what it calls that cannot be compiled alone: {', '.join(alone[:_SHOWN])}{more}"
    return words


def _place(cell: mindspore.nn.Cell, code: Path | None) -> str:
    """Where the code of a layer is."""
    function = inspect.unwrap(type(cell).construct).__code__  # code decorates it, to have it compiled
    name = f"{type(cell).__name__}.construct"
    path = Path(function.co_filename)
    if code is None or not path.is_relative_to(code):
        return f"{name} of {type(cell).__module__}"
    return f"{name} at {path.relative_to(code).as_posix()}:{function.co_firstlineno}"


def _calls(layer: str, cell: mindspore.nn.Cell, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[_Call]:
    """The calls of other layers that the code of ``cell`` makes itself, in order."""
    begun: list[tuple[tuple[Any, ...], Mapping[str, Any]]] = []
    calls: list[_Call] = []
    names = {id(inner): name for name, inner in cell.cells_and_names(name_prefix=layer) if inner is not cell}

    def enter(_: mindspore.nn.Cell, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        # Only the outermost is kept: copies of all would need as much memory as training does.
        begun.append(((), {}) if begun else (_copy(args), _copy(kwargs)))

    def leave(inner: mindspore.nn.Cell, _: tuple[Any, ...], __: Mapping[str, Any], output: Any) -> None:
        given = begun.pop()
        if not begun:
            calls.append(_Call(names[id(inner)], inner, *given, outputs=_arrays(output)))

    with pynative(), _hooked([inner for _, inner in cell.cells_and_names() if inner is not cell], enter, leave):
        cell(*_copy(args), **_copy(kwargs))
    return calls


@contextmanager
def _hooked(cells: list[mindspore.nn.Cell], enter: Any, leave: Any) -> Iterator[None]:
    """Have ``enter`` and ``leave`` called wherever one of ``cells`` is."""
    handles = [
        handle
        for cell in cells
        for handle in (
            cell.register_forward_pre_hook(enter, with_kwargs=True),
            cell.register_forward_hook(leave, with_kwargs=True),
        )
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _agrees(call: _Call, tolerance: Tolerance) -> bool | None:
    """Whether a layer, compiled by itself, gives what it gave in the call; None where it cannot be compiled so."""
    try:
        found = _arrays(call.cell(*_copy(call.args), **_copy(call.kwargs)))
    except Exception:  # many types; such as for an argument that only code has, and no graph
        return None
    return agree(call.outputs, found, tolerance)


def _arrays(output: Any) -> _Outputs:
    return tuple(tensor.asnumpy().copy() for tensor in flat_outputs(output))


def _copy(value: Any) -> Any:
    """A copy, since code may change in its place what it is given."""
    import mindspore

    if isinstance(value, mindspore.Tensor) and not isinstance(value, mindspore.Parameter):
        return value.copy()
    if type(value) in (tuple, list):
        return type(value)(map(_copy, value))
    if type(value) is dict:
        return {name: _copy(item) for name, item in value.items()}
    return value
