"""The linter's settings."""

from hubkit.settings import Settings as LintConfig
from hubkit.settings import load_settings as load_config

__all__ = ["LintConfig", "load_config"]
