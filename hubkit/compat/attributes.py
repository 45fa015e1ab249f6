"""The table of what layers of MindSpore 1.x had besides their methods."""

from __future__ import annotations

from hubkit.compat.row import Name

_OWN = "GroupNorm had it for itself, and code that derives a layer from it uses it"
_SPLIT = "an operator that the layer had, which code for several devices tells how it is split over them"

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
)
"""What layers had besides their methods; the module is followed by a colon and the class."""
