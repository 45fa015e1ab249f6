"""What is done with a damaged file of each kind: all that hubkit does with a file it did not make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def read_checkpoint(path: Path, scratch: Path) -> None:
    """Inspect a .ckpt, and read its parameters."""
    from hubkit.convert.checkpoint import read_checkpoint
    from hubkit.inspect.inspection import inspect

    inspect(path)
    for array in read_checkpoint(path).values():
        array.any()


def read_safetensors(path: Path, scratch: Path) -> None:
    """Inspect a .safetensors, and read its tensors."""
    from hubkit.convert.binary import map_file
    from hubkit.convert.safetensors import read_safetensors
    from hubkit.inspect.inspection import inspect

    inspect(path)
    read_safetensors(map_file(path, "safetensors"), path)


def convert_mindir(path: Path, scratch: Path) -> None:
    """Inspect a .mindir, lower it to ONNX, have it checked, and run that: all that `hubkit convert x.mindir` does."""
    from hubkit.convert.from_mindir import port_names
    from hubkit.convert.mindir import read_mindir
    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.inspect.inspection import inspect
    from hubkit.smoke.inputs import seeded_inputs
    from hubkit.smoke.runners import OnnxRunner

    inspect(path)
    inputs, outputs = port_names(read_mindir(path))
    made = scratch / "made.onnx"
    mindir_to_onnx(path, made, input_names=[item.name for item in inputs], output_names=outputs)
    OnnxRunner(made).run(seeded_inputs(inputs, seed=0))


def read_onnx(path: Path, scratch: Path) -> None:
    """Inspect an .onnx, and describe it."""
    from hubkit.convert.describe import describe_onnx
    from hubkit.inspect.inspection import inspect

    inspect(path)
    describe_onnx(path)


TARGETS: dict[str, Callable[[Path, Path], None]] = {
    "ckpt": read_checkpoint,
    "mindir": convert_mindir,
    "onnx": read_onnx,
    "safetensors": read_safetensors,
}
"""By the files' suffix."""
