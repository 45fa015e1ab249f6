"""What a network is shown to find the ranges of its values: images, arrays, or inputs made from a seed."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec
from hubkit.smoke.inputs import seeded_inputs

SEEDED_SAMPLES = 8
"""How many inputs are made where no folder is given."""
MAX_SAMPLES = 128
"""How many files of a folder are used: the first, by name. More change the ranges little and take their time."""

Sample = dict[str, NDArray[Any]]


def samples(specs: Sequence[InputSpec], folder: Path | None, seed: int) -> tuple[Iterator[Sample], str]:
    """The inputs to calibrate with, one after the other, and what they are in words.

    Without ``folder`` they are made from ``seed``. With it, each .npy file is one input (float or integer, with or
    without the first axis, a batch of 1), and each image is read as RGB, or grey where the network has one channel,
    resized to the network's size and scaled from 0..255 to the input's range.
    Raises ConvertError where the folder holds nothing to use, a file cannot be read or does not fit, or the network
    has more than one input.
    """
    if folder is None:
        made = (seeded_inputs(specs, seed + number) for number in range(SEEDED_SAMPLES))
        return made, f"{SEEDED_SAMPLES} inputs from seed {seed}, no real data"
    if len(specs) != 1:
        raise ConvertError(
            f"the network has {len(specs)} inputs: a folder holds values for one",
            hint="Leave out the folder: inputs are then made from the seed.",
        )
    files = calibration_files(folder)
    (spec,) = specs
    read = ({spec.name: _READERS[path.suffix.lower()](path, spec)} for path in files)
    return read, f"{len(files)} file{'s' * (len(files) != 1)} of {folder.name}"


def calibration_files(folder: Path) -> list[Path]:
    """The files of ``folder`` that are used, in order. Raises ConvertError where there is none."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _READERS and path.is_file())
    except OSError as error:
        raise ConvertError(
            f"the calibration folder {folder} cannot be read: {error.strerror}", hint="Check the path."
        ) from None
    if not files:
        raise ConvertError(
            f"the calibration folder {folder} holds no file to use", hint=f"It takes {', '.join(sorted(_READERS))}."
        )
    return files[:MAX_SAMPLES]


def _array(path: Path, spec: InputSpec) -> NDArray[Any]:
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ConvertError(f"{path} is no .npy file of numbers: {error}", hint="Write it with numpy.save.") from None
    if array.shape == spec.shape[1:]:
        array = array[np.newaxis]
    if array.shape[1:] != spec.shape[1:] or array.shape[:1] != (1,) or array.dtype.kind not in "bfiu":
        raise ConvertError(
            f"{path} holds {array.dtype}{list(array.shape)}, but the input {spec.name} is {list(spec.shape[1:])}",
            hint="Give one input a file, as the network takes it.",
        )
    found: NDArray[Any] = array.astype(spec.dtype)
    return found


def _image(path: Path, spec: InputSpec) -> NDArray[Any]:
    if importlib.util.find_spec("PIL") is None:
        raise ConvertError(f"{path}: reading images needs Pillow", hint="Install pillow, or give .npy files.")
    from PIL import Image, UnidentifiedImageError

    if len(spec.shape) != 4 or spec.shape[1] not in (1, 3):
        raise ConvertError(f"the input {spec.name} is {list(spec.shape)}, no image", hint="Give .npy files.")
    _, channels, height, width = spec.shape
    try:
        with Image.open(path) as opened:
            image = opened.convert("RGB" if channels == 3 else "L").resize((width, height), Image.Resampling.BILINEAR)
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ConvertError(f"{path} cannot be read as an image: {error}", hint="Leave it out.") from None
    pixels = np.asarray(image, np.float64).reshape(height, width, channels).transpose(2, 0, 1)
    return (spec.low + pixels / 255 * (spec.high - spec.low)).astype(spec.dtype)[np.newaxis]


_READERS: dict[str, Callable[[Path, InputSpec], NDArray[Any]]] = {
    ".npy": _array,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".bmp", ".webp"), _image),
}
