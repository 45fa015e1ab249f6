"""The table of names: what MindSpore 1.x called it, what stands for it, and why it is the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a module of MindSpore 1.x."""

    module: str
    """The module that had it."""
    name: str
    """The name."""
    made_by: str
    """What stands for it: a module, a colon, a name; of CHANGED what makes a wrapper of what is there now."""
    why: str
    """What became of it, and why this computes the same."""


_RESIZE = "ResizeBilinearV2 is the same kernel; the defaults stay: neither align_corners nor half_pixel_centers"
_CHECKS = "its functions are functions of the module now"
_JIT = "renamed to jit"
_TRANSFORMER = "written anew: parameters of the same names, each step in the same element type"
_ONE_DEVICE = "over several devices it took their common statistics; on one device it is BatchNorm2d"
_TRANSFORMER_NAMES = (
    "AttentionMask",
    "EmbeddingOpParallelConfig",
    "FeedForward",
    "MoEConfig",
    "MultiHeadAttention",
    "OpParallelConfig",
    "TransformerOpParallelConfig",
    "TransformerRecomputeConfig",
    "VocabEmbedding",
)
_TRANSFORMER_CELLS = (
    "CrossEntropyLoss",
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
)

NAMES: tuple[Name, ...] = (
    *(
        Name(module, "ResizeBilinear", "hubkit.compat.resize:ResizeBilinearCell", _RESIZE)
        for module in ("mindspore.nn", "mindspore.nn.layer", "mindspore.nn.layer.basic")
    ),
    *(
        Name(module, "ResizeBilinear", "hubkit.compat.resize:ResizeBilinear", _RESIZE)
        for module in (
            "mindspore.ops",
            "mindspore.ops.operations",
            "mindspore.ops.operations.nn_ops",
            "mindspore.ops.operations.image_ops",
        )
    ),
    Name("mindspore._checkparam", "Validator", "hubkit.compat.checks:Validator", _CHECKS),
    Name("mindspore._checkparam", "Rel", "hubkit.compat.checks:Rel", "its members are constants of the module now"),
    *(
        Name(module, "ms_function", "hubkit.compat.functions:ms_function", _JIT)
        for module in ("mindspore", "mindspore.common", "mindspore.common.api")
    ),
    *(
        Name(module, "ms_class", "mindspore:jit_class", "renamed to jit_class")
        for module in ("mindspore", "mindspore.common", "mindspore.common.api")
    ),
    *(
        Name(module, "GlobalBatchNorm", "hubkit.compat.layers:GlobalBatchNorm", _ONE_DEVICE)
        for module in ("mindspore.nn", "mindspore.nn.layer", "mindspore.nn.layer.normalization")
    ),
    *(
        Name(module, name, f"hubkit.compat.transformer:{name}", _TRANSFORMER)
        for module, names in {
            "mindspore.nn": _TRANSFORMER_NAMES,
            "mindspore.parallel.nn": (*_TRANSFORMER_NAMES, *_TRANSFORMER_CELLS),
        }.items()
        for name in names
    ),
)
"""Names that are gone."""

_LOOKUP = "the cache of the parameter server is gone, and on one device it had no part in the result"
_CONTEXT = "they chose devices, memory and what is recorded, none of which changes a number"

CHANGED: tuple[Name, ...] = (
    *(
        Name(module, "EmbeddingLookup", "hubkit.compat.layers:with_vocab_cache_size", _LOOKUP)
        for module in ("mindspore.nn", "mindspore.nn.layer", "mindspore.nn.layer.embedding")
    ),
    *(
        Name(module, "set_context", "hubkit.compat.functions:without_removed_settings", _CONTEXT)
        for module in ("mindspore", "mindspore.context")
    ),
)
"""Names that are there and have lost arguments."""

MODULES: dict[str, str] = {
    "mindspore.dataset.transforms.c_transforms": "hubkit.compat.transforms_c",
    "mindspore.dataset.transforms.py_transforms": "hubkit.compat.transforms_py",
    "mindspore.dataset.vision.c_transforms": "hubkit.compat.vision_c",
    "mindspore.dataset.vision.py_transforms": "hubkit.compat.vision_py",
    "mindspore.dataset.transforms.vision": "hubkit.compat.vision",
    "mindspore.dataset.transforms.vision.c_transforms": "hubkit.compat.vision_c",
    "mindspore.dataset.transforms.vision.py_transforms": "hubkit.compat.vision_py",
    "mindspore.nn.metrics.metric": "mindspore.train.metrics.metric",
    "mindspore.train.parallel_utils": "mindspore.context",
    "easydict": "hubkit.compat.settings",
    **{
        f"{package}{part}": "hubkit.compat.transformer"
        for package in ("mindspore.nn.transformer", "mindspore.parallel.nn.transformer")
        for part in ("", ".layers", ".loss", ".moe", ".op_parallel_config", ".transformer")
    },
}
"""Modules that are gone -> what stands for them; names that it lacks are not there."""
