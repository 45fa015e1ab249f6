"""hubkit: the toolkit a model hub runs on."""

from __future__ import annotations

__version__ = "0.1.0"
