"""What some tests need beside the light install. Missing parts skip a test on a user's machine and fail it under CI."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

CI = os.environ.get("CI", "").lower() not in ("", "0", "false")
PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"


def _needs(present: bool, reason: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not present and not CI, reason=reason)


def _installed(*modules: str) -> bool:
    return all(importlib.util.find_spec(module) is not None for module in modules)


def chromium() -> str | None:
    """The path of a Chromium on this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


# Under CI nothing is skipped: the test runs, and fails for what is missing.
needs_mindspore = _needs(_installed("mindspore", "onnx", "onnxruntime"), "needs hubkit[convert]: MindSpore and ONNX")
needs_mindcv = _needs(
    _installed("mindspore", "onnx", "onnxruntime", "mindcv"), "needs hubkit[mindcv]: MindSpore and mindcv"
)
needs_shared = _needs(SHARED.is_dir(), "needs the folder ../shared with golden data and real cards")
needs_chromium = _needs(chromium() is not None and _installed("playwright"), "needs Chromium and playwright")
needs_openssl = _needs(shutil.which("openssl") is not None, "needs openssl on the PATH")
