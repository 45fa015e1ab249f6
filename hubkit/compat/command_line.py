"""What code requires on a command line, where there is none: a card makes a network without one.

Many settings are read with ``argparse`` while modules are loaded, and some of them must be given: the folder of the
training data, the checkpoint to begin with. Python would end the process. Here such an option has its default, or is
None, as one that need not be given; a network that needs it fails where it uses it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from hubkit.compat.use import mark, used

_TOLD = " (required on a command line: its default)"


def not_given() -> tuple[str, ...]:
    """The options and arguments that code requires on its command line and that were not given, sorted."""
    return tuple(name.removesuffix(_TOLD) for name in used() if name.endswith(_TOLD))


def spare_required() -> None:
    """Let parsers that read the process's own command line require nothing; calling it again changes nothing."""
    before = argparse.ArgumentParser.parse_known_args
    if getattr(before, "of_hubkit", False):
        return

    def parse_known_args(
        self: argparse.ArgumentParser, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        required = [action for action in self._actions if action.required] if args is None else []
        for action in required:
            action.required = False
        for group in self._mutually_exclusive_groups if args is None else []:
            group.required = False
        read = before(self, args, namespace)
        for action in required:
            # An entry file may give its own code a command line; what it gave has no default that could be told.
            if getattr(read[0], action.dest, None) == action.default:
                mark(f"{action.option_strings[-1] if action.option_strings else action.dest}{_TOLD}")
        return read

    parse_known_args.of_hubkit = True  # type: ignore[attr-defined]
    argparse.ArgumentParser.parse_known_args = parse_known_args  # type: ignore[assignment,method-assign]


def refused(traceback: TracebackType | None) -> str:
    """What ``argparse`` told as it ended the process, where it was that which did; empty otherwise."""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code is argparse.ArgumentParser.error.__code__:
            return str(traceback.tb_frame.f_locals["message"])
        traceback = traceback.tb_next
    return ""
