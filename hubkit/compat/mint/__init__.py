"""``mindspore.mint`` on the CPU: what stands for its functions that have operators for other devices only.

MindSpore's modules hold such an operator under many names, and functions that use it; so what is replaced is the
object, wherever a module of MindSpore has it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

_GENERATED = "mindspore.ops.auto_generate.gen_ops_def"
_CHOSEN = "mindspore.ops.functional_overload"
_FUNCTIONS = "mindspore.ops.function.nn_func"
_ARRAYS = "mindspore.ops.function.array_func"

_TABLE: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        _GENERATED,
        "mint.functions",
        {
            "acos_ext_op": "acos",
            "addbmm_op": "addbmm",
            "addcdiv_ext_op": "addcdiv",
            "addcmul_ext_op": "addcmul",
            "addmm_op": "addmm",
            "addmv_op": "addmm",
            "argmin_ext_op": "argmin",
            "argsort_op": "argsort",
            "asin_ext_op": "asin",
            "atan2_ext_op": "atan2",
            "atan_ext_op": "atan",
            "clone_op": "clone",
            "count_nonzero_op": "count_nonzero",
            "cumsum_ext_op": "cumsum",
            "dot_op": "dot",
            "exp2_op": "exp2",
            "frac_op": "frac",
            "full_like_op": "full_like",
            "index_select_op": "index_select",
            "l1_loss_ext_op": "l1_loss",
            "lin_space_ext_op": "linspace",
            "linalg_vector_norm_op": "vector_norm",
            "log2_op": "log2",
            "lp_norm_v2_op": "lp_norm",
            "logsumexp_op": "logsumexp",
            "mm_ext_op": "mm",
            "mse_loss_ext_op": "mse_loss",
            "narrow_op": "narrow",
            "outer_op": "outer",
            "scatter_add_ext_op": "scatter_add",
            "sort_ext_op": "sort",
            "stack_ext_impl": "stack",
            "std_mean_op": "deviation_and_mean",
            "std_op": "deviation",
            "topk_ext_op": "topk",
            "tril_ext_op": "tril",
            "var_mean_op": "variance_and_mean",
            "var_op": "variance",
        },
    ),
    (
        _GENERATED,
        "mint.activations",
        {
            "elu_ext_impl": "elu",
            "gelu_ext_op": "gelu",
            "hardtanh_op": "hardtanh",
            "leaky_relu_ext_op": "leaky_relu",
            "logsigmoid_op": "log_sigmoid",
            "mish_ext_op": "mish",
            "selu_ext_op": "selu",
        },
    ),
    (
        _GENERATED,
        "mint.resize",
        {
            "col2im_ext_op": "fold",
            "constant_pad_nd_op": "constant_pad",
            "im2col_ext_op": "unfold",
            "reflection_pad_1d_op": "reflection_pad",
            "reflection_pad_2d_op": "reflection_pad",
            "reflection_pad_3d_op": "reflection_pad",
            "replication_pad_1d_op": "replication_pad",
            "replication_pad_2d_op": "replication_pad",
            "replication_pad_3d_op": "replication_pad",
            "upsample_bicubic2d_op": "upsample_bicubic2d",
            "upsample_bilinear2d_op": "upsample_bilinear2d",
            "upsample_linear1d_op": "upsample_linear1d",
        },
    ),
    (_ARRAYS, "mint.functions", {"repeat_interleave_int_": "repeat_interleave", "sort_ext_": "sort"}),
    (
        _GENERATED,
        "mint.layers",
        {
            "adaptive_avg_pool1d_op": "adaptive_avg_pool1d",
            "adaptive_avg_pool2d_ext_op": "adaptive_avg_pool2d",
            "avg_pool1d_op": "avg_pool1d",
            "avg_pool2d_op": "avg_pool2d",
            "batch_norm_ext_op": "batch_norm",
            "conv1d_ext_op": "conv1d",
            "conv1d_padding_op": "conv1d",
            "conv2d_ext_op": "conv2d",
            "conv2d_padding_op": "conv2d",
            "conv3d_ext_op": "conv3d",
            "conv3d_padding_op": "conv3d",
            "embedding_op": "embedding",
            "layer_norm_ext_op": "layer_norm",
        },
    ),
    (
        _ARRAYS,
        "mint.creation",
        {
            "arange_": "arange",
            "fill_scalar_": "full",
            "ones_like_ext_": "ones_like",
            "zeros_like_ext_": "zeros_like",
        },
    ),
    (_GENERATED, "mint.creation", {"argmax_ext_op": "argmax", "baddbmm_op": "baddbmm"}),
    (_FUNCTIONS, "mint.creation", {"log_softmax_ext": "log_softmax"}),
    ("mindspore.ops.function.random_func", "mint.creation", {"rand_ext_": "rand", "randn_": "randn"}),
    (_CHOSEN, "mint.layers", {"conv1d": "conv1d", "conv2d": "conv2d", "conv3d": "conv3d"}),
    (_CHOSEN, "mint.activations", {"gelu": "gelu"}),
    (_CHOSEN, "mint.functions", {"addcdiv": "addcdiv", "repeat_interleave": "repeat_interleave"}),
    ("mindspore.ops.function.math_func", "einsum", {"einsum_ext": "einsum"}),
    ("mindspore.mint.nn.functional", "mint.layers", {"conv_transpose2d": "conv_transpose2d"}),
    (
        _GENERATED,
        "mint.in_place",
        {
            "inplace_hardtanh": "hardtanh",
            "inplace_sigmoid": "sigmoid",
            "inplace_silu": "silu",
            "inplace_threshold": "threshold",
        },
    ),
    (_FUNCTIONS, "mint.in_place", {"relu_": "relu"}),
    ("mindspore.mint.nn.functional", "mint.in_place", {"elu_": "elu"}),
    (_FUNCTIONS, "mint.layers", {"dropout_ext": "dropout", "max_pool2d_ext": "max_pool2d"}),
)
"""Where MindSpore has functions, the module here that stands for them, and which of its functions for which."""

STAND_INS: tuple[tuple[str, str, str], ...] = tuple(
    (place, name, f"hubkit.compat.{home}:{stands_for}")
    for place, home, names in _TABLE
    for name, stands_for in names.items()
)
"""The module and name under which MindSpore has it, and what stands for it."""


_METHODS = ("normal_", "uniform_")
"""Methods of tensors that draw their values."""


def replacements() -> Iterator[tuple[Any, str, Any]]:
    """Each name of a module of MindSpore, or of its tensors, that holds what has no kernel; with what stands for it."""
    tensor = importlib.import_module("mindspore").Tensor
    creation = importlib.import_module("hubkit.compat.mint.creation")
    for name in _METHODS:
        yield tensor, name, getattr(creation, name)
    stands_for = {}
    for place, name, made_by in STAND_INS:
        now = getattr(importlib.import_module(place), name, None)
        if now is not None:
            home, _, attribute = made_by.partition(":")
            stands_for[id(now)] = getattr(importlib.import_module(home), attribute)
    for loaded, module in list(sys.modules.items()):
        if loaded.partition(".")[0] != "mindspore" or not isinstance(module, ModuleType):
            continue
        for attribute, value in list(vars(module).items()):
            if id(value) in stands_for:
                yield module, attribute, stands_for[id(value)]


def install() -> None:
    """Put what stands for them in their places; calling it again changes nothing."""
    for module, name, stand_in in list(replacements()):
        setattr(module, name, stand_in)
