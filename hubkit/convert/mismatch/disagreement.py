"""What is kept of a comparison that did not pass, to look for its cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.records import ParityRecord
from hubkit.smoke.compare import Parity, Tolerance


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The arrays of a comparison that did not pass."""

    record: ParityRecord
    """The comparison."""
    figures: Parity
    """Its figures, with where the worst element lies."""
    tolerance: Tolerance
    """What was asked."""
    names: tuple[str, ...]
    """The outputs' names."""
    inputs: tuple[Mapping[str, NDArray[np.generic]], ...]
    """The inputs of the reference, one a seed."""
    reference: tuple[NDArray[Any], ...]
    """Every output of the reference."""
    found: tuple[NDArray[Any], ...]
    """Every output of the candidate."""
