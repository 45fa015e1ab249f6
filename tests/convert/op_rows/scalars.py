"""Numbers that the network computes."""

from __future__ import annotations

from tests.convert.op_case import Input, call, f

_X = f(1, 4, 3)
_NUMBER = Input((), "int32", 1, 3)
_ITEM = {"batched": False, "reason": "the number is of one run"}


def _item(op: str, text: str, *steps: str) -> object:
    return call(op, text, _X, _NUMBER, steps=("n = y.item()", *steps), **_ITEM)


ROWS = [
    _item("TensorToScalar", "x * n"),
    _item("ScalarToTensor", "x * ops.scalar_to_tensor(n, ms.float32)"),
    _item("ScalarCast", "x[:, y]"),
    _item("ScalarAdd", "x * (n + 2)"),
    _item("ScalarAdd", "x[:, y, 1:3]"),
    _item("ScalarSub", "x * (2.5 - n)"),
    _item("ScalarMul", "x + n * 3"),
    _item("ScalarDiv", "x + n / 4"),
    _item("ScalarFloorDiv", "x + (n - 2) // 2"),
    _item("ScalarMod", "x + (n - 5) % 3"),
    _item("ScalarPow", "x + n**2"),
    _item("ScalarUsub", "x * (-n)"),
    *(_item(op, "z", f"z = x * 2 if n {sign} 2 else x - 1") for op, sign in {
        "ScalarEq": "==", "ScalarLt": "<", "ScalarLe": "<=", "ScalarGt": ">", "ScalarGe": ">=",
    }.items()),
    _item("BoolNot", "z", "z = x * 2 if not n == 2 else x - 1"),
    call("ScalarGt", "z", _X, steps=("z = x * 2 if x.sum().item() > 0 else x - 1",), **_ITEM),
]  # fmt: skip
