"""Settings of a hub, from ``hubkit.toml`` or ``[tool.hubkit]`` of ``pyproject.toml``, nearest upwards."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hubkit.errors import ConfigError

DEFAULT_HOSTS = (
    "gitee.com",
    "github.com",
    "gitcode.com",
    "download.mindspore.cn",
    "download-mindspore.osinfra.cn",
)


@dataclass(frozen=True)
class Settings:
    """What a hub has set; the defaults where it has not."""

    known_hosts: tuple[str, ...] = DEFAULT_HOSTS
    """Hosts that ``repo-link`` and ``asset-link`` may name (``known-hosts``)."""
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URL prefix -> prefixes to try in its stead (``mirrors``)."""


def load_settings(start: Path) -> Settings:
    """The settings that hold in the folder ``start``.

    Raises ConfigError, which names the file, where it is no TOML, or a setting is unknown or of a wrong type.
    """
    for folder in (start, *start.parents):
        own = folder / "hubkit.toml"
        if own.is_file():
            return _settings(_read(own), own)
        project = folder / "pyproject.toml"
        if project.is_file():
            table = _read(project).get("tool", {}).get("hubkit")
            if table is not None:
                return _settings(table, project)
    return Settings()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}", hint="Mend the file, or remove it to use the defaults.") from error


def _settings(table: Mapping[str, Any], path: Path) -> Settings:
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _READERS:
            nearest = difflib.get_close_matches(key, _READERS, n=1)
            hint = f"Did you mean {nearest[0]!r}?" if nearest else f"hubkit knows: {', '.join(sorted(_READERS))}."
            raise ConfigError(f"{path}: unknown setting {key!r}", hint=hint)
        try:
            values[key.replace("-", "_")] = _READERS[key](value)
        except TypeError as error:
            raise ConfigError(f"{path}: {key} {error}") from error
    return Settings(**values)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError('must be a list of texts, such as ["gitee.com"]')
    return tuple(value)


def _prefixes(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError('must be a table of URL prefixes, such as "https://a.example/" = ["https://b.example/"]')
    return {str(prefix): _texts([other] if isinstance(other, str) else other) for prefix, other in value.items()}


# The setting's name -> what reads its value.
_READERS: dict[str, Callable[[object], Any]] = {
    "known-hosts": _texts,
    "mirrors": _prefixes,
}
