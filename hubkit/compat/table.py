"""The table of names: what MindSpore 1.x called it, what stands for it, and why it is the same."""

from __future__ import annotations

from hubkit.compat.row import Name

_RESIZE = "ResizeBilinearV2 is the same kernel; the defaults stay: neither align_corners nor half_pixel_centers"
_CHECKS = "its functions are functions of the module now"
_JIT = "renamed to jit"
_NUMPY = "the name of Python's own type, which NumPy 1.24 has removed"
_MOVED = "Python 3.10 has it in collections.abc only"
_PILLOW = "Pillow 10 has it under its other name only"
_SPEC = "getfullargspec without what a function of Python 2 cannot have; Python 3.11 has removed it"
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
    *(
        Name(module, name, f"hubkit.compat.gone_operators:{stands_for}", why)
        for module in ("mindspore.ops", "mindspore.ops.operations")
        for name, stands_for, why in (
            ("ControlDepend", "ControlDepend", "lines are run in their order now"),
            ("FusedBatchNorm", "FusedBatchNorm", "BatchNorm, whose training is an argument"),
            ("FusedBatchNormEx", "FusedBatchNorm", "FusedBatchNorm of other devices"),
            ("ReLUV2", "ReLUV2", "a ReLU with a mask for its gradient"),
        )
    ),
    Name("mindspore.common.initializer", "random_normal", "hubkit.compat.functions:random_normal", "its C++ is gone"),
    Name("mindspore.ops.functional", "neg_tensor", "mindspore.ops:neg", "renamed to neg"),
    Name("mindspore.ops.functional", "pack", "mindspore.ops:stack", "renamed to stack"),
    *(
        Name(module, name, f"hubkit.compat.regions:{name}", "it is an inner operator now")
        for module in ("mindspore.ops", "mindspore.ops.operations")
        for name in ("PSROIPooling", "PsROIPooling")
    ),
    Name("mindspore.ops", "InstanceNorm", "hubkit.compat.kernel_functions:InstanceNorm", "it is an inner operator now"),
    *(
        Name("mindspore.common.dtype", name, f"mindspore.common.dtype:{now}", "the same under another name")
        for name, now in {
            "csr_tensor_type": "CSRTensorType",
            "issubclass_": "_issubclass_",
            "tensor": "tensor_type",
        }.items()
    ),
    Name("mindspore._checkparam", "Validator", "hubkit.compat.checks:Validator", _CHECKS),
    *(
        Name("mindspore._checkparam", name, f"mindspore._checkparam:{now}", f"renamed to {now}")
        for name, now in {
            "check_int_non_negative": "check_non_negative_int",
            "check_int_positive": "check_positive_int",
        }.items()
    ),
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
    *(
        Name("numpy", name, f"builtins:{type_}", _NUMPY)
        for name, type_ in {
            **{name: name for name in ("bool", "complex", "float", "int", "object", "str")},
            "long": "int",
            "unicode": "str",
        }.items()
    ),
    *(
        Name("collections", name, f"collections.abc:{name}", _MOVED)
        for name in (
            "Callable",
            "Iterable",
            "Iterator",
            "Mapping",
            "MutableMapping",
            "MutableSequence",
            "Sequence",
            "Set",
        )
    ),
    Name("inspect", "getargspec", "hubkit.compat.functions:getargspec", _SPEC),
    *(
        Name("PIL.Image", name, f"PIL.Image:{now}", _PILLOW)
        for name, now in {"ANTIALIAS": "LANCZOS", "CUBIC": "BICUBIC", "LINEAR": "BILINEAR"}.items()
    ),
)
"""Names that are gone, of MindSpore and of what code for it was run with."""

_TYPES = "mindspore.dtype.tensor_type was the class of which it is an object now"
_SERVER = "there is no parameter server on one device"

METHODS: tuple[Name, ...] = (
    *(
        Name(place, name, "hubkit.compat.functions:changes_nothing", _SERVER)
        for place in ("mindspore.nn.cell:Cell", "mindspore.common.parameter:Parameter")
        for name in ("set_param_fl", "set_param_ps")
    ),
    *(
        Name("mindspore._c_expression.typing:TensorType", name, f"hubkit.compat.types:{stands_for}", _TYPES)
        for name, stands_for in {"__instancecheck__": "is_tensor_type", "__call__": "tensor_type_of"}.items()
    ),
    Name("mindspore.common.tensor:Tensor", "set_data", "hubkit.compat.functions:set_data", "a parameter's data had it"),
    Name("mindspore.common.tensor:Tensor", "to_tensor", "hubkit.compat.functions:initialised", "renamed to init_data"),
)
"""Methods that are gone; the module is followed by a colon and the class."""

MODULES: dict[str, str] = {
    "mindspore.dataset.transforms.c_transforms": "hubkit.compat.datasets.transforms_c",
    "mindspore.dataset.transforms.py_transforms": "hubkit.compat.datasets.transforms_py",
    "mindspore.dataset.vision.c_transforms": "hubkit.compat.datasets.vision_c",
    "mindspore.dataset.vision.py_transforms": "hubkit.compat.datasets.vision_py",
    "mindspore.dataset.transforms.vision": "hubkit.compat.datasets.vision",
    "mindspore.dataset.transforms.vision.c_transforms": "hubkit.compat.datasets.vision_c",
    "mindspore.dataset.transforms.vision.py_transforms": "hubkit.compat.datasets.vision_py",
    "mindspore.nn.layer.lstm": "mindspore.nn.layer.rnns",
    **{
        f"mindspore.nn.metrics.{name}": f"mindspore.train.metrics.{name}"
        for name in (
            *("accuracy", "auc", "bleu_score", "confusion_matrix", "cosine_similarity", "dice", "error", "fbeta"),
            *("hausdorff_distance", "loss", "mean_surface_distance", "metric", "occlusion_sensitivity", "perplexity"),
            *("precision", "recall", "roc", "root_mean_square_surface_distance", "topk"),
        )
    },
    "mindspore.train.parallel_utils": "mindspore.context",
    "easydict": "hubkit.compat.settings",
    **dict.fromkeys(
        ("yacs", "yacs.config", "fvcore", "fvcore.common", "fvcore.common.config", "ml_collections"),
        "hubkit.compat.config_nodes",
    ),
    **{
        f"{package}{part}": "hubkit.compat.transformer"
        for package in (
            "mindspore.nn.transformer",
            "mindspore.parallel.nn.transformer",
            "mindspore.parallel._transformer",
        )
        for part in ("", ".layers", ".loss", ".moe", ".op_parallel_config", ".transformer")
    },
}
"""Modules that are gone -> what stands for them; names that it lacks are not there."""
