"""The data classes of which the contexts of pages are made: hundreds of thousands in a build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True)
def page_context(cls: type[_Class]) -> type[_Class]:
    """A frozen data class that its type checker alone holds to it.

    Where Python does that too, making an instance takes four times as long, and making the class twice.
    """
    return dataclass(slots=True, repr=False)(cls)
