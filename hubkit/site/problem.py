"""What a build has to say beside the site itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the catalogue cannot show."""

    path: str
    """The file concerned."""
    message: str
    """What is wrong and what that means for the site."""
    hint: str = ""
    """How to mend it."""

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message
