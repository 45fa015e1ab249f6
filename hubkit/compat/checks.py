"""``mindspore._checkparam.Validator`` and ``Rel``: the functions and constants of that module under their old roofs."""

from __future__ import annotations

from typing import Any

import mindspore._checkparam as checks

_RENAMED = {"check_type": "check_value_type"}


class _Validator(type):
    """Looks a function up in the module; they are called on the class, which is never made."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return getattr(checks, _RENAMED.get(name, name))
        except AttributeError:
            raise AttributeError(f"Validator has no attribute {name!r}", name=name, obj=checks) from None


class Validator(metaclass=_Validator):
    """Checks of arguments: ``Validator.check_positive_int(value, name, owner)``."""


class Rel:
    """How a value relates to a limit."""

    EQ, NE, LT, LE, GT, GE = checks.EQ, checks.NE, checks.LT, checks.LE, checks.GT, checks.GE
    INC_NEITHER, INC_LEFT = checks.INC_NEITHER, checks.INC_LEFT
    INC_RIGHT, INC_BOTH = checks.INC_RIGHT, checks.INC_BOTH
    IN, NOT_IN = checks.IN, checks.NOT_IN
