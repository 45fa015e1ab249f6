"""``mindspore.nn.transformer``: parameters under the names that checkpoints hold, and the numbers of its documents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

SIZE, HEADS, INNER = 16, 4, 32
SHAPE = {"hidden_size": SIZE, "ffn_hidden_size": INNER, "num_heads": HEADS, "batch_size": 2}
# Products are computed in float16, whose last place is a thousandth of a value.
ATOL = 2e-2


@pytest.fixture(autouse=True)
def graph_mode() -> None:
    import mindspore

    mindspore.set_context(mode=mindspore.GRAPH_MODE)


def drawn(cell: Any) -> dict[str, NDArray[Any]]:
    """Weights for ``cell``, which it has afterwards."""
    import mindspore

    rng = np.random.default_rng(5)
    weights = {}
    for parameter in cell.get_parameters():
        weights[parameter.name] = rng.normal(0, 0.3, parameter.shape).astype(np.float32)
        parameter.set_data(mindspore.Tensor(weights[parameter.name]))
    cell.set_train(False)
    return weights


def states(*shape: int) -> NDArray[Any]:
    return np.random.default_rng(7).normal(size=shape).astype(np.float32)


def part(weights: dict[str, NDArray[Any]], name: str) -> dict[str, NDArray[Any]]:
    """The weights of the layer ``name``."""
    return {key.removeprefix(f"{name}."): value for key, value in weights.items() if key.startswith(f"{name}.")}


def norm(x: NDArray[Any], weights: dict[str, NDArray[Any]]) -> NDArray[Any]:
    x = x - x.mean(-1, keepdims=True)
    return np.asarray(x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-5) * weights["gamma"] + weights["beta"])


def attention(
    weights: dict[str, NDArray[Any]], query: NDArray[Any], memory: NDArray[Any], mask: NDArray[Any]
) -> NDArray[Any]:
    def heads(x: NDArray[Any], name: str) -> NDArray[Any]:
        rows = x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
        return rows.reshape(*rows.shape[:2], HEADS, -1).transpose(0, 2, 1, 3)

    q, k, v = heads(query, "dense1"), heads(memory, "dense2"), heads(memory, "dense3")
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1]) + (1 - mask[:, None]) * -10000.0
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    found = (shares @ v).transpose(0, 2, 1, 3).reshape(query.shape)
    return np.asarray(found @ weights["projection.weight"] + weights["projection.bias"])


def gelu(x: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))))


def feed(weights: dict[str, NDArray[Any]], x: NDArray[Any]) -> NDArray[Any]:
    inner = gelu(x @ weights["mapping.weight"] + weights["mapping.bias"])
    return np.asarray(inner @ weights["projection.weight"] + weights["projection.bias"])


def encoder_layer(weights: dict[str, NDArray[Any]], x: NDArray[Any], mask: NDArray[Any], after: bool) -> NDArray[Any]:
    given = norm(x, part(weights, "layernorm1"))
    x = (given if after else x) + attention(part(weights, "attention"), given, given, mask)
    return finish(weights, x, after)


def finish(weights: dict[str, NDArray[Any]], x: NDArray[Any], after: bool) -> NDArray[Any]:
    given = norm(x, part(weights, "layernorm2"))
    return (given if after else x) + feed(part(weights, "output"), given)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("flat", [False, True], ids=["3d", "2d"])
def test_an_encoder_layer_is_attention_and_a_feed_forward_layer(after: bool, flat: bool) -> None:
    import mindspore

    from hubkit.compat.transformer import TransformerEncoderLayer

    layer = TransformerEncoderLayer(**SHAPE, seq_length=5, post_layernorm_residual=after)
    weights = drawn(layer)
    x, mask = states(2, 5, SIZE), np.tril(np.ones((2, 5, 5), np.float32))
    given = x.reshape(-1, SIZE) if flat else x
    found, present = layer(mindspore.Tensor(given), mindspore.Tensor(mask))
    assert (found.shape, found.asnumpy().dtype) == (given.shape, np.float16 if after else np.float32)
    assert [item.shape for item in present] == [(2, HEADS, SIZE // HEADS, 5), (2, HEADS, 5, SIZE // HEADS)]
    expected = encoder_layer(weights, x, mask, after)
    np.testing.assert_allclose(found.asnumpy().reshape(x.shape), expected, atol=ATOL)


def test_parameters_have_the_names_of_checkpoints() -> None:
    from hubkit.compat.transformer import Transformer

    network = Transformer(**SHAPE, src_seq_length=5, tgt_seq_length=4, encoder_layers=1, decoder_layers=1)
    shapes = {item.name: tuple(item.shape) for item in network.get_parameters()}
    dense = {"weight": (SIZE, SIZE), "bias": (SIZE,)}
    both = {
        **{f"layernorm{n}.{name}": (SIZE,) for n in (1, 2) for name in ("gamma", "beta")},
        **{
            f"attention.{layer}.{name}": shape
            for layer in ("dense1", "dense2", "dense3", "projection")
            for name, shape in dense.items()
        },
        "output.mapping.weight": (SIZE, INNER),
        "output.mapping.bias": (INNER,),
        "output.projection.weight": (INNER, SIZE),
        "output.projection.bias": (SIZE,),
    }
    crossing = {f"cross_{name}": shape for name, shape in both.items() if name.startswith("attention.")}
    crossing |= {f"cross_attention_layernorm.{name}": (SIZE,) for name in ("gamma", "beta")}
    assert shapes == {
        **{f"encoder.blocks.0.{name}": shape for name, shape in both.items()},
        **{f"decoder.blocks.0.{name}": shape for name, shape in (both | crossing).items()},
    }


def test_an_encoder_and_a_decoder_work_together() -> None:
    import mindspore

    from hubkit.compat.transformer import Transformer

    network = Transformer(**SHAPE, src_seq_length=5, tgt_seq_length=4, encoder_layers=2, decoder_layers=1)
    weights = drawn(network)
    source, target = states(2, 5, SIZE), states(2, 4, SIZE)
    masks = [np.ones((2, 5, 5), np.float32), np.tril(np.ones((2, 4, 4), np.float32)), np.ones((2, 4, 5), np.float32)]
    masks[2][1, :, 3:] = 0
    given = (source, masks[0], target, masks[1], masks[2])
    found, encoded, decoded = network(*map(mindspore.Tensor, given))
    assert [len(encoded), len(decoded), len(decoded[0])] == [2, 1, 4]
    memory = source
    for number in (0, 1):
        memory = encoder_layer(part(weights, f"encoder.blocks.{number}"), memory, masks[0], False)
    layer = part(weights, "decoder.blocks.0")
    normed = norm(target, part(layer, "layernorm1"))
    x = target + attention(part(layer, "attention"), normed, normed, masks[1])
    normed = norm(x, part(layer, "cross_attention_layernorm"))
    x = x + attention(part(layer, "cross_attention"), normed, memory, masks[2])
    np.testing.assert_allclose(found.asnumpy(), finish(layer, x, False), atol=2 * ATOL)


def test_an_encoder_without_a_decoder() -> None:
    import mindspore

    from hubkit.compat.transformer import Transformer, TransformerEncoder

    network = Transformer(**SHAPE, src_seq_length=5, tgt_seq_length=5, encoder_layers=1, decoder_layers=0)
    alone = TransformerEncoder(**SHAPE, num_layers=1, seq_length=5)
    drawn(network)
    drawn(alone)
    x, mask = mindspore.Tensor(states(2, 5, SIZE)), mindspore.Tensor(np.ones((2, 5, 5), np.float32))
    np.testing.assert_array_equal(network(x, mask)[0].asnumpy(), alone(x, mask)[0].asnumpy())


def test_masks_tables_and_losses() -> None:
    import mindspore

    from hubkit.compat.transformer import AttentionMask, CrossEntropyLoss, VocabEmbedding

    mask = AttentionMask(3)(mindspore.Tensor(np.float32([[1, 1, 0], [1, 1, 1]]))).asnumpy()
    np.testing.assert_array_equal(mask[0], [[1, 0, 0], [1, 1, 0], [0, 0, 0]])
    np.testing.assert_array_equal(mask[1], np.tril(np.ones((3, 3))))
    embedding = VocabEmbedding(7, 4)
    table = drawn(embedding)["embedding_table"]
    rows, whole = embedding(mindspore.Tensor(np.int32([[6, 0]])))
    np.testing.assert_array_equal(rows.asnumpy(), table[[[6, 0]]])
    np.testing.assert_array_equal(whole.asnumpy(), table)
    logits, kept = states(3, 5), np.float32([1, 0, 1])
    loss = CrossEntropyLoss()(*map(mindspore.Tensor, (logits, np.int32([2, 0, 4]), kept)))
    each = np.log(np.exp(logits).sum(1)) - logits[range(3), [2, 0, 4]]
    np.testing.assert_allclose(loss.asnumpy(), [(each * kept).sum() / 2], rtol=1e-4)


@pytest.mark.parametrize("transposed", [True, False])
def test_a_dense_layer_computes_in_its_own_type(transposed: bool) -> None:
    import mindspore

    from hubkit.compat.transformer import _Linear

    x = states(2, 3, 8)
    for kind, atol in ((mindspore.float32, 1e-5), (mindspore.float16, 1e-2)):
        layer = _Linear(8, 4, transpose_b=transposed, activation="relu", compute_dtype=kind)
        weights = drawn(layer)
        assert layer.shard(((1, 1), (1, 1))) is layer
        weight = weights["weight"].T if transposed else weights["weight"]
        found = layer(mindspore.Tensor(x)).asnumpy()
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, np.maximum(x @ weight + weights["bias"], 0), atol=atol)


def test_settings_for_devices_are_kept_and_change_nothing() -> None:
    import copy

    from hubkit.compat.transformer import TransformerOpParallelConfig, TransformerRecomputeConfig, VocabEmbedding

    config = TransformerOpParallelConfig(data_parallel=2, model_parallel=4, recompute=True)
    assert (config.dp_mp_config.data_parallel, config.dp_mp_config.model_parallel) == (2, 4)
    other = copy.deepcopy(config)
    other.vocab_emb_dp = False
    assert (other.embedding_dp_mp_config.vocab_emb_dp, config.embedding_dp_mp_config.vocab_emb_dp) == (False, True)
    assert config.embedding_dp_mp_config.dp_mp_config == config.dp_mp_config
    assert config.moe_parallel_config.expert_parallel == 1
    assert TransformerOpParallelConfig().recompute == TransformerRecomputeConfig()
    assert VocabEmbedding(5, 4, other.embedding_dp_mp_config).embedding_table.shape == (5, 4)


def test_what_is_not_mapped_is_refused_by_name() -> None:
    from hubkit.compat.transformer import MoEConfig, TransformerEncoder

    with pytest.raises(ValueError, match=r"with 4 experts is not mapped[\s\S]*only networks with expert_num=1"):
        TransformerEncoder(**SHAPE, num_layers=1, seq_length=5, moe_config=MoEConfig(expert_num=4))
    with pytest.raises(ValueError, match=r"with use_past, which keeps keys and values[\s\S]*Write use_past: false"):
        TransformerEncoder(**SHAPE, num_layers=1, seq_length=5, use_past=True)


def test_a_copied_layer_finds_the_checks_that_it_calls() -> None:
    import mindspore
    from mindspore import dtype, nn, ops

    from hubkit.compat import transformer
    from hubkit.compat.table import MODULES

    parts = ("layers", "moe", "op_parallel_config", "transformer")
    assert {MODULES[f"mindspore.parallel._transformer.{part}"] for part in parts} == {transformer.__name__}

    class Copied(nn.Cell):  # type: ignore[misc]
        @transformer._args_type_validator_check(
            size=lambda value, name: None,
            kind=transformer._valid_value_checks([dtype.float32], "Copied"),
            act=transformer._valid_type_checks([str], "Copied"),
        )
        def __init__(self, size: int, kind: Any = dtype.float32, act: str = "relu") -> None:
            super().__init__()
            transformer._check_config(transformer.default_dpmp_config)
            transformer._check_moe_config(transformer.default_moe_config, transformer.default_dpmp_config)
            transformer._LayerInputCheck.check_shape_equal([2, size], "x", "Copied", [2, size])
            self.norm = transformer._LayerNorm((size,)).to_float(kind)
            transformer._get_lambda_func()(self.norm, layer_id=0, layers=1, offset=0, parallel_config=None)

        def construct(self, x: Any, past: Any = None) -> Any:
            transformer._check_input_dtype(ops.dtype(x), "x", [dtype.float32], "Copied")
            transformer._check_input_shape(ops.shape(x), "x", "Copied", 2)
            transformer._check_shape_equal(ops.shape(x), "x", "Copied", [2, SIZE])
            transformer._check_past_none_input_none(False, "past", "Copied", None, past is not None, past is None)
            return self.norm(x)

    cell = Copied(SIZE)
    weights = drawn(cell)
    x = states(2, SIZE)
    assert cell(mindspore.Tensor(x)).asnumpy() == pytest.approx(norm(x, part(weights, "norm")), abs=1e-5)
    with pytest.raises(ValueError, match=r"experts is not mapped"):
        transformer.MoE(hidden_size=SIZE)
