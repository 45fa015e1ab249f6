"""What a runtime's error says to a user: MindSpore wraps one line in headings, C++ stacks and compiler's notes."""

from __future__ import annotations

import re

_RULE = re.compile(r"-{3,}$")
_HEADING = re.compile(r"- .*:(?: \(For framework developers\))?$")
_PLACE = re.compile(r"In file (?P<file>\S+?):(?P<line>\d+)")
_OWN_CODE = "/mindspore/"
# A repository's code runs as a copy in a scratch folder, which is gone when somebody reads the message.
_COPY = re.compile(r".*/\.?hubkit-[^/]+/foreign/code/")


def said(error: Exception) -> str:
    """The line of ``error`` that says what is wrong, with the place in the network's code where MindSpore names one."""
    text = str(error)
    lines = (line.strip() for line in text.splitlines())
    telling = (line for line in lines if line and not _RULE.match(line) and not _HEADING.match(line))
    places = (found for found in _PLACE.finditer(text) if _OWN_CODE not in found["file"])
    place = next((f" ({_COPY.sub('', found['file'])}:{found['line']})" for found in places), "")
    return next(telling, type(error).__name__) + place
