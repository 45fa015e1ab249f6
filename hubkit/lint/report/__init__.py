"""The table of report formats. A format is a module here with ``write(report) -> str``, loaded when it is used."""

from collections.abc import Callable
from functools import partial
from importlib import import_module

from hubkit.lint.diagnostic import Report


def _write(name: str, report: Report) -> str:
    text: str = import_module(f"hubkit.lint.report.{name}").write(report)
    return text


FORMATS: dict[str, Callable[[Report], str]] = {
    name: partial(_write, name) for name in ("text", "json", "sarif", "github", "junit", "statistics")
}
