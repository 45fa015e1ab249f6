"""The network of a job, as MindSpore has it: built, and given its weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubkit import nets
from hubkit.convert.checkpoint import MisfitError, load_strict
from hubkit.convert.lasting import lasting_imports
from hubkit.convert.records import Misfit
from hubkit.convert.seeded_weights import seeded_weights
from hubkit.convert.steps import Steps
from hubkit.convert.weights import origin, read_weights
from hubkit.nets.spec import InputSpec

if TYPE_CHECKING:
    import mindspore


class Network:
    """A network under way: what is known of it holds, whatever stops the steps."""

    def __init__(self, steps: Steps, progress: Callable[[str], None]) -> None:
        self._steps = steps
        self._progress = progress
        self.cell: mindspore.nn.Cell = None
        """The network; None before it is built, and where it is another process that has it."""
        self.parameters = 0
        """How many parameters it has."""
        self.values = 0
        """How many numbers these hold."""
        self.weights = ""
        """Where its weights come from; empty before they are there."""
        self.passed_over = 0
        """How many parameters of the checkpoint are an optimiser's, and none of the network."""
        self.misfits: tuple[Misfit, ...] = ()
        """What does not fit between the network and the checkpoint."""

    def build(self, name: str, arguments: Mapping[str, Any]) -> None:
        """Build the network ``name`` for graph mode. Raises what its code does."""
        with self._steps.step("import", "importing MindSpore"), lasting_imports():
            import mindspore

            mindspore.set_context(mode=mindspore.GRAPH_MODE)
        with self._steps.step("build", f"building {name}"):
            self.cell = nets.build(name, **arguments)
            self.parameters = len({item.name for item in self.cell.get_parameters()})
            self.values = sum(item.size for item in self.cell.get_parameters())

    def load(self, checkpoint: Path | None, inputs: Sequence[InputSpec], seed: int, *, fitted: bool) -> None:
        """Give it the weights of ``checkpoint``, or without one such as ``seed`` makes.

        Raises MisfitError where the checkpoint is not of this network, ConvertError where it cannot be read.
        """
        if checkpoint is None:
            self.weights = f"seeded (seed {seed})"
            if seeded_weights(self.cell, inputs, seed, self._steps, self._progress, fitted=fitted):
                self.weights += ", fitted"
            return
        with self._steps.step("load", f"loading {checkpoint.name}"):
            parameters = read_weights(checkpoint)
            self.weights = origin(checkpoint)
            try:
                self.passed_over = load_strict(self.cell, parameters)
            except MisfitError as error:
                self.misfits = error.misfits
                raise
