"""Functions of MindSpore 1.x that were renamed or have lost arguments."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import mindspore
import numpy as np
from mindspore import ops

from hubkit.compat.use import mark

# What MindSpore 2 refuses of what 1.x took.
_REMOVED_SETTINGS = frozenset(
    {
        "enable_auto_mixed_precision",
        "enable_dynamic_memory",
        "enable_gpu_summary",
        "enable_hccl",
        "enable_loop_sink",
        "enable_mem_reuse",
        "enable_profiling",
        "enable_task_sink",
        "grad_for_scalar",
        "graph_memory_max_size",
        "save_ms_model",
        "save_ms_model_path",
    }
)
_DEVICES = ("device_target", "device_id")


# What layers of 1.x had as attributes.
shape_of, reshaped, squared, root = ops.shape, ops.reshape, ops.square, ops.sqrt
mean_kept, sum_kept = ops.ReduceMean(keep_dims=True), ops.ReduceSum(keep_dims=True)
gelu_of_layers, masked_out, mask_of_dropout = ops.GeLU(), ops.DropoutDoMask(), ops.DropoutGenMask()


def ms_function(fn: Callable[..., Any] | None = None, **_: Any) -> Any:
    """``@ms_function`` or ``@ms_function(input_signature=...)``: compile a function."""
    if fn is None:
        return ms_function
    return mindspore.jit(fn)


class ArgSpec(NamedTuple):
    """What ``inspect.getargspec`` gave."""

    args: list[str]
    """The names of the arguments that have a place."""
    varargs: str | None
    """The name of the one that takes further ones."""
    keywords: str | None
    """The name of the one that takes further ones by name."""
    defaults: tuple[Any, ...] | None
    """What the last of ``args`` are where they are not given."""


def getargspec(function: Any) -> ArgSpec:
    """``inspect.getargspec(function)``; raises ValueError where it could not be told of the function."""
    found = inspect.getfullargspec(function)
    if found.kwonlyargs or found.annotations:
        raise ValueError("Function has keyword-only parameters or annotations, use inspect.signature() instead")
    return ArgSpec(found.args, found.varargs, found.varkw, found.defaults)


def changes_nothing(*_: Any, **__: Any) -> None:
    """A method whose effect has no meaning on one device."""


def initialised(tensor: Any) -> Any:
    """``initializer(...).to_tensor()``: the tensor with its values."""
    return tensor.init_data()


def random_normal(shape: Any, seed: int, seed2: int, output: Any) -> bool:
    """``random_normal`` of ``mindspore.common.initializer``, which initializers of code's own draw with: numbers of
    mean 0 and deviation 1 in the place of those in ``output``."""
    values = np.random.default_rng([abs(seed), abs(seed2)]).standard_normal(tuple(shape))
    output.assign_value(mindspore.Tensor(values, output.dtype))
    return True


def set_data(tensor: Any, data: Any, slice_shape: bool = False) -> Any:  # noqa: ARG001 (its shape is not divided)
    """``parameter.data.set_data(data)``: the tensor with other values."""
    return tensor.assign_value(data.init_data() if data.has_init else data)


def without_removed_settings(set_context: Callable[..., None]) -> Callable[..., None]:
    """``set_context`` that passes over settings that are gone, and over devices: the network is built on the CPU."""

    @functools.wraps(set_context)
    def wrapper(**settings: Any) -> None:
        dropped = {name for name in settings if name in _REMOVED_SETTINGS or name in _DEVICES}
        for name in sorted(dropped):
            mark(f"mindspore.set_context({name})")
        kept = {name: value for name, value in settings.items() if name not in dropped}
        if kept:
            set_context(**kept)

    return wrapper


def without_missing_files(load_checkpoint: Callable[..., Any]) -> Callable[..., Any]:
    """``load_checkpoint`` that gives no weights for a file that is not there, as of a backbone trained before.

    All weights of the network are set from the card's checkpoint once it is made, whatever it began with. Settings may
    name no file, or a folder.
    """

    @functools.wraps(load_checkpoint)
    def wrapper(ckpt_file_name: Any, *args: Any, **kwargs: Any) -> Any:
        named = isinstance(ckpt_file_name, str | os.PathLike)
        if ckpt_file_name is None or (named and not Path(ckpt_file_name).is_file()):
            mark("mindspore.load_checkpoint(a file that is not there)")
            return {}
        return load_checkpoint(ckpt_file_name, *args, **kwargs)

    return wrapper
