"""What a row of op_cases is.

A row says what the network computes (`call`, of x, y and z and of `self.f`, the layer), what it is given, and how far
the two runtimes may differ, with a reason where that is more than rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

ATOL, RTOL = 1e-5, 1e-5
"""Rounding of float32 sums; a row that needs more says why."""


@dataclass(frozen=True)
class Input:
    """One input of a row's network."""

    shape: tuple[int, ...]
    """Its sizes, the batch first."""
    dtype: str = "float32"
    """NumPy's name of its element type."""
    low: float = -2.0
    """The least value."""
    high: float = 2.0
    """The greatest value."""


@dataclass(frozen=True)
class Case:
    """One row."""

    op: str
    """The MindIR operator that the network must contain."""
    call: str
    """What it computes."""
    inputs: tuple[Input, ...]
    """What it is given: x, y, z."""
    steps: tuple[str, ...] = ()
    """Statements before it."""
    layer: str = ""
    """What `self.f` is."""
    instead: str = ""
    """What gives the expected output, where MindSpore has no CPU kernel for the operator: the same by other operators.

    The layer `self.f` and its weights are those of the row.
    """
    atol: float = ATOL
    """The greatest absolute difference."""
    rtol: float = RTOL
    """The greatest relative difference beyond it."""
    reason: str = ""
    """Why the tolerance is not the usual one, or why the batch is not tried."""
    batched: bool = True
    """Whether two inputs in one batch give what each gives alone; not where the first axis is none of a batch."""

    @property
    def name(self) -> str:
        """The row's name."""
        shapes = ",".join("x".join(map(str, item.shape)) or "scalar" for item in self.inputs)
        dtypes = sorted({item.dtype for item in self.inputs} - {"float32"})
        return " ".join([self.op, self.layer or "; ".join([*self.steps, self.call]), shapes, *dtypes])


def f(*shape: int, low: float = -2.0, high: float = 2.0) -> Input:
    """Floats."""
    return Input(shape, "float32", low, high)


def i(*shape: int, low: int = -9, high: int = 9) -> Input:
    """Integers."""
    return Input(shape, "int32", low, high)


def h(*shape: int) -> Input:
    """Half precision floats."""
    return Input(shape, "float16")


def layer(op: str, text: str, *inputs: Input, **options: object) -> Case:
    """A row whose network is one layer."""
    return Case(op, f"self.f({', '.join('xyz'[: len(inputs)])})", inputs, layer=text, **options)  # type: ignore[arg-type]


def call(op: str, text: str, *inputs: Input, **options: object) -> Case:
    """A row whose network is one expression."""
    return Case(op, text, inputs, **options)  # type: ignore[arg-type]


HALF = {"atol": 2e-3, "rtol": 2e-3, "reason": "float16 has 11 bits"}
IMAGE = f(1, 4, 9, 7)
PAIR = (IMAGE, IMAGE)
POSITIVE = f(1, 4, 9, low=0.1, high=3)
