"""Having MindSpore export a network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hubkit.nets.spec import InputSpec

if TYPE_CHECKING:
    import mindspore

# How long MindSpore takes to compile grows with the layers, and so with the parameters; measured on u2net and UNet3+.
_COMPILE_SECONDS_A_PARAMETER = 0.01
# The names of files that MindSpore takes: no space, no comma, no letter beyond ASCII.
_TAKEN = re.compile(r"[0-9a-zA-Z@_.:-]+")
FILE_MODE = 0o644
"""The mode of files for a store: MindSpore writes files that even their owner may not change."""


def compile_time(parameters: int) -> str:
    """How long compiling a network of so many ``parameters`` takes, in words."""
    return f"about {max(1, round(_COMPILE_SECONDS_A_PARAMETER * parameters))} s"


def export_mindir(cell: mindspore.nn.Cell, inputs: Sequence[InputSpec], stem: Path) -> Path:
    """Export ``cell`` for ``inputs`` to ``<stem>.mindir``, or, where its parameters take over 1 GB, to
    ``<stem>_graph.mindir`` with the parameters in the `variables_folder` beside it; returns the file.

    Raises what MindSpore raises.
    """
    from hubkit.convert.mindir import read_mindir
    from hubkit.convert.without_none import NOT_WRITTEN, WithoutNone, gives_none

    try:
        made = _exported(cell, inputs, stem)
    except RuntimeError as error:
        if NOT_WRITTEN not in str(error):
            raise
        return _exported(WithoutNone(cell), inputs, stem)
    return _exported(WithoutNone(cell), inputs, stem) if gives_none(read_mindir(made)) else made


def _exported(cell: mindspore.nn.Cell, inputs: Sequence[InputSpec], stem: Path) -> Path:
    import mindspore
    import numpy as np

    # Not by mindspore.ops.zeros, which a repository's code may have put its own function in the place of.
    examples = [mindspore.Tensor(np.zeros(item.shape, item.dtype)) for item in inputs]
    name = _taken(stem.name)
    with chdir(stem.parent), _level_kept():  # it refuses such letters in folders too
        mindspore.export(cell, *examples, file_name=f"{name}.mindir", file_format="MINDIR")
    kind = ".mindir"
    if not stem.with_name(f"{name}{kind}").is_file():
        kind = "_graph.mindir"
        for data in stem.with_name(variables_folder(stem.name)).iterdir():
            data.chmod(FILE_MODE)
    made = stem.with_name(f"{name}{kind}")
    made.chmod(FILE_MODE)
    return made.rename(stem.with_name(f"{stem.name}{kind}"))


@contextmanager
def _level_kept() -> Iterator[None]:
    """An export that fails leaves MindSpore at the stricter level of Python that it exports with; networks that run
    afterwards give other outputs, where None is among them.
    """
    import mindspore

    level = mindspore.get_context("jit_syntax_level")
    try:
        yield
    finally:
        mindspore.set_context(jit_syntax_level=level)


def variables_folder(stem: str) -> str:
    """The folder beside the file ``stem`` in which parameters of over 1 GB lie; the file names it."""
    return f"{_taken(stem)}_variables"


def _taken(stem: str) -> str:
    """The name, or one that stands for it until the file is written, where MindSpore refuses it."""
    return stem if _TAKEN.fullmatch(stem) else "network"
