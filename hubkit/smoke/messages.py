"""What a runtime's error says to a user: MindSpore wraps one line in headings, C++ stacks and compiler's notes."""

from __future__ import annotations

import re

_RULE = re.compile(r"-{3,}$")
_HEADING = re.compile(r"- .*:(?: \(For framework developers\))?$")
_PLACE = re.compile(r"(?P<number># \d+ )?In file (?P<file>\S+?):(?P<line>\d+)")
_OTHER_CODE = ("/mindspore/", "/hubkit/compat/")
"""What is in the path of code that is not the network's: a layer of MindSpore, and what stands for one."""
# A repository's code runs as a copy in a scratch folder, which is gone when somebody reads the message.
_COPY = re.compile(r".*/\.?hubkit-[^/]+/foreign/code/")


def said(error: Exception) -> str:
    """The line of ``error`` that says what is wrong, with the place in the network's code where MindSpore names one."""
    text = str(error)
    lines = (line.strip() for line in text.splitlines())
    telling = (line for line in lines if line and not _RULE.match(line) and not _HEADING.match(line))
    return next(telling, type(error).__name__) + _place(text)


def _place(text: str) -> str:
    """The innermost line of the network's code that ``text`` names, in brackets; empty where it names none."""
    places = [found for found in _PLACE.finditer(text) if not any(part in found["file"] for part in _OTHER_CODE)]
    if not places:
        return ""
    # The compiler numbers the calls from the outermost on; the lists of its later stages begin with the innermost.
    inner = places[-1 if places[-1]["number"] else 0]
    return f" ({_COPY.sub('', inner['file'])}:{inner['line']})"
