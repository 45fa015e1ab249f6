"""Convert a .mindir file to ONNX, in an environment with MindSpore or without.

The file is lowered, checked and run in ONNX Runtime. Where MindSpore is installed, what it makes of the MINDIR is
compared with that, in a process of its own; where it is not, the result says that nothing was compared, and why.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hubkit.convert.clock import Clock
from hubkit.convert.mindir_parity import MindirParity, compare_in_process
from hubkit.convert.publish import publish
from hubkit.convert.records import ONNX_DEFAULTS, ModelFile, OnnxOptions
from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec

if TYPE_CHECKING:
    from hubkit.convert.mindir_graph import Graph
    from hubkit.convert.onnx_files import OnnxFiles

_NEEDED = ("numpy", "google.protobuf", "onnx", "onnxruntime")
_OUTPUT = "output"
_LOW, _HIGH = 0.0, 1.0  # a file does not say what its inputs expect; images and masks lie here, and tables have row 1


@dataclass(frozen=True, slots=True)
class FromMindir:
    """What came of one .mindir file."""

    files: tuple[ModelFile, ...]
    """The ONNX files under their final names; empty where one differs from the MINDIR, for then none is put there."""
    inputs: tuple[InputSpec, ...]
    """The network's inputs, and the range that values for them were drawn from."""
    parity: MindirParity
    """How far ONNX Runtime is from MindSpore, or why nothing was compared."""
    error: str
    """What differs; empty where nothing does."""
    seconds: Mapping[str, float]
    """How long each step took: "read", "lower", "run onnx", "compare"."""


def convert_mindir(
    source: Path,
    target_dir: Path,
    *,
    formats: Sequence[str] = ("onnx",),
    seed: int = 0,
    options: OnnxOptions = ONNX_DEFAULTS,
    progress: Callable[[str], None] = lambda _: None,
) -> FromMindir:
    """Lower ``source`` to ``target_dir/<its name>.onnx``, check it, run it, and compare it where MindSpore is there.

    ``formats`` are those of `hubkit.convert.records.SUFFIXES` that begin with "onnx"; ``options`` say how to make them.
    Inputs keep the names that they have in the file; outputs are called "output", or "output_0", "output_1", ...
    ``seed`` (at least 0) makes the inputs that it is run on. Raises ConvertError where a package is missing, the
    folder cannot be written, the file is no MINDIR, an operator has no lowering, or ONNX's checker or ONNX Runtime
    refuses the result. The folder is then left as it was, as it is where the two runtimes differ.
    """
    _check_packages()
    from hubkit.convert.mindir import read_mindir
    from hubkit.convert.onnx_files import OnnxFiles

    clock = Clock()
    progress(f"reading {source}")
    inputs, outputs = port_names(read_mindir(source))
    clock.lap("read")
    try:
        target_dir.mkdir(parents=True, exist_ok=True)
        # On the target's own file system, so that the finished file is moved in one step.
        scratch = Path(tempfile.mkdtemp(prefix=".hubkit-", dir=target_dir)).resolve()
    except OSError as error:
        raise ConvertError(
            f"the folder {target_dir} cannot be written: {error.strerror}", hint="Choose another folder."
        ) from None
    try:
        made = OnnxFiles(source.resolve(), scratch / source.stem, inputs, outputs, options, seed)
        files, parity = _proved(made, formats, scratch, clock, progress)
        notes = []
        while parity.again:
            notes.append(parity.again.note)
            made = replace(made, options=parity.again.options)
            files, parity = _proved(made, formats, scratch, clock, progress)
        files = [replace(file, note="; ".join(filter(None, (file.note, *notes)))) for file in files]
        published = () if parity.failures else publish(files, target_dir)
        return FromMindir(published, inputs, parity, "\n".join(parity.failures), clock.seconds)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _proved(
    made: OnnxFiles, formats: Sequence[str], scratch: Path, clock: Clock, progress: Callable[[str], None]
) -> tuple[list[ModelFile], MindirParity]:
    """The files, and how far they are from the MINDIR."""
    progress("lowering to ONNX and checking it")
    lowered, _ = made.lowered(formats)
    files = [_with_open_sizes(file, made.options) for file in lowered if file.format in formats]
    if "onnx-int8" in formats:
        progress("quantising to int8")
        files.append(made.quantized())
    clock.lap("lower")
    progress("running it in ONNX Runtime")
    for file in files:
        _run(file, tuple(made.inputs), made.seed)
    clock.lap("run onnx")
    if importlib.util.find_spec("mindspore") is None:
        parity = MindirParity(skipped="MindSpore is not installed")
    else:
        progress("running the MINDIR in MindSpore and comparing")
        parity = compare_in_process(
            made.mindir, files, tuple(made.inputs), tuple(made.outputs), made.seed, scratch, made.options
        )
    clock.lap("compare")
    return files, parity


def _with_open_sizes(file: ModelFile, options: OnnxOptions) -> ModelFile:
    """``file``, which says that open sizes are not proved: MindSpore runs a MINDIR at its own size only."""
    opened = [axis for axis in options.dynamic if any(axis in port.shape for port in file.inputs)]
    told = f"its {' and '.join(opened)} is open and unproved: a MINDIR runs at its own size only" if opened else ""
    return replace(file, note="; ".join(filter(None, (file.note, told))))


def _check_packages() -> None:
    if missing := [name for name in _NEEDED if not _installed(name)]:
        raise ConvertError(
            f"converting a MINDIR needs {', '.join(missing)}, which this installation lacks",
            hint='Install hubkit with its extra named onnx: pip install ".[onnx]" in its folder.',
        )


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # of the package around it
        return False


def port_names(graph: Graph) -> tuple[tuple[InputSpec, ...], tuple[str, ...]]:
    """What to call the inputs of ``graph``, with a range to draw values from, and its outputs."""
    inputs: list[InputSpec] = []
    taken: set[str] = set()
    counts: Counter[str] = Counter()  # a damaged file may have one name thousands of times
    for given in graph.inputs:
        # The file has "<graph>:<argument>"; arguments that are called alike are told apart by a number.
        name = stem = given.name.rpartition(":")[2] or "input"
        counts[stem] += 1
        if counts[stem] > 1:
            name = f"{stem}_{counts[stem]}"
        while name in taken:
            counts[stem] += 1
            name = f"{stem}_{counts[stem]}"
        taken.add(name)
        inputs.append(InputSpec(name, given.type.shape, given.type.dtype.name, _LOW, _HIGH))
    count = sum(_leaves(output.type) for output in graph.outputs)
    outputs = [_OUTPUT] if count == 1 else [f"{_OUTPUT}_{number}" for number in range(count)]
    return tuple(inputs), tuple(f"{name}_" if name in taken else name for name in outputs)


def _leaves(type_: object) -> int:
    """How many tensors; a number that a network returns beside them has the shape (0,) in the file, and is none."""
    if getattr(type_, "shape", None) == (0,):
        return 0
    return sum(map(_leaves, type_)) if isinstance(type_, tuple) else 1


def _run(made: ModelFile, inputs: tuple[InputSpec, ...], seed: int) -> None:
    """Run the file once, so that what is handed out is known to run.

    Raises ConvertError where ONNX Runtime refuses it, or no values can be made for its inputs.
    """
    from hubkit.smoke.inputs import seeded_inputs
    from hubkit.smoke.runners import OnnxRunner

    OnnxRunner(made.path).run(seeded_inputs(inputs, seed))
