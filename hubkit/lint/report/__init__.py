"""The table of report formats. A format is a module here with ``write(report) -> str``."""

from collections.abc import Callable

from hubkit.lint.diagnostic import Report
from hubkit.lint.report import github, json, junit, sarif, statistics, text

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text.write,
    "json": json.write,
    "sarif": sarif.write,
    "github": github.write,
    "junit": junit.write,
    "statistics": statistics.write,
}
