"""Fit drawn weights to a network, so that its output depends on its input.

Weights drawn without looking at the network let many networks fade: from layer to layer the activations vanish, or what
the input changes in them does, and at the end any conversion would match. So the network is run once on a few inputs,
and each layer is fitted as the run passes it (after layer-sequential unit-variance initialisation,
https://arxiv.org/abs/1511.06422): the weights of a convolution or a dense layer are scaled so that its output has the
root mean square 1, a batch norm gets the statistics of what it is given, and a recurrent layer hears its input.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubkit.smoke.inputs import RULES, seeded_parameters
from hubkit.smoke.modes import pynative

if TYPE_CHECKING:
    import mindspore

# Below this share of a layer's mean square a channel's variance is noise, which a batch norm must not blow up; of few
# values (a map of one pixel) the variance is small by chance, and the share is one divided by their number.
_LEAST_VARIANCE = 0.1
_LEAST_SCALE = 1e-6
# A batch norm's output has about this mean, in deviations, so that most of it passes the ReLU that follows: where half
# is cut off, a deep network of random weights amplifies rounding until correct conversions differ.
_NORM_MEAN = 1.0
# What recurrent layers give on has about this root mean square, since their states lie within -1 and 1.
_STATE = 0.4
# By how much the bias of the last layer is larger than it was drawn: of an element near zero a relative difference
# says nothing but rounding, so few shall be there.
_LAST_BIAS = 50.0
# The same where a sigmoid, a softmax or the like follows, at whose ends nothing moves: with 50 every second mask of one
# channel would be all 0 or all 1, and of many classes all but a few a share of nothing.
_SQUASHED_BIAS = 10.0
# How often the weights of layers that are not fitted are halved at most, and before it is asked whether that helps.
_MOST_HALVINGS = 8
_LEAST_HALVINGS = 4
# What a batch norm of mindspore.nn has counted, and one of mindspore.mint.
_STATISTICS = ("moving_mean", "moving_variance", "running_mean", "running_var")
# What a parameter has everywhere before it is drawn -> the rule of `draw_parameters` that fits.
_CONSTANTS = {1.0: ".gamma", 0.0: ".beta"}


def seed_weights(cell: mindspore.nn.Cell, seed: int) -> None:
    """Set the weights of ``cell`` by `seeded_parameters`; what is no weight keeps its value.

    Those are parameters of integers (tables of indices) and those that training does not change (fixed position
    encodings), but for the statistics of batch norms and for tables of zeros (embeddings that were to be read from a
    file). What the network's own code starts from 1 everywhere is drawn as a scale, and from 0 as an offset, whatever
    its name.
    """
    import mindspore

    drawn = {
        parameter.name: parameter
        for parameter in cell.get_parameters()
        if parameter.dtype.is_floating_point
        and (parameter.requires_grad or _is_statistic(parameter) or _is_empty_table(parameter))
    }
    kinds = {name: f"{name}{_kind(parameter) if parameter.requires_grad else ''}" for name, parameter in drawn.items()}
    arrays = seeded_parameters({kinds[name]: tuple(parameter.shape) for name, parameter in drawn.items()}, seed)
    for name, parameter in drawn.items():
        parameter.set_data(mindspore.Tensor(arrays[kinds[name]], parameter.dtype))


def _is_statistic(parameter: Any) -> bool:
    return parameter.name.rpartition(".")[2] in _STATISTICS


def _is_empty_table(parameter: Any) -> bool:
    return parameter.ndim > 1 and not parameter.init_data().asnumpy().any()


def _kind(parameter: Any) -> str:
    """What to put behind the name of a parameter to have it drawn as what it starts as; empty for a weight."""
    if parameter.name.rpartition(".")[2] in RULES:
        return ""
    first = parameter.init_data().asnumpy()
    return next((kind for value, kind in _CONSTANTS.items() if np.all(first == value)), "")


def fit_weights(cell: mindspore.nn.Cell, inputs: Mapping[str, NDArray[np.generic]]) -> int:
    """Fit the weights of ``cell`` to ``inputs``, in the order of its arguments; how many layers were fitted.

    Where the network gives infinite numbers then, as in float16 where layers of its own multiply, the weights of which
    no layer was fitted are made smaller, until it gives none; where that helps nothing, they stay as they were.

    The cell must be in inference mode. MindSpore's mode is graph mode afterwards. Raises whatever the network raises
    in PyNative mode; the layers that were passed until then stay fitted.
    """
    fitted, made, last = _fitted(cell, inputs)
    others = _weights_of_others(cell, fitted)
    drawn = [parameter.asnumpy().copy() for parameter in others]
    first = found = _infinite(made)
    halvings = 0
    while found and others and halvings < _MOST_HALVINGS and (halvings < _LEAST_HALVINGS or found < first):
        halvings += 1
        for parameter, value in zip(others, drawn, strict=True):
            _set(parameter, value * 0.5**halvings)
        fitted, made, last = _fitted(cell, inputs)
        found = _infinite(made)
    if found and halvings:
        for parameter, value in zip(others, drawn, strict=True):
            _set(parameter, value)
        fitted, made, last = _fitted(cell, inputs)
    if last and _bias(last[0]) is not None and last[0].bias.requires_grad:
        _set(last[0].bias, _larger(list(_tensors(made)), last[1]) * last[0].bias.asnumpy())
    return len(fitted)


def _weights_of_others(cell: mindspore.nn.Cell, fitted: Collection[int]) -> list[Any]:
    """The matrices that training changes, but those of the layers ``fitted``."""
    theirs = {id(item) for _, layer in cell.cells_and_names() if id(layer) in fitted for item in layer.get_parameters()}
    return [
        item
        for item in cell.get_parameters()
        if item.requires_grad and item.ndim > 1 and item.dtype.is_floating_point and id(item) not in theirs
    ]


def _infinite(made: Any) -> int:
    """How many elements of what a cell made are infinite or no number."""
    return sum(int((~np.isfinite(item.asnumpy())).sum()) for item in _tensors(made) if item.is_floating_point())


def _fitted(cell: mindspore.nn.Cell, inputs: Mapping[str, NDArray[np.generic]]) -> tuple[set[int], Any, list[Any]]:
    """Run ``cell`` once, and fit its layers: which (by their identities), what it makes, and the last, with what that
    makes."""
    import mindspore
    from mindspore import mint, nn

    norms = tuple(getattr(kind, f"BatchNorm{axes}d") for kind in (nn, mint.nn) for axes in (1, 2, 3))
    linear = (
        *(getattr(nn, f"Conv{axes}d{kind}") for axes in (1, 2, 3) for kind in ("", "Transpose")),
        *(getattr(mint.nn, f"Conv{axes}d") for axes in (1, 2, 3)),
        mint.nn.ConvTranspose2d,
        mint.nn.Linear,
        nn.Dense,
    )
    recurrent = (nn.RNN, nn.GRU, nn.LSTM, nn.RNNCell, nn.GRUCell, nn.LSTMCell)
    fitted: set[int] = set()
    last: list[Any] = []  # the layer that was passed last, and what it makes
    handles = []

    def norm(layer: Any, given: Any) -> None:
        if id(layer) not in fitted and len(given) == 1:
            fitted.add(id(layer))
            _fit_norm(layer, given[0].asnumpy())

    def hear(layer: Any, given: Any) -> None:
        if id(layer) not in fitted:
            fitted.add(id(layer))
            _fit_recurrent(layer, given[0].asnumpy())

    def scale(layer: Any, given: Any, output: Any) -> Any:
        made = None
        # A first state of zeros tells nothing of the weights: they are fitted where the layer is next passed.
        if id(layer) not in fitted and given[0].asnumpy().any():
            fitted.add(id(layer))
            _fit_linear(layer, output.asnumpy() - _fixed_offset(layer))
            made = layer.construct(*given)
        last[:] = [layer, output if made is None else made]
        return made

    for _, layer in cell.cells_and_names():
        if isinstance(layer, norms):
            handles.append(layer.register_forward_pre_hook(norm))
        elif isinstance(layer, recurrent):
            handles.append(layer.register_forward_pre_hook(hear))
        elif isinstance(layer, linear):
            handles.append(layer.register_forward_hook(scale))
    try:
        with pynative():  # a method that is compiled by itself passes no hooks, and its cell is then exported as that
            made = cell(*(mindspore.Tensor(array) for array in inputs.values()))
    finally:
        for handle in handles:
            handle.remove()
    return fitted, made, last


def _larger(made: list[Any], last: Any) -> float:
    """By how much the last layer's bias is to be larger: the layer makes ``last``, and the network ``made``."""
    if not any(tensor.is_floating_point() for tensor in made):
        return 1.0  # only what is picked is given on, such as the class with the greatest bias
    squashed = _greatest(made) <= 1.0 < _greatest(_tensors(last))
    return _SQUASHED_BIAS if squashed else _LAST_BIAS


def _tensors(made: Any) -> Iterator[Any]:
    """The tensors of what a cell made: a tensor, or several by place or name."""
    if isinstance(made, Mapping):
        made = tuple(made.values())
    if isinstance(made, tuple | list):
        for item in made:
            yield from _tensors(item)
    elif hasattr(made, "asnumpy"):
        yield made


def _greatest(made: Iterable[Any]) -> float:
    """The greatest absolute value of tensors."""
    return max((float(np.abs(tensor.asnumpy()).max(initial=0.0)) for tensor in made), default=0.0)


def _fit_norm(layer: Any, given: NDArray[Any]) -> None:
    axes = tuple(axis for axis in range(given.ndim) if axis != 1)
    x = given.astype(np.float64)
    least = max(_LEAST_VARIANCE, x.shape[1] / x.size)
    variance = np.maximum(x.var(axes), least * np.mean(x**2) + _LEAST_SCALE**2)
    names = ("moving_mean", "moving_variance") if hasattr(layer, "moving_mean") else ("running_mean", "running_var")
    for name, value in zip(names, (x.mean(axes) - _NORM_MEAN * np.sqrt(variance), variance), strict=True):
        if getattr(layer, name) is not None:
            _set(getattr(layer, name), value)


def _fit_recurrent(layer: Any, given: NDArray[Any]) -> None:
    """Scale the weights of inputs: those of ``given`` in the first layer, those of states in the ones above it."""
    scale = float(np.sqrt(np.mean(np.square(given, dtype=np.float64))))
    for parameter in layer.get_parameters():
        name = parameter.name.rpartition(".")[2].removesuffix("_reverse")
        if name.startswith("weight_ih"):
            heard = scale if name in ("weight_ih", "weight_ih_l0") else _STATE
            if np.isfinite(heard) and heard > _LEAST_SCALE:
                _set(parameter, parameter.asnumpy() / heard)


def _fixed_offset(layer: Any) -> Any:
    """What a layer adds to its sums where that is no weight but given, as the mean colour of images is."""
    if _bias(layer) is None or layer.bias.requires_grad:
        return 0.0
    bias = layer.bias.asnumpy()
    return bias.reshape(-1, *(1 for _ in layer.weight.shape[2:]))


def _bias(layer: Any) -> Any:
    """What a layer adds to its sums; None where it adds nothing. Layers of `mindspore.mint` have no ``has_bias``."""
    return layer.bias if getattr(layer, "has_bias", True) else None


def _fit_linear(layer: Any, output: NDArray[Any]) -> None:
    scale = float(np.sqrt(np.mean(np.square(output, dtype=np.float64))))
    if np.isfinite(scale) and scale > _LEAST_SCALE:
        _set(layer.weight, layer.weight.asnumpy() / scale)


def _set(parameter: Any, value: NDArray[Any]) -> None:
    import mindspore

    parameter.set_data(mindspore.Tensor(np.ascontiguousarray(value, parameter.asnumpy().dtype)))
