"""Settings of a hub, from ``hubkit.toml`` or ``[tool.hubkit]`` of ``pyproject.toml``, nearest upwards."""

from __future__ import annotations

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

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?")
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
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """Setting, or table and key -> its line in that file, for messages."""

    def place(self, *setting: str) -> str:
        """Where a setting, or a key of a table, is set, as messages name it."""
        line = self.lines.get(setting)
        return f"{self.file}:{line}" if line else str(self.file or "the command line")


def load_settings(start: Path) -> Settings:
    """The settings that hold in the folder ``start``.

    Raises ConfigError, which names the file and the line, where it is no TOML, or a setting is unknown or wrong.
    """
    for folder in (start, *start.parents):
        own = folder / "hubkit.toml"
        if own.exists() or own.is_symlink():
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
    if path.exists() and not path.is_file():
        # A pipe is not waited for.
        what = "a folder" if path.is_dir() else "no regular file"
        raise ConfigError(f"{path}: it is {what}; settings are read from a file", hint="Move it away, or rename it.")
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: {_why(error)}", hint="Mend the file, or remove it to use the defaults.") from error


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} (0x{error.object[error.start]:02x}) is not valid UTF-8"
    return f"it cannot be read: {error.strerror or error}" if isinstance(error, OSError) else str(error)


def _settings(table: object, path: Path, text: str) -> Settings:
    if not isinstance(table, dict):
        raise ConfigError(f"{path}:{_line(text, 'hubkit')}: hubkit must be a table", hint="Write [tool.hubkit].")
    values: dict[str, Any] = {}
    lines = _lines(text, table)
    for key, value in table.items():
        if key not in _READERS:
            import difflib  # most settings have no such fault

            nearest = difflib.get_close_matches(key, _READERS, n=1)
            hint = f"Did you mean {nearest[0]!r}?" if nearest else f"hubkit knows: {', '.join(sorted(_READERS))}."
            raise ConfigError(f"{path}:{lines[key,]}: unknown setting {key!r}", hint=hint)
        try:
            values[key.replace("-", "_")] = _READERS[key](value)
        except TypeError as error:
            place = (key, *getattr(error, "keys", ()))
            raise ConfigError(f"{path}:{lines.get(place, lines[key,])}: {key} {error}") from error
    return Settings(**values, file=path, lines=lines)


class _WrongError(TypeError):
    """A key of a table has a wrong value."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.keys = (key,)
        """The key."""


def _lines(text: str, table: Mapping[str, object]) -> dict[tuple[str, ...], int]:
    """The line of each setting, and of each key of those that are tables."""
    found: dict[tuple[str, ...], int] = {}
    for key, value in table.items():
        found[key,] = _line(text, key)
        if isinstance(value, dict):
            found.update(((key, str(inner)), _line(text, str(inner), found[key,])) for inner in value)
    return found


def _line(text: str, key: str, first: int = 1) -> int:
    """The line on which ``key`` is set, as a key or as a table of its own; the ``first`` to look at where none is."""
    quoted = re.escape(key)
    pattern = re.compile(rf"""^[ \t]*(?:\[[^\]\n]*?)?["']?{quoted}["']?[ \t]*(?:=|\]|\.)""")
    lines = text.split("\n")
    return next((number for number in range(first, len(lines) + 1) if pattern.match(lines[number - 1])), first)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError('must be a list of texts, such as ["gitee.com"]')
    return tuple(value)


def _host_names(value: object) -> tuple[str, ...]:
    """Names of hosts and addresses: what stands in a URL between its slashes, without a port."""
    hosts = _texts(value)
    for host in hosts:
        if not _HOST.fullmatch(host) and not _is_address(host):
            inside = host.rpartition("//")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].removeprefix("*.")
            example = inside if _HOST.fullmatch(inside) else "gitee.com"
            raise TypeError(f"has {host!r}; write the host alone, such as {example!r}")
    return hosts


def _is_address(text: str) -> bool:
    from ipaddress import ip_address  # needed for hosts that are numbers only

    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _prefixes(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError('must be a table of URL prefixes, such as "https://a.example/" = ["https://b.example/"]')
    mirrors = {str(prefix): _own_texts(prefix, _listed(other)) for prefix, other in value.items()}
    for prefix, others in mirrors.items():
        if not prefix.startswith("https://"):
            raise _WrongError(prefix, f"has {prefix!r}, but cards name https only")
        for other in others:
            if not other.startswith(MIRROR_BEGINNINGS):
                raise _WrongError(prefix, f"has {other!r}; a mirror begins with {', '.join(MIRROR_BEGINNINGS)}")
            if prefix.endswith("/") != other.endswith("/"):
                raise _WrongError(prefix, f"has {prefix!r} = {other!r}; both or none must end with a slash")
    return mirrors


def _trusted(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError('must be a table, such as "https://host.example/owner/name" = ["<commit>"]')
    trusted = {str(name): _own_texts(name, _listed(commits)) for name, commits in value.items()}
    for name, commits in trusted.items():
        for commit in commits:
            if not _COMMIT.fullmatch(commit):
                raise _WrongError(name, f"has {name!r} = {commit!r}; a commit is written with all its 40 digits")
    return trusted


def _listed(value: object) -> object:
    """A text may stand for the list of it alone."""
    return [value] if isinstance(value, str) else value


def _own_texts(key: object, value: object) -> tuple[str, ...]:
    """The texts of a key of a table."""
    try:
        return _texts(value)
    except TypeError as error:
        raise _WrongError(str(key), f"has a wrong value: {key} {error}") from error


def _names(value: object) -> dict[str, str]:
    words = 'must be a table of texts, such as link-host = "error"'
    if not isinstance(value, dict):
        raise TypeError(words)
    if wrong := [str(key) for key, item in value.items() if not isinstance(item, str)]:
        raise _WrongError(wrong[0], words)
    return {str(key): item for key, item in value.items()}


def _lists(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError('must be a table of lists, such as "old/**" = ["license-spdx"]')
    return {str(key): _own_texts(key, item) for key, item in value.items()}


def _vocabularies(value: object) -> dict[str, tuple[str, ...]]:
    words = f"must be a table of lists, whose keys are among {', '.join(OPEN_VOCABULARIES)}"
    if not isinstance(value, dict):
        raise TypeError(words)
    if wrong := [str(key) for key in value if key not in OPEN_VOCABULARIES]:
        raise _WrongError(wrong[0], words)
    return _lists(value)


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
    "allowed-private-hosts": _host_names,
    "requests-per-host": _count,
    "interval-seconds": _at_most(3600),
    "max-age-days": _at_most(36500),
}


def _link_settings(value: object) -> LinkSettings:
    words = f"must be a table, whose keys are among {', '.join(_LINK_READERS)}"
    if not isinstance(value, dict):
        raise TypeError(words)
    if wrong := [str(key) for key in value if key not in _LINK_READERS]:
        raise _WrongError(wrong[0], words)
    values: dict[str, Any] = {}
    for key, item in value.items():
        try:
            values[key.replace("-", "_")] = _LINK_READERS[key](item)
        except TypeError as error:
            raise _WrongError(key, f"has a wrong value: {key} {error}") from error
    return LinkSettings(**values)


# The setting's name -> what reads its value.
_READERS: dict[str, Callable[[object], Any]] = {
    "known-hosts": _host_names,
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
