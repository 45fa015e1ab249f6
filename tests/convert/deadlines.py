"""Time limits of a worker that are up as soon as what they are to end is under way, however fast the machine is."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from hubkit.convert import process

LIMIT = 600.0
"""Seconds that no worker of a test takes by itself."""


def up_when_there(monkeypatch: pytest.MonkeyPatch, *files: Path) -> None:
    """The parent's clock goes LIMIT forward once ``files`` are there."""

    def now() -> float:
        return time.monotonic() + (LIMIT if all(file.exists() for file in files) else 0.0)

    monkeypatch.setattr(process, "time", SimpleNamespace(monotonic=now))
