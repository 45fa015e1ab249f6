"""UNet 3+ against recorded facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit import nets
from hubkit.errors import ConvertError
from tests.requirements import needs_mindspore

np = pytest.importorskip("numpy")
pytestmark = needs_mindspore


def test_parameters_and_output_are_those_recorded(shared_dir: Path) -> None:
    from tests.nets.golden import parameter_list, recorded_parameters, seeded_output

    cell = nets.build("unet3plus")
    assert parameter_list(cell) == recorded_parameters(shared_dir, "unet3plus")
    output = seeded_output(cell, size=64, seed=1)
    recorded = np.load(shared_dir / "golden" / "unet3plus_64_1.npz")["output"]
    assert output.shape == recorded.shape == (1, 1, 64, 64)
    assert output.dtype == np.float32
    assert np.abs(output - recorded).max() <= 1e-4


def test_the_least_sizes_and_odd_ones_are_kept() -> None:
    from hubkit.smoke.runners import MindSporeRunner

    runner = MindSporeRunner(nets.build("unet3plus", in_channels=1, out_channels=3))
    (output,) = runner.run({"image": np.zeros((2, 1, 16, 31), np.float32)})
    assert output.shape == (2, 3, 16, 31)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 1, 32, 32), r"takes \(N, 3, H, W\), not \(1, 1, 32, 32\)"),
        ((3, 32, 32), r"takes \(N, 3, H, W\), not \(3, 32, 32\)"),
        ((1, 3, 15, 32), r"at least 16 x 16, not \(1, 3, 15, 32\)"),
        ((1, 3, 32, 15), r"at least 16 x 16, not \(1, 3, 32, 15\)"),
    ],
)
def test_an_image_of_the_wrong_shape_is_refused_in_words(shape: tuple[int, ...], message: str) -> None:
    from hubkit.smoke.runners import MindSporeRunner

    runner = MindSporeRunner(nets.build("unet3plus"))
    with pytest.raises(ConvertError, match=message):
        runner.run({"image": np.zeros(shape, np.float32)})
