"""What tests of stand-ins share."""

from __future__ import annotations

import pytest

from hubkit.compat import use


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is told yet: what `compat.used` gives was used by the test."""
    monkeypatch.setattr(use, "_used", {})
