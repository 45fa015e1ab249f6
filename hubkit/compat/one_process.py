"""Code that was launched over several devices, where one process makes its network on the CPU."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

from hubkit.compat.use import mark

_VARIABLES = {"DEVICE_ID": "0", "DEVICE_NUM": "1", "RANK_ID": "0", "RANK_SIZE": "1"}
"""What a launcher of jobs tells each process, and much code reads without a default."""


def say_one_process() -> None:
    """Tell the code that it is the only process, as a launcher of one would, where nothing else was told."""
    for name, value in _VARIABLES.items():
        os.environ.setdefault(name, value)


def alone(init: Callable[..., None]) -> Callable[..., None]:
    """``mindspore.communication.init`` that connects to no others: without it this process is the first, of one."""

    @functools.wraps(init)
    def wrapper(*_: Any, **__: Any) -> None:
        mark("mindspore.communication.init")

    return wrapper
