"""Attention as MindSpore has it for Ascend: on the CPU it computes what its document says, and is converted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.compat.networks import module_of
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

_DRAWN = np.random.default_rng(5)
Q, K, V = (_DRAWN.normal(size=(2, heads, length, 8)).astype(np.float32) for heads, length in ((4, 3), (2, 5), (2, 5)))
SHIFT = _DRAWN.normal(size=(1, 4, 3, 5)).astype(np.float32)
MASK = _DRAWN.random((2, 1, 3, 5)) > 0.6
APART = np.arange(5)[None] - np.arange(3)[:, None]

SOURCE = """
import mindspore
from mindspore import nn, ops
from mindspore.ops.operations.nn_ops import FlashAttentionScore


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.attention = FlashAttentionScore(4, scale_value=0.5, input_layout="BNSD")

    def construct(self, q, k, v, shift, mask):
        return {text}
"""


def attended(out: Any = None, shift: Any = 0.0) -> np.ndarray:
    k, v = K.repeat(2, 1).astype(np.float64), V.repeat(2, 1).astype(np.float64)
    scores = Q @ k.swapaxes(-1, -2) * 0.5 + shift
    if out is not None:
        scores = np.where(out, -1e30, scores)
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(shares / shares.sum(-1, keepdims=True) @ v)


def lines(x: np.ndarray) -> np.ndarray:
    """(batch, heads, length, width) as (batch, length, heads * width)."""
    return np.ascontiguousarray(x.swapaxes(1, 2)).reshape(x.shape[0], x.shape[2], -1)


CALL = "ops.flash_attention_score({}, 4, scalar_value=0.5, {})"
BNSD = "q, k, v"
BSH = ", ".join(f"ops.reshape(ops.swapaxes({n}, 1, 2), (2, -1, {w}))" for n, w in (("q", 32), ("k", 16), ("v", 16)))


@pytest.fixture(autouse=True)
def graph_mode(all_installed: None) -> None:
    import mindspore

    mindspore.set_context(mode=mindspore.GRAPH_MODE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CALL.format(BNSD, "input_layout='BNSD'"), attended()),
        (CALL.format(BNSD, "input_layout='BNSD', attn_mask=mask"), attended(MASK)),
        (CALL.format(BNSD, "input_layout='BNSD', attn_mask=mask, real_shift=shift"), attended(MASK, SHIFT)),
        (CALL.format(BNSD, "input_layout='BNSD', sparse_mode=2"), attended(APART > 0)),
        (CALL.format(BNSD, "input_layout='BNSD', sparse_mode=3"), attended(APART > 2)),
        (
            CALL.format(BNSD, "input_layout='BNSD', attn_mask=mask, pre_tokens=1, next_tokens=2"),
            attended(MASK | (APART > 2) | (APART < -1)),
        ),
        (CALL.format(BSH, ""), lines(attended())),
        ("self.attention(q, k, v, None, None, None, mask)[3]", attended(MASK)),
        ("ops.cast(self.attention(*[ops.cast(x, mindspore.float16) for x in (q, k, v)])[3], q.dtype)", attended()),
    ],
    ids=["plain", "mask", "shift", "causal", "causal-right", "band", "lines", "operator", "half"],
)
def test_numbers_and_the_onnx_file(
    text: str, expected: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marks: None
) -> None:
    import mindspore
    import onnxruntime

    from hubkit import compat
    from hubkit.convert.onnx_export import mindir_to_onnx

    given = {"q": Q, "k": K, "v": V, "shift": SHIFT, "mask": MASK}
    cell = module_of(SOURCE.replace("{text}", text), tmp_path, monkeypatch).Net()
    tensors = [mindspore.Tensor(array) for array in given.values()]
    np.testing.assert_allclose(cell(*tensors).asnumpy(), expected, rtol=1e-4, atol=1e-2 if "float16" in text else 1e-5)
    assert compat.used() == ("mindspore.ops.flash_attention_score(on the CPU)",)
    mindspore.export(cell, *tensors, file_name=str(tmp_path / "net"), file_format="MINDIR")
    mindir_to_onnx(tmp_path / "net.mindir", tmp_path / "net.onnx", input_names=list(given), output_names=["found"])
    session = onnxruntime.InferenceSession(str(tmp_path / "net.onnx"), providers=["CPUExecutionProvider"])
    taken = {item.name for item in session.get_inputs()}
    (found,) = session.run(None, {name: array for name, array in given.items() if name in taken})
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-2 if "float16" in text else 1e-5)


def test_what_is_not_computed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mindspore

    text = CALL.format(BNSD, "input_layout='BNSD', attn_mask=mask, sparse_mode=4")
    cell = module_of(SOURCE.replace("{text}", text), tmp_path, monkeypatch).Net()
    with pytest.raises(ValueError, match="sparse modes of 0 to 3"):
        cell(*(mindspore.Tensor(array) for array in (Q, K, V, SHIFT, MASK)))
