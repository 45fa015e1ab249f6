"""The table of what layers of MindSpore 1.x had besides their methods."""

from __future__ import annotations

from hubkit.compat.row import Name

_OWN = "GroupNorm had it for itself, and code that derives a layer from it uses it"
_SPLIT = "an operator that the layer had, which code for several devices tells how it is split over them"
_READ = "code that derives a layer from it reads it"

ATTRIBUTES: tuple[Name, ...] = (
    *(
        Name("mindspore.nn.layer.normalization:GroupNorm", name, f"hubkit.compat.functions:{stands_for}", _OWN)
        for name, stands_for in {
            "shape": "shape_of",
            "reshape": "reshaped",
            "reduce_mean": "mean_kept",
            "reduce_sum": "sum_kept",
            "square": "squared",
            "sqrt": "root",
        }.items()
    ),
    *(
        Name(f"mindspore.nn.layer.{layer}", name, f"hubkit.compat.functions:{stands_for}", _SPLIT)
        for layer, name, stands_for in (
            ("activation:GELU", "gelu", "gelu_of_layers"),
            ("basic:Dropout", "dropout_do_mask", "masked_out"),
            ("basic:Dropout", "dropout_gen_mask", "mask_of_dropout"),
        )
    ),
    Name("mindspore.nn.layer.conv:_Conv", "format", "hubkit.compat.layer_attributes:layout", _READ),
    Name("mindspore.nn.loss.loss:L1Loss", "abs", "mindspore.ops:abs", _READ),
    Name("mindspore.nn.loss.loss:MSELoss", "square", "mindspore.ops:square", _READ),
    Name(
        "mindspore.nn.loss.loss:BCELoss",
        "binary_cross_entropy",
        "hubkit.compat.layer_attributes:binary_cross_entropy",
        _READ,
    ),
)
"""What layers had besides their methods; the module is followed by a colon and the class."""
