"""Pools of regions whose windows have channels of their own: what stands for the operator computes its formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hubkit import compat
from hubkit.compat.regions import PSROIPooling, PsROIPooling
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("marks")]

Array = NDArray[Any]


def pooled(x: Array, regions: Array, scale: float, parts: int, channels: int, whole: bool) -> Array:
    """What the kernels give, window by window; ``whole`` where regions begin and end at whole numbers."""
    found = np.zeros((len(regions), channels, parts, parts), np.float32)
    for place, (image, *corners) in enumerate(regions):
        if whole:
            x0, y0, x1, y1 = (np.floor(corner * scale + 0.5) for corner in corners)
            starts, ends = (y0, x0), (y1, x1)
        else:
            x0, y0, x1, y1 = (np.floor(corner + 0.5) for corner in corners)
            starts, ends = (y0 * scale, x0 * scale), ((y1 + 1) * scale, (x1 + 1) * scale)
        steps = [max(end - begin, 0.1) / parts for begin, end in zip(starts, ends, strict=True)]
        for row, column, channel in np.ndindex(parts, parts, channels):
            edges = [
                np.clip([np.floor(n * step + begin), np.ceil((n + 1) * step + begin)], 0, size - whole).astype(int)
                for n, step, begin, size in zip((row, column), steps, starts, x.shape[2:], strict=True)
            ]
            down, across = (slice(*edge) for edge in edges)
            window = x[int(image), (channel * parts + row) * parts + column, down, across]
            found[place, channel, row, column] = window.mean() if window.size else 0
    return found


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(("scale", "parts", "channels"), [(0.5, 2, 3), (0.25, 3, 1), (1.0, 1, 2)])
def test_windows_of_regions_have_channels_of_their_own(scale: float, parts: int, channels: int, whole: bool) -> None:
    import mindspore
    from mindspore import nn

    class Net(nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            arguments = (parts, parts, 9, scale, channels, parts)
            self.pool = PSROIPooling(scale, parts, channels) if whole else PsROIPooling(*arguments)

        def construct(self, x: Any, regions: Any) -> Any:
            return self.pool(x, regions)

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    draw = np.random.default_rng(5)
    x = draw.normal(size=(2, channels * parts**2, 8, 6)).astype(np.float32)
    corners = draw.uniform(0, 14, (9, 2))
    regions = np.concatenate([np.arange(9)[:, None] % 2, corners, corners + draw.uniform(-1, 14, (9, 2))], 1)
    regions = np.concatenate([regions, [[0, 90, 90, 99, 99]]]).astype(np.float32)  # one outside of the image
    given = regions.reshape(2, 5, 5).transpose(0, 2, 1) if whole else regions
    found = Net()(mindspore.Tensor(x), mindspore.Tensor(np.ascontiguousarray(given)))
    if not whole:
        found, channel = found
        order = np.arange(channels * parts**2).reshape(channels, parts, parts)
        assert channel.asnumpy().tolist() == [order.tolist()] * 10
    np.testing.assert_allclose(found.asnumpy(), pooled(x, regions, scale, parts, channels, whole), atol=1e-5)
    assert compat.used() == (f"mindspore.ops.{'PSROIPooling' if whole else 'PsROIPooling'}(on the CPU)",)


def test_other_windows_than_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="as many windows as groups only"):
        PsROIPooling(7, 7, 4, 0.5, 3, 2)
