"""What makes a comparison fail: the first layer that differs, or the first that gives no number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hubkit.convert.mismatch.disagreement import Disagreement
from hubkit.convert.mismatch.divergence import Files
from hubkit.convert.mismatch.divergence_kinds import divergence_of
from hubkit.convert.mismatch.not_finite import first_not_finite
from hubkit.convert.mismatch.record import Divergence
from hubkit.errors import HubkitError
from hubkit.smoke.messages import said


@dataclass(frozen=True, slots=True)
class Cause:
    """What was found."""

    divergence: Divergence | None = None
    """Where the files part; None where that is not known, or where the network itself gives no numbers."""
    not_finite: str = ""
    """Where a network first gives no number, and how the files do there; empty where it gives numbers."""
    note: str = ""
    """Why nothing is known; empty where something is."""


def find_cause(kept: Disagreement, files: Callable[[], Files], paths: Mapping[str, Path], folder: Path) -> Cause:
    """Look for what made ``kept``, in ``files()`` and those at ``paths`` (format -> path), with scratch in ``folder``.

    Raises nothing: whatever ends the search is the note, since the verdict stands without a cause.
    """
    try:
        if not kept.record.not_finite:
            return Cause(divergence_of(kept, files(), paths, folder))
        return Cause(not_finite=first_not_finite(files(), kept.inputs, kept.reference, folder))
    except Exception as error:  # MindSpore raises anything
        note = error.message if isinstance(error, HubkitError) else said(error)
        unknown = f"The first layer is not known: {note}." if kept.record.not_finite else ""
        return Cause(not_finite=unknown, note=note)
