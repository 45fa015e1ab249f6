"""Types of MindSpore 1.x, and functions that tell them.

``mindspore.dtype.tensor_type`` was the class of the types of tensors, and is one object of that class now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mindspore import ops
from mindspore.common import dtype
from mindspore.common.dtype import TensorType

from hubkit.compat.use import mark


def is_tensor_type(_: Any, instance: object) -> bool:
    """``isinstance(x, mstype.tensor_type)``: whether ``x`` is the type of a tensor, as ``ops.typeof`` gives it."""
    return isinstance(instance, TensorType)


def tensor_type_of(_: Any, *element: Any) -> Any:
    """``mstype.tensor_type(mstype.float32)``: the type of a tensor with these elements."""
    return TensorType(*element)


def without_a_warning(now: Callable[..., Any]) -> Callable[..., Any]:
    """What ``now`` tells of a type, without its warning that it is deprecated, which MindSpore's compiler refuses."""
    name = now.__name__
    silent = getattr(dtype, f"_{name}", None)
    if silent is None:
        return now

    def told(given: Any) -> Any:
        mark(f"mindspore.{name}")
        return silent(given)

    compiled: Callable[..., Any] = ops.constexpr(told)  # types are known when a network is compiled
    return compiled
