"""Errors that are a verdict on the network: trying again, with nothing changed, ends the same."""

from __future__ import annotations

from typing import ClassVar

from hubkit.conversion_status import ConversionStatus
from hubkit.errors import ConvertError


class RefusedError(ConvertError):
    """A network cannot be converted; `status` is how that ends."""

    status: ClassVar[ConversionStatus] = ConversionStatus.COULD_NOT_LOWER
    """How the conversion ends."""
