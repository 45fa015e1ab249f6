"""How the search narrows down to one layer, on made-up networks in which the wrong layer is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hubkit.convert.mismatch.divergence import Search
from hubkit.convert.mismatch.layers import Layer
from hubkit.convert.mismatch.probes import OnnxProbes, Probe
from hubkit.convert.mismatch.record import Divergence
from hubkit.errors import ConvertError
from hubkit.smoke.compare import CONVERTED

INPUT = {"image": np.linspace(0.1, 1, 8, dtype=np.float32).reshape(1, 8)}
Values = dict[str, NDArray[Any]]


class Network:
    """Nodes that each average their inputs; in the candidate some add ``error`` to that."""

    def __init__(self, inputs: Mapping[str, Sequence[str]], error: Callable[[str], float]) -> None:
        self._inputs = inputs
        self._error = error
        self.runs = 0
        self.layers = {
            name: Layer(
                tuple(value for value in above if value != "image"),
                Probe(f"Default/{name}", "Mean", name, name, 32, None),
            )
            for name, above in inputs.items()
        }

    def all(self, given: Values, *, candidate: bool) -> Values:
        found = dict(given)
        for name, above in self._inputs.items():
            if name not in found:
                mean = np.mean([found[value] for value in above], axis=0, dtype=np.float32)
                found[name] = mean + np.float32(self._error(name) if candidate else 0)
        return found

    def values(self, probes: Sequence[Probe], inputs: Sequence[Mapping[str, NDArray[Any]]]) -> list[Any]:
        """As the reference."""
        self.runs += 1
        return [tuple(self.all(dict(one), candidate=False)[probe.reference] for probe in probes) for one in inputs]


class Candidate(OnnxProbes):
    """The network with its errors."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def values(self, names: Sequence[str], inputs: Mapping[str, NDArray[Any]]) -> tuple[NDArray[Any], ...]:
        found = self._network.all(dict(inputs), candidate=True)
        return tuple(found[name] for name in names)

    def part(self, name: str, given: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        return self._network.all(dict(given), candidate=True)[name]


def first(network: Network) -> Divergence:
    """What the search finds in ``network``."""
    return Search(network, Candidate(network), [INPUT], CONVERTED).run()


def chain(length: int, start: str = "image", name: str = "n") -> dict[str, tuple[str, ...]]:
    names = [start, *(f"{name}{number}" for number in range(length))]
    return {after: (before,) for before, after in pairwise(names)}


@pytest.mark.parametrize("wrong", [0, 1, 17, 500, 998, 999])
def test_one_wrong_layer_of_a_thousand_is_found_in_a_few_runs(wrong: int) -> None:
    network = Network(chain(1000), lambda name: 0.5 if name == f"n{wrong}" else 0)
    found = first(network)
    assert (found.layer, found.is_cause) == (f"Default/n{wrong}", True)
    assert found.own_max_abs == pytest.approx(0.5)
    assert network.runs <= 5


@pytest.mark.parametrize("wrong", ["a3", "a59", "b0", "b40", "join"])
def test_a_wrong_layer_in_one_of_two_branches_is_found(wrong: str) -> None:
    branches = {**chain(60, name="a"), **chain(60, name="b"), "join": ("a59", "b59"), **chain(5, "join", "c")}
    found = first(Network(branches, lambda name: 0.5 if name == wrong else 0))
    assert (found.layer, found.is_cause) == (f"Default/{wrong}", True)


def test_rounding_that_adds_up_is_no_layers_fault() -> None:
    found = first(Network(chain(200), lambda _: 2e-6))
    assert not found.is_cause
    assert found.own_max_abs == pytest.approx(2e-6, rel=0.1)
    assert found.max_abs > 1e-4
    assert 40 <= int(found.layer.removeprefix("Default/n")) <= 60


def test_where_nothing_differs_that_is_said() -> None:
    with pytest.raises(ConvertError, match="none of the 24 inner values that were compared differs"):
        first(Network(chain(30), lambda _: 0))
