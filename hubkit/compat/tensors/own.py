"""Methods that a repository's code gives to tensors (``Tensor.repeat = ...``): MindSpore's compiler asks no class."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import FunctionType, ModuleType
from typing import Any

import numpy
from mindspore import Tensor

_OTHERS = ("mindspore", "hubkit")


def own_methods() -> Mapping[str, FunctionType]:
    """Those that can be compiled, by their names."""
    return {
        name: value
        for name, value in vars(Tensor).items()
        if isinstance(value, FunctionType) and not name.startswith("__") and _is_own(value) and _can_be_compiled(value)
    }


def _is_own(value: FunctionType) -> bool:
    return value.__module__.partition(".")[0] not in _OTHERS and not hasattr(value, "of_hubkit")


def _can_be_compiled(value: FunctionType) -> bool:
    """Whether ``value`` leaves arrays of NumPy alone, and methods of tensors that it has kept as they were before."""
    names = set(value.__code__.co_names)
    return "asnumpy" not in names and not any(_hinders(value.__globals__.get(name)) for name in names)


def _hinders(value: Any) -> bool:
    if isinstance(value, ModuleType):
        return value is numpy
    return hasattr(value, "of_hubkit") or (inspect.isroutine(value) and not inspect.isfunction(value))
