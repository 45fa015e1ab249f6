"""mindcv's builders by name, run so that they work with the MindSpore that hubkit uses; importing this imports mindcv.

mindcv 0.3 was written for MindSpore 2.0. Under 2.10 some of its networks reshape what an initializer gives before it
has any elements, which 2.0 allowed and 2.10 refuses; and some use operators that were removed or changed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import mindcv.models
from mindcv.models import halonet, pvt, volo
from mindcv.models.registry import model_entrypoint
from mindspore import Tensor

from hubkit.nets import mindcv_ops

# The modules that call ops.pad as it was, or ops.ResizeBilinear. Others' `ops` is left as it is.
for _module in (halonet, pvt, volo):
    _module.ops = mindcv_ops


def __getattr__(name: str) -> Callable[..., Any]:
    if not mindcv.models.is_model(name):
        raise AttributeError(name)
    builder = model_entrypoint(name)

    @functools.wraps(builder)
    def build(*args: Any, **kwargs: Any) -> Any:
        with _elements_before_reshape():
            return builder(*args, **kwargs)

    return build


@contextmanager
def _elements_before_reshape() -> Iterator[None]:
    """Let `Tensor.reshape` of an initializer's tensor give it its elements first."""
    reshape = Tensor.reshape

    def reshaped(self: Any, *shape: Any) -> Any:
        return reshape(self.init_data() if self.has_init else self, *shape)

    Tensor.reshape = reshaped
    try:
        yield
    finally:
        Tensor.reshape = reshape
