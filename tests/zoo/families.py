"""The networks of the zoo, and why those that do not pass do not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """One network."""

    family: str
    """Its module in mindcv, or for a second one of a module what sets it apart."""
    network: str
    """Its name there."""

    @property
    def name(self) -> str:
        """The name that hubkit knows it by."""
        return f"mindcv:{self.network}"


# The smallest variant of every module.
MODULES = (
    Member("bit", "BiT_resnet50"),
    Member("cait", "cait_xxs24_224"),
    Member("cmt", "cmt_tiny"),
    Member("coat", "coat_lite_tiny"),
    Member("convit", "convit_tiny"),
    Member("convnext", "convnext_tiny"),
    Member("crossvit", "crossvit_9"),
    Member("densenet", "densenet121"),
    Member("dpn", "dpn92"),
    Member("edgenext", "edgenext_xx_small"),
    Member("efficientnet", "efficientnet_b0"),
    Member("ghostnet", "ghostnet_050"),
    Member("googlenet", "googlenet"),
    Member("halonet", "halonet_50t"),
    Member("hrnet", "hrnet_w32"),
    Member("inceptionv3", "inception_v3"),
    Member("inceptionv4", "inception_v4"),
    Member("mae", "mae_b_16_224_finetune"),
    Member("mixnet", "mixnet_s"),
    Member("mlpmixer", "mlp_mixer_s_p32"),
    Member("mnasnet", "mnasnet_050"),
    Member("mobilenetv1", "mobilenet_v1_025"),
    Member("mobilenetv2", "mobilenet_v2_035_96"),
    Member("mobilenetv3", "mobilenet_v3_small_075"),
    Member("mobilevit", "mobilevit_xx_small"),
    Member("nasnet", "nasnet_a_4x1056"),
    Member("pit", "pit_ti"),
    Member("pnasnet", "pnasnet"),
    Member("poolformer", "poolformer_s12"),
    Member("pvt", "pvt_tiny"),
    Member("pvtv2", "pvt_v2_b0"),
    Member("regnet", "regnet_x_200mf"),
    Member("repmlp", "repmlp_t224"),
    Member("repvgg", "repvgg_a0"),
    Member("res2net", "res2net50"),
    Member("resnest", "resnest14"),
    Member("resnet", "resnet18"),
    Member("resnetv2", "resnetv2_50"),
    Member("rexnet", "rexnet_09"),
    Member("senet", "seresnet18"),
    Member("shufflenetv1", "shufflenet_v1_g3_05"),
    Member("shufflenetv2", "shufflenet_v2_x0_5"),
    Member("sknet", "skresnet18"),
    Member("squeezenet", "squeezenet1_1"),
    Member("swintransformer", "swin_tiny"),
    Member("swintransformerv2", "swinv2_tiny_window8"),
    Member("vgg", "vgg11"),
    Member("visformer", "visformer_tiny"),
    Member("vit", "vit_b_32_224"),
    Member("volo", "volo_d1"),
    Member("xception", "xception"),
    Member("xcit", "xcit_tiny_12_p16_224"),
)
# Modules that hold a second architecture, of other operators than the first.
SECOND = (
    Member("coat, with parallel blocks", "coat_tiny"),
    Member("convnext v2", "convnextv2_atto"),
    Member("efficientnet v2", "efficientnet_v2_s"),
    Member("regnet y", "regnet_y_200mf"),
    Member("resnext", "resnext50_32x4d"),
    Member("visformer v2", "visformer_tiny_v2"),
)
MEMBERS = (*MODULES, *SECOND)
"""All of them."""

EXPLAINED: dict[str, str] = {
    "halonet_50t": (
        "MindSpore has no kernel on the CPU for its ExtractImagePatches (nn.Unfold): there is nothing to compare with"
    ),
    "volo_d1": (
        "MindSpore refuses it on the CPU: its Fold convolves float32 activations with a kernel that the network's code "
        "makes as float16 (mindcv/models/volo.py:86), and its nn.Unfold has no kernel there either"
    ),
    "xcit_tiny_12_p16_224": (
        "rounding: its attention lacks the normalisation of queries and keys that the paper has, so a softmax over "
        "sums of 196 products saturates and amplifies rounding from block to block; no layer differs when it is given "
        "MindSpore's own inputs"
    ),
}
"""Network -> why it does not pass, where it does not: what was found layer by layer."""
