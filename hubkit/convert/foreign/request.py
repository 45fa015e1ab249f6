"""What the process that runs a repository's code is asked, and what it says: records that travel as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hubkit.convert.foreign.sandbox import SandboxLimits
from hubkit.nets.spec import InputSpec


@dataclass(frozen=True, slots=True)
class ForeignRequest:
    """One network to make and to run."""

    code: Path
    """A copy of the code, for this run alone."""
    out: Path
    """The folder that its files go to: the MINDIR, ``outputs-0.npz``, ``outputs-1.npz``, ``outputs-pynative.npz`` (of
    the first input, not compiled), ``report.json``."""
    stem: str
    """The name of the MINDIR without its suffix."""
    network: str
    """What ``create_network`` is called with."""
    kwargs: Mapping[str, Any]
    """Its arguments."""
    inputs: tuple[InputSpec, ...]
    """The network's inputs."""
    checkpoint: Path | None
    """The weights; None for weights made from ``seed``."""
    seed: int
    """Makes the weights where there is no checkpoint, and the inputs: the first from it, the second from the next."""
    export: bool
    """Whether to export the network as MINDIR."""
    limits: SandboxLimits
    """What it may take."""


@dataclass(frozen=True, slots=True)
class ForeignReport:
    """How far it came. Nothing in it is believed that decides whether a conversion passes."""

    step: str = "import"
    """The step that it began last."""
    error: str = ""
    """What went wrong in it; empty where nothing did."""
    done: bool = False
    """Whether it came to its end; only the run in PyNative mode is after that."""
    not_pynative: str = ""
    """Why the network did not run in PyNative mode; empty where it did."""
    otherwise: str = ""
    """Whose code is compiled in another sense, where the network gave something else in PyNative mode; empty where that
    was not found."""
    parameters: int = 0
    """How many parameters the network has."""
    values: int = 0
    """How many numbers they hold together."""
    passed_over: int = 0
    """How many parameters of the checkpoint the network has not: the state of an optimiser."""
    draws: bool = False
    """Whether Python's or NumPy's random numbers were drawn while it was exported or compiled."""
    compat: tuple[str, ...] = ()
    """The names of MindSpore 1.x that were used through `hubkit.compat`."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """How long each step took."""
    inference_seconds: float = 0.0
    """How long the second run took; the first one compiles."""
