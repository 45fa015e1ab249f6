"""``mindspore.dtype.tensor_type``, which was the class of the types of tensors, and is one object of that class now."""

from __future__ import annotations

from typing import Any

from mindspore.common.dtype import TensorType


def is_tensor_type(_: Any, instance: object) -> bool:
    """``isinstance(x, mstype.tensor_type)``: whether ``x`` is the type of a tensor, as ``ops.typeof`` gives it."""
    return isinstance(instance, TensorType)


def tensor_type_of(_: Any, *element: Any) -> Any:
    """``mstype.tensor_type(mstype.float32)``: the type of a tensor with these elements."""
    return TensorType(*element)
