"""Transforms of images and of data, in the modules in which MindSpore 1.x had them."""

from __future__ import annotations

import io

import numpy as np
import pytest

from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("all_installed")]


def picture() -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    pixels = np.random.default_rng(1).integers(0, 256, (6, 5, 3), np.uint8)
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_transforms_of_images_keep_their_layouts() -> None:
    import mindspore.dataset.vision.c_transforms as C  # noqa: N812 (as code of MindSpore 1.x has it)
    import mindspore.dataset.vision.py_transforms as P  # noqa: N812
    from PIL import Image

    encoded = picture()
    pixels = np.asarray(Image.open(io.BytesIO(encoded)))
    raw = np.frombuffer(encoded, np.uint8)
    np.testing.assert_array_equal(C.Decode()(raw), pixels)
    np.testing.assert_array_equal(C.Decode(True)(raw), pixels)
    np.testing.assert_array_equal(C.Decode(rgb=True)(raw), pixels)
    with pytest.raises(ValueError, match="RGB only"):
        C.Decode(False)
    decoded = P.Decode()(raw)
    assert isinstance(decoded, Image.Image)
    chw = P.ToTensor()(decoded)
    np.testing.assert_allclose(chw, pixels.transpose(2, 0, 1) / 255, atol=1e-6)
    mean, std = [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]
    expected = (chw - np.float32(mean)[:, None, None]) / np.float32(std)[:, None, None]
    np.testing.assert_allclose(P.Normalize(mean, std)(chw), expected, atol=1e-6)
    padded = P.NormalizePad(mean, std)(chw)
    assert padded.shape == (4, 6, 5)
    np.testing.assert_allclose(padded[:3], expected, atol=1e-6)
    np.testing.assert_allclose(C.Normalize(mean, std)(chw.transpose(1, 2, 0)), expected.transpose(1, 2, 0), atol=1e-6)
    np.testing.assert_array_equal(C.HWC2CHW()(pixels), pixels.transpose(2, 0, 1))
    cut = P.Cutout(4)(np.ones((3, 6, 6), np.float32)) == 0
    assert cut.shape == (3, 6, 6)
    assert (cut == cut[0]).all()  # the same patch in each channel


def test_transforms_of_data_keep_their_numbers() -> None:
    import mindspore.dataset.transforms.c_transforms as C  # noqa: N812 (as code of MindSpore 1.x has it)
    import mindspore.dataset.transforms.py_transforms as P  # noqa: N812

    np.testing.assert_array_equal(C.OneHot(4)(np.array(2)), [0, 0, 1, 0])
    np.testing.assert_allclose(P.OneHotOp(4, smoothing_rate=0.2)(np.array(2)), [0.05, 0.05, 0.85, 0.05], atol=1e-6)
    np.testing.assert_array_equal(P.Compose([lambda x: x + 1, lambda x: x * 2])(np.array([1])), [4])
