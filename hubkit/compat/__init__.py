"""MindSpore 1.x names for code of repositories."""

from __future__ import annotations


def install() -> None:
    """Nothing yet."""


def used() -> tuple[str, ...]:
    """Nothing yet."""
    return ()
