"""Why something failed or was skipped, in the language of the page.

Receipts say it in English, since they are read by programs too. A text that is made of one of REASONS is told with that
one's translation; any other, such as an error of a library, stays as it was told.
"""

from __future__ import annotations

import re
from functools import cache

from hubkit.site.i18n import ENGLISH, N_, _, remembered, spoken

# What `hubkit build`, `hubkit convert` and `hubkit links` say, with what differs from case to case as a name in
# brackets; one that is called "why" is a reason itself. The first that fits decides.
REASONS: tuple[str, ...] = (
    # Weights
    N_("untrained weights (seed %(seed)s): the asset could not be fetched: %(why)s"),
    N_("untrained weights (seed %(seed)s): the card names no checkpoint"),
    # Files
    N_("%(why)s (%(count)s attempts)"),
    N_("the card names no file"),
    N_("the host %(host)s cannot be resolved"),
    N_("the connection was refused"),
    N_("the connection was cut"),
    N_("the connection failed"),
    N_("the TLS connection failed"),
    N_("its TLS certificate could not be verified"),
    N_("no connection within the time limit"),
    N_("the server was silent for longer than the time limit"),
    N_("the server's answer cannot be read"),
    N_("the server answered %(status)s"),
    N_("it is no valid URL"),
    N_("it is not in the store, and hubkit is offline"),
    N_("the file's SHA-256 is %(found)s (%(size)s bytes), but the card says %(wanted)s"),
    N_("%(digest)s is no SHA-256 digest, so nothing that is fetched could be verified"),
    N_("it is empty"),
    # Conversion
    N_("convert does not lint; run hubkit lint"),
    N_("the step %(step)s failed"),
    N_("the asset is not verified: %(why)s"),
    N_("no network is called %(name)s"),
    N_("the card's block network is wrong: %(why)s"),
    N_("1 operator has no lowering to ONNX:%(operators)s"),
    N_("%(count)s operators have no lowering to ONNX:%(operators)s"),
    N_("it was stopped: it took longer than %(seconds)s s"),
    N_("it was stopped: it held %(held)s of memory, more than %(most)s"),
    N_("its %(axis)s is fixed: %(why)s"),
    N_("its %(function)s is written as MindSpore approximates it on a CPU: computed exactly, %(why)s"),
    N_("its %(functions)s are written as MindSpore approximates them on a CPU: computed exactly, %(why)s"),
    N_("its float16 is rounded before it becomes float32, which ONNX Runtime leaves out: without that, %(why)s"),
    N_("output %(output)s differs by up to %(error)s"),
    # Comparison
    N_("%(candidate)s differs from %(reference)s in output %(output)s (batch %(batch)s): %(why)s"),
    N_("output %(output)s proves nothing: %(why)s"),
    N_("With such weights any conversion would match: use weights and inputs that keep it in range."),
    N_("The evidence is in %(folder)s"),
    N_("%(count)s of %(all)s elements are infinite or no number, the first at %(place)s"),
    N_("not the same bits: the greatest difference is %(error)s"),
    N_("the greatest absolute difference %(error)s is over %(limit)s"),
    N_("the output hardly depends on the input: %(share)s of it moves, below %(limit)s"),
    N_("the output is all but constant: standard deviation %(deviation)s, no more than %(limit)s"),
    # Links
    N_("is dead: the server answers %(status)s"),
    N_("was not answered: %(why)s"),
    N_("has moved to %(address)s"),
    N_("asks for a login (status %(status)s)"),
    N_("is not shown to programs (status %(status)s)"),
    N_("is not shown for now: there were too many requests (status %(status)s)"),
    N_("redirects from https down to http, which is not followed"),
)
_PLACE = re.compile(r"%\((\w+)\)s")
_WHY = "why"
_LONG = (_WHY, "operators")  # these may run over several lines


@cache  # when one is asked for: most builds that change little tell no reason
def _pattern(words: str) -> re.Pattern[str]:
    """What a text has to look like that is made of ``words``."""
    literal, *others = _PLACE.split(words)
    pattern = re.escape(literal)
    for name, literal in zip(others[::2], others[1::2], strict=True):
        pattern += f"(?P<{name}>{'(?s:.)' if name in _LONG else '.'}+?){re.escape(literal)}"
    return re.compile(pattern)


def translated(told: str) -> str:
    """A reason as a receipt tells it, in the language that is being spoken."""
    return told if not told or spoken() is ENGLISH else _said(told)


@remembered(4096)
def _said(told: str) -> str:
    for words in REASONS:
        match = _pattern(words).fullmatch(told)
        if match:
            found = match.groupdict()
            if _WHY in found:
                found[_WHY] = _said(found[_WHY])
            return _(words) % found
    if "\n" in told:
        return "\n".join(map(_said, told.split("\n")))
    return told[0] + _said(told[1:]) if told.startswith(" ") else told


def translations() -> list[tuple[str, str]]:
    """Each of REASONS with its translation; none in English."""
    return [] if spoken() is ENGLISH else [(words, _(words)) for words in REASONS]
