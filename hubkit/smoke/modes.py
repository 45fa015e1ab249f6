"""How MindSpore runs a network: compiled (graph mode), or line by line, as its Python code says (PyNative mode)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

PYNATIVE = "pynative"
"""What a network that is run line by line is called as a runtime."""
# The setting of MindSpore by which functions that are decorated to be compiled run as they are.
_JIT = "MS_JIT"


@contextmanager
def pynative() -> Iterator[None]:
    """Run what follows as its code says, also what is decorated to be compiled; graph mode is set afterwards."""
    import mindspore

    before = os.environ.get(_JIT)
    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    os.environ[_JIT] = "0"
    try:
        yield
    finally:
        mindspore.set_context(mode=mindspore.GRAPH_MODE)
        os.environ.pop(_JIT)
        if before is not None:
            os.environ[_JIT] = before
