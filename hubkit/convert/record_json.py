"""Records as JSON values and back: frozen dataclasses of plain values, paths, enumerations and one another."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

_Record = TypeVar("_Record")


def to_json(record: Any) -> dict[str, Any]:
    """``record`` as plain JSON values."""
    plain = _plain(record)
    assert isinstance(plain, dict)
    return plain


def from_json(kind: type[_Record], data: Mapping[str, Any]) -> _Record:
    """The record of type ``kind`` that `to_json` made ``data`` of.

    Raises KeyError or TypeError where it is no such record.
    """
    hints = typing.get_type_hints(kind)
    return kind(**{name: _typed(hints[name], value) for name, value in data.items()})


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(element) for key, element in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(element) for element in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Path) else value


def _typed(kind: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        if isinstance(value, str) and Path in arguments:
            return Path(value)
        record = next((argument for argument in arguments if dataclasses.is_dataclass(argument)), None)
        return from_json(typing.cast(type, record), value) if record and isinstance(value, Mapping) else value
    if origin is tuple:
        return tuple(_typed(arguments[0], element) for element in value)
    if origin is Mapping:
        return {key: _typed(arguments[1], element) for key, element in value.items()}
    if dataclasses.is_dataclass(kind):
        return from_json(typing.cast(type, kind), value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, Path | Enum) else value
