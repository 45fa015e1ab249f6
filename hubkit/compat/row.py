"""A row of the tables of names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a module of MindSpore 1.x."""

    module: str
    """The module that had it."""
    name: str
    """The name."""
    made_by: str
    """What stands for it: a module, a colon, a name; of CHANGED what makes a wrapper of what is there now."""
    why: str
    """What became of it, and why this computes the same."""
