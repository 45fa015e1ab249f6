"""The good files that mutations begin with: small ones of every kind, most of them made by MindSpore."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import model_files
from tests.fuzz.targets import TARGETS
from tests.requirements import PROJECT

_LARGEST = 64 * 1024


def make(folder: Path) -> None:
    """Have MindSpore write the reference files of the converter's tests, and gather the small ones in ``folder``."""
    made = folder / "made"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-m", "tests.convert.make_references", str(made)],
        cwd=made,
        env={"ONEDNN_MAX_CPU_ISA": "AVX2", **os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    gather(made, folder / "seeds")
    shutil.rmtree(made)


def gather(made: Path, folder: Path) -> None:
    """Put the small files of every kind under ``made``, and the ONNX form of each MINDIR, into ``folder``."""
    from hubkit.convert.from_mindir import port_names
    from hubkit.convert.mindir import read_mindir
    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.errors import HubkitError

    folder.mkdir(parents=True)
    for kind, content in model_files.ALL.items():
        if kind in TARGETS:
            (folder / f"hand.{kind}").write_bytes(content)
    for path in sorted(made.rglob("*")):
        kind = path.suffix.removeprefix(".")
        if kind not in TARGETS or path.stat().st_size > _LARGEST:
            continue
        name = f"{path.parent.name}-{path.stem}"
        (folder / f"{name}.{kind}").write_bytes(path.read_bytes())
        if kind == "mindir":
            try:
                inputs, outputs = port_names(read_mindir(path))
                mindir_to_onnx(
                    path, folder / f"{name}.onnx", input_names=[item.name for item in inputs], output_names=outputs
                )
            except HubkitError:
                continue  # encrypted, or meant not to be lowered
