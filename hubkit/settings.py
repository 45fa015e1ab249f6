"""Settings of a hub, from ``hubkit.toml`` or ``[tool.hubkit]`` of ``pyproject.toml``, nearest upwards."""

from __future__ import annotations

import difflib
import re
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

# Each a section, with | between the names that will do.
DEFAULT_SECTIONS = (
    "Introduction|Overview|Description|Model description|Summary|简介|介绍|概述",
    "Disclaimer|Terms|License|Licence|Limitations|免责声明|声明|许可",
)

# How the URL of a mirror begins.
MIRROR_BEGINNINGS = ("https://", "http://", "file:///")

_COMMIT = re.compile(r"[0-9a-f]{40}")

# The vocabularies that a hub can add terms to; the schema lists the terms of the others.
OPEN_VOCABULARIES = ("datasets", "metrics", "mindspore-versions")


@dataclass(frozen=True)
class LinkSettings:
    """How links are checked (``[links]``)."""

    allowed_private_hosts: tuple[str, ...] = ()
    """Hosts that may have private addresses (``allowed-private-hosts``)."""
    requests_per_host: int = 10
    """Requests to one host at a time, at the most (``requests-per-host``)."""
    interval_seconds: float = 0.05
    """Time between the starts of two requests to one host (``interval-seconds``)."""
    max_age_days: float = 7.0
    """How long a good result is believed (``max-age-days``)."""


@dataclass(frozen=True)
class Settings:
    """What a hub has set; the defaults where it has not."""

    known_hosts: tuple[str, ...] = DEFAULT_HOSTS
    """Hosts that ``repo-link`` and ``asset-link`` may name (``known-hosts``)."""
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URL prefix -> prefixes to try in its stead (``mirrors``)."""
    required_sections: tuple[str, ...] = DEFAULT_SECTIONS
    """Sections that a card's body has, each with ``|`` between the names that will do (``required-sections``)."""
    select: tuple[str, ...] = ()
    """Lint rules that run, by id or category; all where it is empty (``select``)."""
    ignore: tuple[str, ...] = ()
    """Lint rules that do not run, by id or category (``ignore``)."""
    severity: Mapping[str, str] = field(default_factory=dict)
    """Rule id -> the severity that it has in this hub (``severity``)."""
    per_path_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Glob of paths, from the settings' folder -> rules that do not run there (``per-path-ignores``)."""
    vocabularies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Vocabulary -> terms of this hub's own, beside those that hubkit knows (``vocabularies``)."""
    links: LinkSettings = field(default_factory=LinkSettings)
    """How links are checked (``links``)."""
    trust: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Repository's URL -> commits whose code may run to make networks (``trust``)."""
    file: Path | None = None
    """The file that these settings came from."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Setting -> its line in that file, for messages."""

    def place(self, setting: str) -> str:
        """Where ``setting`` is set, as messages name it."""
        line = self.lines.get(setting)
        return f"{self.file}:{line}" if line else str(self.file or "the command line")


def load_settings(start: Path) -> Settings:
    """The settings that hold in the folder ``start``.

    Raises ConfigError, which names the file and the line, where it is no TOML, or a setting is unknown or wrong.
    """
    for folder in (start, *start.parents):
        own = folder / "hubkit.toml"
        if own.is_file():
            text, table = _read(own)
            return _settings(table, own, text)
        project = folder / "pyproject.toml"
        if project.is_file():
            text, whole = _read(project)
            tool = whole.get("tool")
            own_table = tool.get("hubkit") if isinstance(tool, dict) else None
            if own_table is not None:
                return _settings(own_table, project, text)
    return Settings()


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}", hint="Mend the file, or remove it to use the defaults.") from error


def _settings(table: object, path: Path, text: str) -> Settings:
    if not isinstance(table, dict):
        raise ConfigError(f"{path}:{_line(text, 'hubkit')}: hubkit must be a table", hint="Write [tool.hubkit].")
    values: dict[str, Any] = {}
    lines = {key: _line(text, key) for key in table}
    for key, value in table.items():
        if key not in _READERS:
            nearest = difflib.get_close_matches(key, _READERS, n=1)
            hint = f"Did you mean {nearest[0]!r}?" if nearest else f"hubkit knows: {', '.join(sorted(_READERS))}."
            raise ConfigError(f"{path}:{lines[key]}: unknown setting {key!r}", hint=hint)
        try:
            values[key.replace("-", "_")] = _READERS[key](value)
        except TypeError as error:
            raise ConfigError(f"{path}:{lines[key]}: {key} {error}") from error
    return Settings(**values, file=path, lines=lines)


def _line(text: str, key: str) -> int:
    """The line on which ``key`` is set, as a key or as a table of its own."""
    found = re.search(rf"""^[ \t]*(?:\[[^\]\n]*?)?["']?{re.escape(key)}["']?[ \t]*(?:=|\]|\.)""", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError('must be a list of texts, such as ["gitee.com"]')
    return tuple(value)


def _prefixes(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError('must be a table of URL prefixes, such as "https://a.example/" = ["https://b.example/"]')
    mirrors = {str(prefix): _texts([other] if isinstance(other, str) else other) for prefix, other in value.items()}
    for prefix, others in mirrors.items():
        if not prefix.startswith("https://"):
            raise TypeError(f"has {prefix!r}, but cards name https only")
        for other in others:
            if not other.startswith(MIRROR_BEGINNINGS):
                raise TypeError(f"has {other!r}; a mirror begins with {', '.join(MIRROR_BEGINNINGS)}")
            if prefix.endswith("/") != other.endswith("/"):
                raise TypeError(f"has {prefix!r} = {other!r}; both or none must end with a slash")
    return mirrors


def _trusted(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError('must be a table, such as "https://host.example/owner/name" = ["<commit>"]')
    trusted = {str(name): _texts([commits] if isinstance(commits, str) else commits) for name, commits in value.items()}
    for name, commits in trusted.items():
        for commit in commits:
            if not _COMMIT.fullmatch(commit):
                raise TypeError(f"has {name!r} = {commit!r}; a commit is written with all its 40 digits")
    return trusted


def _names(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise TypeError('must be a table of texts, such as link-host = "error"')
    return {str(key): item for key, item in value.items()}


def _lists(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError('must be a table of lists, such as "old/**" = ["license-spdx"]')
    return {str(key): _texts(item) for key, item in value.items()}


def _vocabularies(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict) or not set(value) <= set(OPEN_VOCABULARIES):
        raise TypeError(f"must be a table of lists, whose keys are among {', '.join(OPEN_VOCABULARIES)}")
    return {str(key): _texts(item) for key, item in value.items()}


def _at_most(limit: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= limit:
            raise TypeError(f"must be a number from 0 to {limit:g}")
        return float(value)

    return read


def _count(value: object) -> int:
    if type(value) is not int or value < 1:
        raise TypeError("must be a whole number from 1")
    return value


# The same for the table [links].
_LINK_READERS: dict[str, Callable[[object], Any]] = {
    "allowed-private-hosts": _texts,
    "requests-per-host": _count,
    "interval-seconds": _at_most(3600),
    "max-age-days": _at_most(36500),
}


def _link_settings(value: object) -> LinkSettings:
    if not isinstance(value, dict) or not set(value) <= set(_LINK_READERS):
        raise TypeError(f"must be a table, whose keys are among {', '.join(_LINK_READERS)}")
    values: dict[str, Any] = {}
    for key, item in value.items():
        try:
            values[key.replace("-", "_")] = _LINK_READERS[key](item)
        except TypeError as error:
            raise TypeError(f"has a wrong value: {key} {error}") from error
    return LinkSettings(**values)


# The setting's name -> what reads its value.
_READERS: dict[str, Callable[[object], Any]] = {
    "known-hosts": _texts,
    "mirrors": _prefixes,
    "required-sections": _texts,
    "select": _texts,
    "ignore": _texts,
    "severity": _names,
    "per-path-ignores": _lists,
    "vocabularies": _vocabularies,
    "links": _link_settings,
    "trust": _trusted,
}
