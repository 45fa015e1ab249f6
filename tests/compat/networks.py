"""Networks of a text, which MindSpore's compiler reads from a file."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def module_of(source: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that ``source`` is, in a file in ``place``."""
    path = place / "network.py"
    path.write_text(source, "utf-8")
    spec = importlib.util.spec_from_file_location(f"network_of_{place.name.replace('-', '_')}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module
