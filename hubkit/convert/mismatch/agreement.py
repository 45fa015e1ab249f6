"""Whether what two runtimes give agrees, as the search for a cause asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.mismatch.layers import together
from hubkit.smoke.compare import Parity, Tolerance, compare, unlike
from hubkit.smoke.runners import OnnxRunner

_Array = NDArray[Any]


def agrees(path: Path, inputs: Sequence[Mapping[str, _Array]], outputs: Sequence[_Array], tolerance: Tolerance) -> bool:
    """Whether the ONNX file ``path`` gives ``outputs`` for ``inputs``, which are given to it as one batch."""
    found = OnnxRunner(path).run(together(inputs))
    pairs = zip(outputs, found, strict=True)
    return all((unlike(a, b, tolerance) or figures(a, b, tolerance, scaled=False)).passed for a, b in pairs)


def figures(reference: _Array, found: _Array, tolerance: Tolerance, *, scaled: bool) -> Parity:
    """As `compare`, but values that are alike infinite or no number agree, and types may differ in width."""
    a, b = reference.astype(np.float32), found.astype(np.float32)
    alike = ~np.isfinite(a) & ((a == b) | (np.isnan(a) & np.isnan(b)))
    a, b = np.where(alike, np.float32(0), a), np.where(alike, np.float32(0), b)
    scale = max(1.0, float(np.max(np.abs(a), initial=0.0, where=np.isfinite(a)))) if scaled else 1.0
    return compare(a, b, atol=tolerance.atol * scale, rtol=tolerance.rtol, ppm=tolerance.ppm)
