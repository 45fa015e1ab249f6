"""What can stand between a card and the code of its network."""

from __future__ import annotations

from hubkit.errors import HubkitError


class RepositoryError(HubkitError):
    """The code that a card names is wrong: its address, its files, or what its entry file offers."""


class UnreachableError(RepositoryError):
    """The repository could not be reached, or not be copied in time; another attempt may succeed."""


class UntrustedError(RepositoryError):
    """The code is there, and its user has not said that it may run."""
