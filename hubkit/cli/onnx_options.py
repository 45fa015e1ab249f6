"""Options of how ONNX files are made."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from hubkit.convert.records import OnnxOptions

_OPTIONS = (
    click.option("--no-optimize", is_flag=True, help="Leave the ONNX graph as it was lowered."),
    click.option(
        "--dynamic",
        multiple=True,
        type=click.Choice(["height", "width"]),
        help="An axis of images to leave open beside the batch, where the network allows it; may be repeated.",
    ),
    click.option(
        "--calibration",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Images or .npy files to calibrate int8 with; without it inputs are made from --seed.",
    ),
)


def onnx_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give ``command`` these options; it gets them as one argument, ``onnx``."""

    @functools.wraps(command)
    def gathered(
        *args: Any, no_optimize: bool, dynamic: tuple[str, ...], calibration: Path | None, **others: Any
    ) -> None:
        options = OnnxOptions(optimize=not no_optimize, dynamic=tuple(dict.fromkeys(dynamic)), calibration=calibration)
        command(*args, onnx=options, **others)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered
