"""Protobuf messages read by a table of their fields, one level at a time: what is nested stays bytes until it is asked.

So neither depth nor size of a message costs more than what is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hubkit.wire import FIXED32, FIXED64, LENGTH, VARINT, Walk, WireError, integers

# message -> its fields: name, number and type, as in `hubkit.convert.mindir_proto`.
Tables = Mapping[str, tuple[tuple[str, int, str], ...]]
_INTEGERS = ("int64", "int32", "bool")
_KINDS = {"string": LENGTH, "bytes": LENGTH, "float": FIXED32, "double": FIXED64}


class Message:
    """The fields of one message that the table knows, by name."""

    __slots__ = ("_values", "_walk")

    def __init__(self, fields: tuple[tuple[str, int, str], ...], view: memoryview, walk: Walk) -> None:
        """Raises WireError where the bytes are no such message."""
        known = {number: (name, kind.removesuffix("*")) for name, number, kind in fields}
        self._walk = walk
        self._values: dict[str, list[Any]] = {}
        for field in walk.fields(view):
            if field.number not in known:
                continue
            name, kind = known[field.number]
            values = self._values.setdefault(name, [])
            if kind in _INTEGERS:
                if field.kind not in (VARINT, LENGTH):
                    raise WireError(f"the field {name} at byte {field.start} is no number")
                numbers = integers(view, field)
                walk.take(len(numbers))
                values.extend(numbers)
            elif field.kind == LENGTH or field.kind == _KINDS.get(kind, LENGTH):
                values.append(view[field.payload : field.end])
            else:
                raise WireError(f"the field {name} at byte {field.start} has wire type {field.kind}")

    def views(self, name: str) -> list[memoryview]:
        """What each field ``name`` holds, as it stands in the file."""
        return self._values.get(name, [])

    def numbers(self, name: str) -> list[int]:
        """The numbers of the repeated field ``name``."""
        return self._values.get(name, [])

    def number(self, name: str) -> int:
        """The number of the field ``name``; 0 where it is not there."""
        values = self._values.get(name)
        return int(values[-1]) if values else 0

    def texts(self, name: str) -> list[str]:
        """The texts of the repeated field ``name``."""
        return [str(view, "utf-8", "replace") for view in self.views(name)]

    def text(self, name: str) -> str:
        """The text of the field ``name``; empty where it is not there."""
        views = self.views(name)
        return str(views[-1], "utf-8", "replace") if views else ""

    def has(self, name: str) -> bool:
        """Whether the field ``name`` is there."""
        return name in self._values


class Reader:
    """Reads messages by one set of tables."""

    def __init__(self, tables: Tables, walk: Walk) -> None:
        self._tables = tables
        self._walk = walk

    def read(self, message: str, view: memoryview) -> Message:
        """The message in ``view``. Raises WireError where it is none, or the file holds more than is read of one."""
        return Message(self._tables[message], view, self._walk)
