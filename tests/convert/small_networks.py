"""Small networks for the worker: some convert, each other one fails in its own way.

`in_workers` makes them known to the workers that a test starts. Builders run in the worker only.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubkit import nets
from hubkit.nets.spec import InputSpec, NetworkSpec

PROJECT = Path(__file__).resolve().parents[2]

if TYPE_CHECKING:
    import pytest

_IMAGE = (InputSpec(name="image", shape=(1, 3, 16, 16), dtype="float32", low=0.0, high=1.0),)
_STEP_BYTES = 1 << 26


def _cells() -> Any:
    from tests.convert import small_cells

    return small_cells


def _refuse() -> Any:
    raise RuntimeError("the backbone is missing\nC++ call stack: 12 lines")


def _crash() -> Any:
    ctypes.string_at(0)


def _hang() -> Any:
    while True:
        time.sleep(1)


def _eat() -> Any:
    kept = []
    while True:
        kept.append(b"\1" * _STEP_BYTES)


BUILDERS: dict[str, Callable[..., Any]] = {
    "small": lambda: _cells().Small(),
    "wide": lambda: _cells().Small(channels=12),
    "deep": lambda: _cells().Deep(),
    "refusing": _refuse,
    "unexportable": lambda: _cells().Unexportable(),
    "unrunnable": lambda: _cells().Unrunnable(),
    "mixing": lambda: _cells().Mixing(),
    "over_the_batch": lambda: _cells().OverTheBatch(),
    "picking": lambda: _cells().Picking(),
    "dividing": lambda: _cells().Dividing(),
    "reviving": lambda: _cells().Reviving(),
    "embedding": lambda: _cells().Embedding(),
    "embedding_by_input": lambda: _cells().EmbeddingByInput(),
    "enlarging": lambda: _cells().Enlarging(),
    "enlarging_within": lambda: _cells().EnlargingWithin(),
    "enlarging_exactly": lambda: _cells().EnlargingExactly(),
    "tied": lambda: _cells().Tied(),
    "tripled": lambda: _cells().Tripled(),
    "waving": lambda: _cells().Waving(),
    "waving_of_silu": lambda: _cells().WavingOfSilu(),
    "halved": lambda: _cells().Halved(),
    "masked": lambda: _cells().Masked(),
    "constant": lambda: _cells().Constant(),
    "crashing": _crash,
    "hanging": _hang,
    "eating": _eat,
}


def install() -> None:
    """Make the networks known in this process, beside hubkit's own."""
    find, build = nets.find, nets.build

    def find_small(name: str) -> NetworkSpec:
        if name in BUILDERS:
            return NetworkSpec(name, f"{__name__}:{name}", (), "https://example.com", _IMAGE, ("scores",))
        return find(name)

    def build_small(name: str, *args: object, **kwargs: object) -> Any:
        if name not in BUILDERS:
            return build(name, *args, **kwargs)
        cell = BUILDERS[name](*args, **kwargs)
        cell.set_train(False)
        return cell

    nets.find, nets.build = find_small, build_small  # type: ignore[assignment]


def in_workers(folder: Path, monkeypatch: pytest.MonkeyPatch, change: str = "") -> None:
    """Have each worker begin with `install` and then with the code ``change``, as a damaged installation would."""
    monkeypatch.setenv("PYTHONPATH", python_path(folder, change))


def python_path(folder: Path, change: str = "") -> str:
    """A PYTHONPATH with which every Python begins with `install` and then with the code ``change``."""
    place = folder / "path"
    place.mkdir()
    (place / "sitecustomize.py").write_text(
        f"from tests.convert import small_networks\nsmall_networks.install()\n{change}\n", encoding="utf-8"
    )
    return os.pathsep.join([str(place), str(PROJECT)])
