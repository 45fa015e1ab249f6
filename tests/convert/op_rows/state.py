"""Operators that write into a parameter, `self.f`, which is written whole in each run before it is read."""

from __future__ import annotations

from tests.convert.op_case import Case, f

_INPUTS = (f(3, 4), f(2, 4, low=0.5))
_PARAMETER = "ms.Parameter(ms.Tensor(np.ones((3, 4), np.float32)), name='state')"
_BATCH = "its batch is that of the parameter"


def _row(op: str, *steps: str, result: str = "self.f * 2", **options: object) -> Case:
    return Case(op, result, _INPUTS, steps, layer=_PARAMETER, batched=False, reason=_BATCH, **options)  # type: ignore[arg-type]


_WHOLE = "ops.assign(self.f, x)"
_ROWS = "ms.Tensor([2, 0])"
_PLACES = "ms.Tensor([[2], [0]])"
_SMALLER = ("Add", "Sub", "Mul", "Div", "Max", "Min", "Update")
ROWS = [
    _row("Assign", _WHOLE),
    _row("Assign", _WHOLE, "before = self.f + 1", "ops.assign(self.f, x * 3)", result="(before, self.f * 2)"),
    _row("AssignAdd", _WHOLE, "ops.assign_add(self.f, x)"),
    _row("AssignAdd", "ops.assign_add(self.f, x)", result="x + y[0]"),  # counted, and not read
    _row("AssignSub", _WHOLE, "ops.assign_sub(self.f, x * 3)"),
    _row("ScatterNdUpdate", "self.f[0] = x[2]", "self.f[2] = x[0]", "self.f[1] = y[0]"),
    _row(
        "ScatterNdUpdate",
        *(f"self.f[{row}] = x[{row}]" for row in range(3)),
        "before = self.f + 1",
        *(f"self.f[{row}] = y[{row % 2}]" for row in (1, 0, 2, 1)),
        result="(before, self.f * 2)",
    ),
    *(_row(f"Scatter{word}", _WHOLE, f"ops.Scatter{word}()(self.f, {_ROWS}, y)") for word in _SMALLER),
    *(_row(f"ScatterNd{word}", _WHOLE, f"ops.ScatterNd{word}()(self.f, {_PLACES}, y)") for word in _SMALLER),
]
