"""The linter's settings, from ``hubkit.toml`` or ``[tool.hubkit]`` of ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
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
class LintConfig:
    """Settings of the linter."""

    known_hosts: tuple[str, ...] = DEFAULT_HOSTS
    """Hosts that ``repo-link`` and ``asset-link`` may name (``known-hosts``)."""


def load_config(start: Path) -> LintConfig:
    """The settings that hold in the folder ``start``: those of the nearest file upwards.

    Raises ConfigError where a file is no TOML, or a setting is unknown or of a wrong type.
    """
    for folder in (start, *start.parents):
        own = folder / "hubkit.toml"
        if own.is_file():
            return _from_table(_read(own), own)
        project = folder / "pyproject.toml"
        if project.is_file():
            table = _read(project).get("tool", {}).get("hubkit")
            if table is not None:
                return _from_table(table, project)
    return LintConfig()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}", hint="Mend the file, or remove it to use the defaults.") from error


def _from_table(table: Mapping[str, Any], path: Path) -> LintConfig:
    known = {"known-hosts"}
    unknown = sorted(set(table) - known)
    if unknown:
        raise ConfigError(f"{path}: unknown setting {unknown[0]!r}", hint=f"hubkit knows: {', '.join(sorted(known))}.")
    hosts = table.get("known-hosts", list(DEFAULT_HOSTS))
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise ConfigError(f"{path}: known-hosts must be a list of texts", hint='Write known-hosts = ["gitee.com"].')
    return LintConfig(known_hosts=tuple(hosts))
