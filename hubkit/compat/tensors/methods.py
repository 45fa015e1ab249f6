"""Methods of tensors on the CPU: which are replaced, when, and by what; in code that runs and in what is compiled.

A tensor's methods lie in MindSpore's C++. Code that runs finds ours in the class. MindSpore's compiler asks neither the
class nor Python which operator a method is, so that in what it is given to compile, calls of these methods become calls
of functions (`hubkit.compat.compiled.method_calls`).
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import mindspore
from mindspore import Tensor, ops

from hubkit.compat.tensors import in_place, old, stand_ins

_Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Method:
    """One method that is replaced."""

    stands_for: _Function
    """What stands for it."""
    keywords: frozenset[str] = frozenset()
    """Only a call that names one of these arguments is meant; where there are none, any call."""
    counts: frozenset[int] = frozenset()
    """Only a call with as many arguments is meant; where there are none, any call."""
    fits: _Function | None = None
    """Says of the tensor and the arguments whether they are meant; None where they are."""
    otherwise: _Function | None = None
    """What stands for it where they are not; None for the method itself."""

    def means(self, count: int, keywords: frozenset[str]) -> bool:
        """Whether a call with ``count`` arguments, those of ``keywords`` by name, is meant."""
        return (not self.keywords or bool(self.keywords & keywords)) and (not self.counts or count in self.counts)


def _of_vector(tensor: Any, *_: Any, **__: Any) -> Any:
    return tensor.ndim == 1


def _of_axis(_: Any, dim: Any = 0, *__: Any, **___: Any) -> Any:
    return isinstance(dim, int)


def _tiles(tensor: Any, *repeats: Any, **named: Any) -> Any:
    """Whether ``repeat`` is meant as it is now; before MindSpore 2.5 it took a number and an axis."""
    if len(named) > 0:
        return False
    if len(repeats) == 1 and isinstance(repeats[0], (tuple, list)):
        return len(repeats[0]) >= tensor.ndim
    if len(repeats) < tensor.ndim:
        return False
    return len(repeats) > 2 or _some_code_uses_mint(0)


@ops.constexpr  # type: ignore[untyped-decorator]
def _some_code_uses_mint(_: int) -> bool:
    return any(
        name.partition(".")[0] not in ("mindspore", "hubkit") and uses_mint(vars(module))
        for name, module in list(sys.modules.items())
        if isinstance(module, ModuleType)
    )


def uses_mint(known: Mapping[str, Any]) -> bool:
    """Whether code with these names in its module is written for MindSpore 2.5 and later."""
    return any(
        isinstance(value, ModuleType) and value.__name__.startswith("mindspore.mint") for value in known.values()
    )


def _by_size(*_: Any, output_num: Any = None, **__: Any) -> Any:
    return output_num is None


def _with_number(_: Any, other: Any) -> Any:
    return isinstance(other, (int, bool))


def _counts(*counts: int) -> frozenset[int]:
    return frozenset(counts)


def _named(*names: str) -> frozenset[str]:
    return frozenset(names)


METHODS: Mapping[str, Method] = {
    "addcdiv": Method(stand_ins.addcdiv),
    "amax": Method(old.amax, _named("keepdims")),
    "amin": Method(old.amin, _named("keepdims")),
    "argmax": Method(stand_ins.argmax, counts=_counts(0)),
    "argmin": Method(stand_ins.argmin, _named("dim", "keepdim")),
    "argsort": Method(stand_ins.argsort, _named("dim", "stable")),
    "bitwise_and": Method(stand_ins.bitwise_and, fits=_with_number),
    "bitwise_not": Method(stand_ins.bitwise_not),
    "bitwise_or": Method(stand_ins.bitwise_or, fits=_with_number),
    "bitwise_xor": Method(stand_ins.bitwise_xor, fits=_with_number),
    "chunk": Method(stand_ins.chunk, _named("dim")),
    "clip": Method(old.clip, _named("xmin", "xmax")),
    "clone": Method(stand_ins.clone),
    "count_nonzero": Method(stand_ins.count_nonzero, _named("dim")),
    "cumsum": Method(stand_ins.cumsum, _named("dim")),
    "dot": Method(stand_ins.dot, fits=_of_vector),
    "expand": Method(stand_ins.expand),
    "fills": Method(old.fills),
    "floor_divide": Method(stand_ins.floor_divide),
    "index_add": Method(stand_ins.index_add, fits=_of_axis),
    "index_fill": Method(stand_ins.index_fill),
    "index_select": Method(stand_ins.index_select, _named("dim")),
    "item": Method(old.item, counts=_counts(1)),
    "logsumexp": Method(old.logsumexp, _named("axis", "keep_dims")),
    "median": Method(stand_ins.median, _named("dim", "keepdim")),
    "new_full": Method(stand_ins.new_full),
    "norm": Method(old.norm, _named("axis", "p", "keep_dims", "epsilon")),
    "prod": Method(old.prod, _named("axis", "keep_dims")),
    "repeat": Method(stand_ins.repeat, fits=_tiles, otherwise=stand_ins.repeat_elements),
    "repeat_interleave": Method(stand_ins.repeat_interleave, _named("output_size")),
    "roll": Method(stand_ins.roll),
    "scatter_add": Method(stand_ins.scatter_add, counts=_counts(3)),
    "sort": Method(stand_ins.sort, _named("dim", "stable")),
    "split": Method(stand_ins.split, _named("dim", "output_num"), fits=_by_size, otherwise=old.split),
    "std": Method(stand_ins.std, _named("dim", "correction", "keepdim")),
    "transpose": Method(stand_ins.transpose, counts=_counts(2)),
    "var": Method(stand_ins.var, _named("dim", "correction", "keepdim")),
}
"""Methods that give something, and calls of them that the CPU lacks or that are compiled otherwise than they run."""

PAIRS: Mapping[str, _Function] = {"max": stand_ins.greatest, "min": stand_ins.least}
"""Methods that give values and places where they run, and compiled the values alone, as before MindSpore 2.5; what
gives both."""

IN_PLACE: Mapping[str, _Function] = {
    "add_": in_place.add,
    "clamp_": in_place.clamp,
    "copy_": in_place.copy,
    "div_": in_place.div,
    "exp_": in_place.exp,
    "fill_": in_place.fill,
    "fill_diagonal_": in_place.fill_diagonal,
    "floor_": in_place.floor,
    "floor_divide_": in_place.floor_divide,
    "index_add_": in_place.index_add,
    "index_copy_": in_place.index_copy,
    "index_fill_": in_place.index_fill,
    "log_": in_place.log,
    "masked_fill_": in_place.masked_fill,
    "masked_scatter_": in_place.masked_scatter,
    "mul_": in_place.mul,
    "remainder_": in_place.remainder,
    "scatter_": in_place.scatter,
    "scatter_add_": in_place.scatter_add,
    "sigmoid_": in_place.sigmoid,
    "sub_": in_place.sub,
    "tanh_": in_place.tanh,
    "zero_": in_place.zero,
}
"""Methods that change the tensor; what gives its new values."""


def tensor(input_data: Any = None, dtype: Any = None, *more: Any, **named: Any) -> Any:
    """``mindspore.tensor`` and ``mindspore.Tensor``, which the compiler calls of constants only."""
    if isinstance(input_data, Tensor) and len(more) + len(named) == 0:
        return ops.cast(input_data, input_data.dtype if dtype is None else dtype)
    return mindspore.tensor(input_data, dtype, *more, **named)


def compiled(name: str, method: Method) -> _Function:
    """The function that a call of the method ``name`` becomes where it is compiled; its first argument may be
    anything that has such a method."""
    stands_for, fits, otherwise = method.stands_for, method.fits, method.otherwise

    def call(tensor: Any, *given: Any, **named: Any) -> Any:
        if isinstance(tensor, Tensor):
            return stands_for(tensor, *given, **named)
        return getattr(tensor, name)(*given, **named)

    def call_that_fits(tensor: Any, *given: Any, **named: Any) -> Any:
        if isinstance(tensor, Tensor) and fits(tensor, *given, **named):  # type: ignore[misc]
            return stands_for(tensor, *given, **named)
        return getattr(tensor, name)(*given, **named)

    def call_either(tensor: Any, *given: Any, **named: Any) -> Any:
        if isinstance(tensor, Tensor):
            if fits(tensor, *given, **named):  # type: ignore[misc]
                return stands_for(tensor, *given, **named)
            return otherwise(tensor, *given, **named)  # type: ignore[misc]
        return getattr(tensor, name)(*given, **named)

    if otherwise is not None:
        return call_either
    return call if fits is None else call_that_fits


def compiled_in_place(name: str, values: _Function) -> _Function:
    """The same for a method that changes the tensor."""

    def change(tensor: Any, *given: Any, **named: Any) -> Any:
        if isinstance(tensor, Tensor):
            return tensor.copy_(values(tensor, *given, **named))
        return getattr(tensor, name)(*given, **named)

    return change


def replacements() -> list[tuple[str, Any]]:
    """The methods of `mindspore.Tensor` for code that runs, each with its name."""
    found = [(name, _run(getattr(Tensor, name), method)) for name, method in METHODS.items()]
    return found + [(name, _run_in_place(name, values)) for name, values in IN_PLACE.items()]


def install() -> None:
    """Put them into the class; calling it again changes nothing."""
    for name, method in replacements():
        if not getattr(getattr(mindspore.Tensor, name), "of_hubkit", False):
            setattr(mindspore.Tensor, name, method)


def _run(now: Any, method: Method) -> _Function:
    stands_for, fits, otherwise = method.stands_for, method.fits, method.otherwise or now

    @functools.wraps(now)
    def call(tensor: Any, *given: Any, **named: Any) -> Any:
        if not method.means(len(given) + len(named), frozenset(named)):
            return now(tensor, *given, **named)
        if fits is None or fits(tensor, *given, **named):
            return stands_for(tensor, *given, **named)
        return otherwise(tensor, *given, **named)

    call.of_hubkit = True  # type: ignore[attr-defined]
    return call


def _run_in_place(name: str, values: _Function) -> _Function:
    def change(tensor: Any, *given: Any, **named: Any) -> Any:
        tensor.assign_value(values(tensor, *given, **named))
        return tensor

    change.__name__ = name
    change.of_hubkit = True  # type: ignore[attr-defined]
    return change
