"""What layers that were copied from ``mindspore.nn.transformer`` still take from it: checks of arguments and of sizes.

A network that is converted is run, so what these would have refused is refused by the operators, or harms nothing:
here they check nothing. Source: the names that networks for MindSpore 1.6 to 2.2 import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mindspore import nn

from hubkit.compat.transformer.layers import refuse_experts

_SEVERAL = 2


def _check_nothing(*_: Any, **__: Any) -> None:
    """A check that all pass; also one in a compiled network."""


_check_config = _check_input_dtype = _check_input_shape = _check_moe_config = _check_nothing
_check_past_none_input_none = _check_shape_equal = _check_nothing


def _checks_nothing(*_: Any, **__: Any) -> Callable[..., None]:
    """A check made from what an argument may be."""
    return _check_nothing


_valid_type_checks = _valid_value_checks = _checks_nothing


def _args_type_validator_check(*_: Any, **__: Any) -> Callable[[Any], Any]:
    """A decorator that would check the arguments of an ``__init__``, which stays as it is."""
    return _as_it_is


def _as_it_is(init: Any) -> Any:
    return init


class _LayerInputCheck:
    """Checks of the sizes of what a layer is given."""

    check_shape_equal = staticmethod(_check_nothing)
    check_shape_equal_without_batch = staticmethod(_check_nothing)
    check_shape_length = staticmethod(_check_nothing)
    check_shape_value_on_axis = staticmethod(_check_nothing)


def _get_lambda_func(total_layer: int | None = None) -> Callable[..., None]:
    """What spreads the layers of a stack over devices; on one, and without training, it does nothing."""
    del total_layer
    return _check_nothing


class MoE(nn.Cell):  # type: ignore[misc]
    """A feed-forward layer of several experts, which is refused."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()
        refuse_experts(_SEVERAL)
