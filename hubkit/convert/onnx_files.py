"""The ONNX files of one network: in float32, in float16, in int8."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hubkit.convert.onnx_export import mindir_to_onnx
from hubkit.convert.records import SUFFIXES, ModelFile, OnnxOptions
from hubkit.nets.spec import InputSpec

# The format -> what it computes in. What int8 is made of is the float32 file.
_PRECISIONS = {"onnx": "float32", "onnx-fp16": "float16"}


@dataclass(frozen=True, slots=True)
class OnnxFiles:
    """Makes them of one MINDIR file, without MindSpore."""

    mindir: Path
    """The MINDIR file."""
    stem: Path
    """The path of the files without suffix."""
    inputs: Sequence[InputSpec]
    """The network's inputs, in order."""
    outputs: Sequence[str]
    """What to call its outputs, in order."""
    options: OnnxOptions
    """How they are made."""
    seed: int
    """Makes the inputs that int8 is calibrated with, where there is no folder of them."""

    def lowered(self, formats: Collection[str]) -> tuple[tuple[ModelFile, ...], float]:
        """The files of ``formats`` that are lowered, and that which int8 needs; and how long checking them took.

        Raises as `mindir_to_onnx`.
        """
        wanted = {*formats, *(["onnx"] if "onnx-int8" in formats else [])}
        files, seconds = [], 0.0
        for kind, precision in _PRECISIONS.items():
            if kind in wanted:
                report = mindir_to_onnx(
                    self.mindir,
                    self._path(kind),
                    input_names=[item.name for item in self.inputs],
                    output_names=self.outputs,
                    options=replace(self.options, precision=precision),
                )
                files.append(replace(report.file, format=kind))
                seconds += report.seconds["check"]
        return tuple(files), seconds

    def quantized(self) -> ModelFile:
        """The int8 file, made of the float32 one, which must be there. Raises as `to_int8`."""
        from hubkit.convert.precision.int8 import to_int8

        return to_int8(
            self._path("onnx"),
            self._path("onnx-int8"),
            self.inputs,
            calibration=self.options.calibration,
            seed=self.seed,
        )

    def _path(self, kind: str) -> Path:
        return self.stem.with_name(self.stem.name + SUFFIXES[kind])
