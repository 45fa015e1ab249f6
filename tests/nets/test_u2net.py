"""U^2-Net against recorded facts and against the paper."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from hubkit import nets
from hubkit.errors import ConvertError
from tests.requirements import needs_mindspore

np = pytest.importorskip("numpy")
pytestmark = needs_mindspore


def test_parameters_and_output_are_those_recorded(shared_dir: Path) -> None:
    from tests.nets.golden import parameter_list, recorded_parameters, seeded_output

    cell = nets.build("u2net")
    assert parameter_list(cell) == recorded_parameters(shared_dir, "u2net")
    output = seeded_output(cell, size=64, seed=1)
    recorded = np.load(shared_dir / "golden" / "u2net_64_1.npz")["output"]
    assert output.shape == recorded.shape == (1, 7, 64, 64)
    assert output.dtype == np.float32
    assert np.abs(output - recorded).max() <= 1e-4


def test_the_small_variant_has_the_papers_size_and_the_full_ones_names() -> None:
    small, full = nets.build("u2netp"), nets.build("u2net")
    assert [p.name for p in small.get_parameters()] == [p.name for p in full.get_parameters()]
    trained = sum(p.size for p in small.trainable_params())
    stored = sum(p.size for p in small.get_parameters())
    # Every stage is an RSU with 16 inner channels. By hand, a convolution with bias and batch norm holds
    # 9 * in * out + 3 * out trained values; table 1 gives in, height L (2 L + 1 convolutions an L) and out = 64.
    inputs = (3, 64, 64, 64, 64, 64, 128, 128, 128, 128, 128)
    heights = (7, 6, 5, 4, 4, 4, 4, 4, 5, 6, 7)
    expected = 0
    for channels, height in zip(inputs, heights, strict=True):
        convolutions = [(channels, 64), (64, 16), *[(16, 16)] * (height - 1)]
        convolutions += [*[(32, 16)] * (height - 2), (32, 64)]
        assert len(convolutions) == 2 * height
        expected += sum(9 * i * o + 3 * o for i, o in convolutions)
    expected += 6 * (9 * 64 + 1) + (6 + 1)
    assert trained == expected == 1_131_181
    # The paper gives 4.7 MB for the small and 176.3 MB for the full variant: float32 files, whose names and
    # headers are much the same for both. What is left once the values are taken away must be so, too.
    overhead = {
        "small": 4.7 - 4 * stored / 1e6,
        "full": 176.3 - 4 * sum(p.size for p in full.get_parameters()) / 1e6,
    }
    assert overhead["small"] == pytest.approx(overhead["full"], abs=0.05)
    assert 0.1 <= overhead["small"] <= 0.2


def test_a_side_too_short_for_five_halvings_is_kept_and_maps_are_probabilities() -> None:
    import mindspore

    from tests.nets.golden import seed_weights

    cell = nets.build("u2netp", out_channels=2)
    rng = seed_weights(cell, 3)
    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    output = cell(mindspore.Tensor(rng.uniform(0, 1, (2, 3, 9, 50)).astype(np.float32))).asnumpy()
    assert output.shape == (2, 14, 9, 50)
    assert output.min() > 0
    assert output.max() < 1


def test_the_fused_map_is_the_side_maps_weighted_sum() -> None:
    from tests.nets.golden import seeded_output

    cell = nets.build("u2netp")
    output = seeded_output(cell, size=32, seed=5).astype(np.float64)
    logits = np.log(output / (1 - output))
    weight = cell.outconv.weight.asnumpy().astype(np.float64)[0, :, 0, 0]
    fused = np.tensordot(weight, logits[0, 1:], axes=1) + float(cell.outconv.bias.asnumpy()[0])
    assert np.abs(fused - logits[0, 0]).max() < 1e-4


@pytest.mark.parametrize("shape", [(1, 1, 32, 32), (3, 32, 32)])
def test_an_image_of_the_wrong_shape_is_refused_in_words(shape: tuple[int, ...]) -> None:
    from hubkit.smoke.runners import MindSporeRunner

    runner = MindSporeRunner(nets.build("u2netp"))
    with pytest.raises(ConvertError, match=r"U\^2-Net takes \(N, 3, H, W\), not \(") as caught:
        runner.run({"image": np.zeros(shape, np.float32)})
    assert str(shape) in caught.value.message


def test_upsampling_aligns_neither_corners_nor_centres() -> None:
    import mindspore

    from hubkit.nets.u2net import _Upsample

    row = np.array([0, 10, 20, 30], np.float32).reshape(1, 1, 1, 4)
    output = _Upsample()(mindspore.Tensor(row), mindspore.Tensor(np.zeros((1, 1, 1, 8), np.float32))).asnumpy()
    # Column j reads column j / 2, clamped at the last.
    wanted = [min(j / 2, 3) * 10 for j in range(8)]
    assert output.ravel().tolist() == pytest.approx(wanted)
    assert math.prod(output.shape) == 8
