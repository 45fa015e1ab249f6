"""What layers of MindSpore 1.x had besides their methods, where it is made of the layer itself.

Source: the layers of MindSpore 1.5, and the API documents of MindSpore 1.9.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mindspore import ops

_Function = TypeVar("_Function", bound=Callable[[Any], Any])


def of_layer(function: _Function) -> _Function:
    """``function``, which is called with the layer and gives the attribute."""
    function.of_layer = True  # type: ignore[attr-defined]
    return function


@of_layer
def layout(layer: Any) -> str:
    """``Conv2d.format``, which is called ``data_format`` now."""
    return str(layer.data_format)


@of_layer
def binary_cross_entropy(layer: Any) -> Any:
    """``BCELoss.binary_cross_entropy``: the operator, with the layer's reduction."""
    return ops.BinaryCrossEntropy(reduction=layer.reduction)
