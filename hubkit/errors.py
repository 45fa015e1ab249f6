"""The errors that hubkit raises. Each carries what went wrong and how to mend it."""

from __future__ import annotations

import re

# Names from untrusted files stand in messages, and some characters act on a terminal: controls, and marks that reverse
# the direction of writing. Halves of surrogate pairs cannot be printed at all.
_ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 10_000  # a name in a damaged file may go on for megabytes


class HubkitError(Exception):
    """An error to show to a user: one message, one hint, never a traceback."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        message, hint = _shown(message), _shown(hint)
        super().__init__(message)
        self.message = message
        """What went wrong and where, one sentence."""
        self.hint = hint
        """How to mend it; empty where the message says it all."""

    def __str__(self) -> str:
        lines = [self.message, self.hint, *getattr(self, "__notes__", ())]
        return "\n  ".join(line for line in lines if line)


class CardError(HubkitError):
    """A card cannot be used: it is missing, unreadable, or a required field is absent."""


class ConfigError(HubkitError):
    """A setting is wrong; the message names its file."""


class FetchError(HubkitError):
    """A file could not be had, or what came is not what was promised."""

    def __init__(self, reason: str, *, url: str = "", hint: str = "") -> None:
        super().__init__(f"{url}: {reason}" if url else reason, hint=hint)
        self.reason = reason
        """What went wrong, for a reader who knows the URL."""


class ConvertError(HubkitError):
    """A network could not be built, loaded, exported, lowered or compared."""


class SiteError(HubkitError):
    """The catalogue could not be written."""


def _shown(text: str) -> str:
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}… ({len(text) - _LONGEST:,} more characters)"
    return _ACTING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
