"""Which options of ``hubkit convert`` go together: what would be without effect is refused, not passed over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from click.core import ParameterSource

from hubkit.errors import ConvertError

# What is converted -> parameters that say nothing about it.
_WITHOUT_EFFECT: dict[str, tuple[str, ...]] = {
    "a MINDIR": ("time_limit", "memory_limit", "resume", "evidence", "strict", "trust_repo", "renew_code"),
    "a CKPT": ("resume", "strict", "trust_repo", "renew_code"),
    "--check": ("checkpoint", "resume", "evidence", "strict", "no_optimize", "calibration"),
}
# What is given -> the formats of --to that it is for.
_FOR_FORMATS: dict[str, tuple[str, ...]] = {
    "calibration": ("onnx-int8",),
    "dynamic": ("onnx", "onnx-fp16", "onnx-int8"),
    "no_optimize": ("onnx", "onnx-fp16", "onnx-int8"),
}
# Files that a user may well try: what they are.
_OTHER_FILES = {
    ".onnx": "ends in .onnx, from which nothing is made; `hubkit inspect` shows what such a file holds",
    ".pth": "is a file of PyTorch",
    ".pt": "is a file of PyTorch",
    ".pdparams": "is a file of PaddlePaddle",
    ".h5": "is a file of Keras",
    ".pb": "is a file of TensorFlow",
    ".air": "is a file for Ascend, from which nothing can be made",
    ".ms": "is a file of MindSpore Lite, from which nothing can be made",
}


def refuse_without_effect(context: click.Context, what: str) -> None:
    """Raise UsageError where an option was given that says nothing about ``what``, a key of the table."""
    for name in _WITHOUT_EFFECT[what]:
        if _is_given(context, name):
            raise click.UsageError(f"{_option(context, name)} has no effect on {what}: leave it out.")


def refuse_without_format(context: click.Context, formats: Sequence[str]) -> None:
    """Raise UsageError where an option was given for a format that is not among ``formats``, ConvertError where the
    folder of --calibration holds nothing to use.
    """
    for name, wanted in _FOR_FORMATS.items():
        if _is_given(context, name) and not set(wanted) & set(formats):
            raise click.UsageError(
                f"{_option(context, name)} is for --to {' or '.join(wanted)}, which is not asked for."
            )
    if (folder := context.params["calibration"]) is not None:
        from hubkit.convert.precision.calibration import calibration_files

        calibration_files(folder)  # before a network is built that is to be shown them


def refuse_other_file(source: str) -> None:
    """Raise ConvertError where ``source`` is the name of a file, which is neither a CKPT nor a MINDIR."""
    path = Path(source)
    if path.suffix == ".md":
        raise ConvertError(f"{source} is no card of the folder --cards", hint="Name the folder that its uid begins in.")
    if path.is_file() or path.suffix in _OTHER_FILES:
        raise ConvertError(
            f"{source} {_OTHER_FILES.get(path.suffix, 'is a file, and its name ends in none that is converted')}",
            hint="Files to convert: .mindir; .ckpt or .safetensors with --network NAME; weights under another name as "
            "NETWORK --checkpoint FILE.",
        )


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _option(context: click.Context, name: str) -> str:
    return next(parameter.opts[0] for parameter in context.command.params if parameter.name == name)
