"""MindSpore for the comparison's tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Read once, when MindSpore is first imported: without it a convolution takes 50 times longer on AVX-512.
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")


@pytest.fixture(autouse=True)
def _scratch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """MindSpore drops folders into the working directory."""
    monkeypatch.chdir(tmp_path)
