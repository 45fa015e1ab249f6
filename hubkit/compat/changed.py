"""The table of names that MindSpore 2 still has and that do other than before: what is put around each, and why."""

from __future__ import annotations

from hubkit.compat.row import Name

_LAYER = "before 1.6 it was a layer over a sequence with its weights as an input, told by arguments that it had alone"
_LOOKUP = "the cache of the parameter server is gone, and on one device it had no part in the result"
_ROWS = "its weights lay otherwise on a GPU, and had two biases, which were added"
_KERNEL = "MindSpore has no kernel of it for the CPU; the formula of its documents in smaller operators"
_ARGUMENTS = "renamed or moved; only calls that MindSpore 2 refuses are taken as 1.x took them"
_WARNING = "deprecated since 2.7: it writes a warning now, which cannot be compiled"
_NUMBERS = "it takes a number in the first place no more, or of fewer types"
_PRETRAINED = "what a network's parts begin with is overwritten by the checkpoint that the card names"
_CONTEXT = "they chose devices, memory and what is recorded, none of which changes a number"
_ALONE = "it connects processes, of which there is one; the first of one is what each is without it"

CHANGED: tuple[Name, ...] = (
    *(
        Name(module, "EmbeddingLookup", "hubkit.compat.layers:with_vocab_cache_size", _LOOKUP)
        for module in ("mindspore.nn", "mindspore.nn.layer", "mindspore.nn.layer.embedding")
    ),
    *(
        Name(module, "LSTMCell", "hubkit.compat.layers:that_may_be_a_layer", _LAYER)
        for module in ("mindspore.nn", "mindspore.nn.layer", "mindspore.nn.layer.rnn_cells")
    ),
    *(
        Name(module, name, f"hubkit.compat.layers:{wrapper}", _ARGUMENTS)
        for name, wrapper in {
            "AvgPool2d": "with_format_behind_pad_mode",
            "Conv2dTranspose": "without_output_padding",
            "MaxPool2d": "with_format_behind_pad_mode",
        }.items()
        for module in (
            "mindspore.nn",
            "mindspore.nn.layer",
            f"mindspore.nn.layer.{'conv' if name.startswith('Conv') else 'pooling'}",
        )
    ),
    *(
        Name(module, "set_context", "hubkit.compat.functions:without_removed_settings", _CONTEXT)
        for module in ("mindspore", "mindspore.context")
    ),
    *(
        Name(module, "init", "hubkit.compat.one_process:alone", _ALONE)
        for module in ("mindspore.communication", "mindspore.communication.management")
    ),
    *(
        Name(module, "load_checkpoint", "hubkit.compat.functions:without_missing_files", _PRETRAINED)
        for module in ("mindspore", "mindspore.train", "mindspore.train.serialization")
    ),
    *(
        Name(module, name, "hubkit.compat.types:without_a_warning", _WARNING)
        for module in ("mindspore", "mindspore.common", "mindspore.common.dtype")
        for name in ("dtype_to_nptype", "dtype_to_pytype", "get_py_obj_dtype", "pytype_to_dtype")
    ),
    *(
        Name(module, f"InstanceNorm{axes}d", "hubkit.compat.layers:without_kernel", _KERNEL)
        for module in ("mindspore.nn", "mindspore.nn.layer", "mindspore.nn.layer.normalization")
        for axes in (1, 2, 3)
    ),
    *(
        Name(f"mindspore.ops{module}", "einsum", "hubkit.compat.einsum:function_on_the_cpu", _KERNEL)
        for module in ("", ".functional", ".function", ".function.math_func")
    ),
    *(
        Name(f"mindspore.{module}", name, "hubkit.compat.kernel_functions:on_the_cpu", _KERNEL)
        for name, modules in {
            "FlashAttentionScore": ("ops.operations.nn_ops",),
            "InstanceNorm": ("ops.operations", "ops.operations.nn_ops"),
            "RmsNorm": ("ops", "ops.operations"),
            "Roll": ("ops", "ops.operations"),
            "flash_attention_score": ("ops", "ops.functional"),
            "rms_norm": ("ops", "ops.functional", "ops.function", "ops.function.nn_func"),
            "roll": ("ops", "ops.functional", "ops.function", "mint"),
            "swiglu": ("ops", "ops.functional", "ops.function", "ops.function.nn_func"),
        }.items()
        for module in modules
    ),
    *(
        Name(f"mindspore.ops{module}", "masked_fill", "hubkit.compat.kernel_functions:masked_fill", _KERNEL)
        for module in ("", ".functional", ".function", ".function.array_func")
    ),
    *(
        Name(module, "LSTM", "hubkit.compat.lstm:with_rows_of_gpus", _ROWS)
        for module in ("mindspore.ops", "mindspore.ops.operations")
    ),
    *(
        Name(module, "Einsum", "hubkit.compat.einsum:operator_on_the_cpu", _KERNEL)
        for module in ("mindspore.ops", "mindspore.ops.operations", "mindspore.ops.operations.math_ops")
    ),
    *(
        Name(module, name, "hubkit.compat.kernels:on_the_cpu", _KERNEL)
        for module in ("mindspore.ops", "mindspore.ops.operations")
        for name in (
            "AccumulateNV2",
            "BatchToSpace",
            "DepthwiseConv2dNative",
            "DynamicGRUV2",
            "DynamicRNN",
            "SpaceToBatch",
            "SparseGatherV2",
            "SplitV",
        )
    ),
    *(
        Name(module, name, f"hubkit.compat.arguments:{name}", _ARGUMENTS)
        for module in ("mindspore.ops", "mindspore.ops.functional")
        for name in (
            *("amax", "amin", "argmax", "conv2d", "conv3d", "eye", "gather_elements", "grid_sample", "interpolate"),
            *("linspace", "logsumexp", "matmul", "max", "meshgrid", "min", "norm", "ones", "pad", "select", "split"),
            *("where", "zeros"),
        )
    ),
    *(
        Name(module, name, "hubkit.compat.renamed:by_place", _ARGUMENTS)
        for module in ("mindspore.ops", "mindspore.ops.functional")
        for name in ("broadcast_to", "flip", "tile", "transpose")
    ),
    *(
        Name(module, name, "hubkit.compat.kernels:on_the_cpu", "over one device each gives what it is given")
        for module in ("mindspore.ops", "mindspore.ops.operations")
        for name in ("AllGather", "AllReduce", "Broadcast")
    ),
    *(
        Name(module, name, "hubkit.compat.scalar_operators:stand_in", why)
        for name, why in {
            **dict.fromkeys(("Equal", "Less", "ScalarCast"), _NUMBERS),
            **dict.fromkeys(("GatherV2", "ScalarToArray"), _KERNEL),
        }.items()
        for module in ("mindspore.ops", "mindspore.ops.operations")
    ),
    *(
        Name(module, name, f"hubkit.compat.scalar_operators:{wrapper}", _NUMBERS)
        for name, wrapper in {
            "equal": "equal",
            "less": "less",
            "scalar_cast": "stand_in",
            "scalar_to_array": "stand_in",
            "tensor_lt": "less",
        }.items()
        for module in ("mindspore.ops", "mindspore.ops.functional")
    ),
    *(
        Name(f"mindspore.ops.operations.{module}", name, "hubkit.compat.kernels:on_the_cpu", _KERNEL)
        for module, name in (
            ("_inner_ops", "ExtractImagePatches"),
            ("_inner_ops", "PsROIPooling"),
            ("nn_ops", "PSROIPooling"),
        )
    ),
)
"""Names that are there and have lost arguments, or cannot be run on the CPU."""
