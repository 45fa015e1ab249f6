"""Encoders, decoders and both together of `hubkit.compat.transformer`."""

from __future__ import annotations

from typing import Any

from mindspore import dtype as mstype
from mindspore import nn

from hubkit.compat.transformer.blocks import TransformerDecoderLayer, TransformerEncoderLayer
from hubkit.compat.transformer.config import default_moe_config, default_transformer_config
from hubkit.compat.transformer.layers import OnOneDevice


class TransformerEncoder(OnOneDevice):
    """``TransformerEncoder``: layers one after another, and what each has kept."""

    def __init__(
        self,
        batch_size: int,
        num_layers: int,
        hidden_size: int,
        ffn_hidden_size: int,
        seq_length: int,
        num_heads: int,
        attention_dropout_rate: float = 0.1,
        hidden_dropout_rate: float = 0.1,
        hidden_act: Any = "gelu",
        post_layernorm_residual: bool = False,
        layernorm_compute_type: Any = mstype.float32,
        softmax_compute_type: Any = mstype.float32,
        param_init_type: Any = mstype.float32,
        lambda_func: Any = None,
        offset: int = 0,
        use_past: bool = False,
        moe_config: Any = default_moe_config,
        parallel_config: Any = default_transformer_config,
    ) -> None:
        del lambda_func, offset, parallel_config  # they place layers on devices
        super().__init__()
        self.num_layers = num_layers
        self.blocks = nn.CellList(
            [
                TransformerEncoderLayer(
                    batch_size,
                    hidden_size,
                    ffn_hidden_size,
                    num_heads,
                    seq_length,
                    attention_dropout_rate,
                    hidden_dropout_rate,
                    post_layernorm_residual,
                    layernorm_compute_type,
                    softmax_compute_type,
                    param_init_type,
                    hidden_act,
                    use_past,
                    moe_config,
                )
                for _ in range(num_layers)
            ]
        )

    def construct(
        self, hidden_states: Any, attention_mask: Any, init_reset: Any = True, batch_valid_length: Any = None
    ) -> Any:
        """As each layer; what they have kept as a tuple."""
        presents: Any = ()
        for block in self.blocks:
            hidden_states, present = block(hidden_states, attention_mask)
            presents = (*presents, present)
        return hidden_states, presents


class TransformerDecoder(OnOneDevice):
    """``TransformerDecoder``: layers one after another, and what each has kept."""

    def __init__(
        self,
        num_layers: int,
        batch_size: int,
        hidden_size: int,
        ffn_hidden_size: int,
        src_seq_length: int,
        tgt_seq_length: int,
        num_heads: int,
        attention_dropout_rate: float = 0.1,
        hidden_dropout_rate: float = 0.1,
        post_layernorm_residual: bool = False,
        layernorm_compute_type: Any = mstype.float32,
        softmax_compute_type: Any = mstype.float32,
        param_init_type: Any = mstype.float32,
        hidden_act: Any = "gelu",
        lambda_func: Any = None,
        use_past: bool = False,
        offset: int = 0,
        moe_config: Any = default_moe_config,
        parallel_config: Any = default_transformer_config,
    ) -> None:
        del lambda_func, offset, parallel_config  # they place layers on devices
        super().__init__()
        self.num_layers = num_layers
        self.blocks = nn.CellList(
            [
                TransformerDecoderLayer(
                    hidden_size,
                    ffn_hidden_size,
                    num_heads,
                    batch_size,
                    src_seq_length,
                    tgt_seq_length,
                    attention_dropout_rate,
                    hidden_dropout_rate,
                    post_layernorm_residual,
                    use_past,
                    layernorm_compute_type,
                    softmax_compute_type,
                    param_init_type,
                    hidden_act,
                    moe_config,
                )
                for _ in range(num_layers)
            ]
        )

    def construct(
        self,
        hidden_states: Any,
        attention_mask: Any,
        encoder_output: Any = None,
        memory_mask: Any = None,
        init_reset: Any = True,
        batch_valid_length: Any = None,
    ) -> Any:
        """As each layer; what they have kept as a tuple."""
        presents: Any = ()
        for block in self.blocks:
            hidden_states, present = block(hidden_states, attention_mask, encoder_output, memory_mask)
            presents = (*presents, present)
        return hidden_states, presents


class Transformer(OnOneDevice):
    """``Transformer``: an encoder, and a decoder where it has layers."""

    def __init__(
        self,
        hidden_size: int,
        batch_size: int,
        ffn_hidden_size: int,
        src_seq_length: int,
        tgt_seq_length: int,
        encoder_layers: int = 3,
        decoder_layers: int = 3,
        num_heads: int = 2,
        attention_dropout_rate: float = 0.1,
        hidden_dropout_rate: float = 0.1,
        hidden_act: Any = "gelu",
        post_layernorm_residual: bool = False,
        layernorm_compute_type: Any = mstype.float32,
        softmax_compute_type: Any = mstype.float32,
        param_init_type: Any = mstype.float32,
        lambda_func: Any = None,
        use_past: bool = False,
        moe_config: Any = default_moe_config,
        parallel_config: Any = default_transformer_config,
    ) -> None:
        del lambda_func, parallel_config  # they place layers on devices
        super().__init__()
        kind: dict[str, Any] = {
            "batch_size": batch_size,
            "hidden_size": hidden_size,
            "ffn_hidden_size": ffn_hidden_size,
            "num_heads": num_heads,
            "attention_dropout_rate": attention_dropout_rate,
            "hidden_dropout_rate": hidden_dropout_rate,
            "hidden_act": hidden_act,
            "post_layernorm_residual": post_layernorm_residual,
            "layernorm_compute_type": layernorm_compute_type,
            "softmax_compute_type": softmax_compute_type,
            "param_init_type": param_init_type,
            "use_past": use_past,
            "moe_config": moe_config,
        }
        self.encoder = None
        self.decoder = None
        if encoder_layers > 0:
            self.encoder = TransformerEncoder(num_layers=encoder_layers, seq_length=src_seq_length, **kind)
        if decoder_layers > 0:
            lengths: dict[str, Any] = {"src_seq_length": src_seq_length, "tgt_seq_length": tgt_seq_length}
            self.decoder = TransformerDecoder(num_layers=decoder_layers, **lengths, **kind)

    def construct(
        self,
        encoder_inputs: Any,
        encoder_masks: Any,
        decoder_inputs: Any = None,
        decoder_masks: Any = None,
        memory_mask: Any = None,
        init_reset: Any = True,
        batch_valid_length: Any = None,
    ) -> Any:
        """The last states, and what the layers of the encoder and of the decoder have kept; None for one without."""
        states, encoded, decoded = None, None, None
        if self.encoder is not None:
            states, encoded = self.encoder(encoder_inputs, encoder_masks)
        if self.decoder is not None:
            states, decoded = self.decoder(decoder_inputs, decoder_masks, states, memory_mask)
        return states, encoded, decoded
