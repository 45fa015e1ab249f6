"""The linter: an engine, rules of one module each, and reports.

The package can be called, so that ``hubkit.lint(paths)`` does what ``hubkit lint PATHS`` does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubkit.lint.diagnostic import Report
    from hubkit.settings import Settings


class _Lint(ModuleType):
    def __call__(
        self,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        *,
        settings: Settings | None = None,
        jobs: int = 1,
    ) -> Report:
        """Lint the cards at ``paths``; a folder stands for every card below it.

        ``settings`` are those of the current folder's hubkit.toml or pyproject.toml if none are given; ``jobs`` is how
        many processes to use. Raises CardError where a path does not exist or cannot be read, and ConfigError where a
        setting is wrong.
        """
        from hubkit.lint.engine import lint
        from hubkit.settings import load_settings

        several = [paths] if isinstance(paths, str | os.PathLike) else paths
        return lint(map(Path, several), settings or load_settings(Path.cwd()), jobs=jobs)


sys.modules[__name__].__class__ = _Lint
