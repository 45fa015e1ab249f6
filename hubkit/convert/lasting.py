"""Imports that last as long as the process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting_imports() -> Iterator[None]:
    """What is there at the end stays to the end of the process, and is looked through for garbage no more.

    MindSpore collects all garbage at each compilation. With its own modules to look through, that takes longer than
    compiling a small network.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
