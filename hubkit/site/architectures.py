"""What the short forms in networks' names stand for, by which a search finds them: ``vit`` is "Vision transformer".

Few cards write the name of their network out.
"""

from __future__ import annotations

from hubkit.site.i18n import N_

# What a word of a model's name is, begins with or ends with, in lower case -> what it stands for.
WRITTEN_OUT: dict[str, str] = {
    "bert": N_("Bidirectional encoder representations from transformers"),
    "clip": N_("Contrastive language-image pre-training"),
    "cnn": N_("Convolutional neural network"),
    "crnn": N_("Convolutional recurrent neural network"),
    "ctc": N_("Connectionist temporal classification"),
    "ctpn": N_("Connectionist text proposal network"),
    "ddpg": N_("Deep deterministic policy gradient"),
    "deepfm": N_("Deep factorization machine"),
    "detr": N_("Detection transformer"),
    "dlrm": N_("Deep learning recommendation model"),
    "dqn": N_("Deep Q-network"),
    "east": N_("Efficient and accurate scene text detector"),
    "fcn": N_("Fully convolutional network"),
    "gan": N_("Generative adversarial network"),
    "gat": N_("Graph attention network"),
    "gcn": N_("Graph convolutional network"),
    "gnmt": N_("Neural machine translation"),
    "gpt": N_("Generative pre-trained transformer"),
    "gru": N_("Gated recurrent unit"),
    "hrnet": N_("High-resolution network"),
    "lstm": N_("Long short-term memory"),
    "mlp": N_("Multilayer perceptron"),
    "moe": N_("Mixture of experts"),
    "nas": N_("Neural architecture search"),
    "ncf": N_("Neural collaborative filtering"),
    "pspnet": N_("Pyramid scene parsing network"),
    "pvt": N_("Pyramid vision transformer"),
    "resnet": N_("Residual network"),
    "rnn": N_("Recurrent neural network"),
    "simclr": N_("Contrastive learning"),
    "ssd": N_("Single shot detector"),
    "swin": N_("Shifted window transformer"),
    "tcn": N_("Temporal convolutional network"),
    "tsm": N_("Temporal shift module"),
    "tsn": N_("Temporal segment network"),
    "vae": N_("Variational autoencoder"),
    "vit": N_("Vision transformer"),
    "yolo": N_("You only look once"),
}
