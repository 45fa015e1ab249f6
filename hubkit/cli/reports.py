"""Where verbs that lint write their reports, and the findings that a baseline keeps quiet."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TypeAlias

import click

from hubkit.errors import ConfigError, HubkitError
from hubkit.lint.diagnostic import Report, Severity
from hubkit.lint.report import FORMATS

# Reports that may follow each other on standard output: lines, for people and for the log of a pipeline.
_LINES = frozenset({"text", "statistics", "github"})


class Output(click.ParamType[tuple[str, Path | None]]):
    """``FORMAT=FILE``; ``-`` is standard output."""

    name = "FORMAT=FILE"

    def __init__(self, formats: Collection[str]) -> None:
        self._formats = formats

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path | None]:
        name, equals, target = value.partition("=")
        if name not in self._formats:
            self.fail(f"{name!r} is not one of {', '.join(self._formats)}.", param, ctx)
        if equals and not target:
            self.fail(f"{value!r} names no file; write {name}=- for standard output.", param, ctx)
        if target in ("", "-"):
            return name, None
        if why := unwritable(Path(target)):  # before the work is done that would be reported
            self.fail(why, param, ctx)
        return name, Path(target)


def unwritable(path: Path) -> str:
    """Why no file can be written at ``path``; empty where it can, as far as can be told before."""
    folder = path.parent
    if path.is_dir():
        return f"{path} is a folder; name a file."
    if not folder.is_dir():
        return f"{path} cannot be written: there is no folder {folder}."
    if not os.access(path if path.exists() else folder, os.W_OK):
        return f"{path} cannot be written: permission denied."
    return ""


class TargetFile(click.Path):
    """A file to write; whether it can be is seen before any work is done."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if why := unwritable(Path(value)):
            self.fail(why, param, ctx)
        return super().convert(value, param, ctx)


output_option = click.option(
    "--output",
    "outputs",
    multiple=True,
    type=Output(FORMATS),
    help=f"Report to a file, - for standard output; may be repeated. FORMAT is {', '.join(FORMATS)}.",
)
format_option = click.option(
    "--format", "format_", type=click.Choice(list(FORMATS)), help="Short for --output FORMAT=-."
)
severity_option = click.option(
    "--severity",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.INFO.value,
    show_default=True,
    help="The least severity to report.",
)
strict_option = click.option("--strict", is_flag=True, help="Fail on warnings too.")
baseline_option = click.option(
    "--baseline", type=click.Path(path_type=Path), help="Keep the findings in this file quiet."
)


Outputs: TypeAlias = tuple[tuple[str, Path | None], ...]


def check_targets(outputs: Outputs) -> None:
    """Raises UsageError where two reports would go to one file, of which only the last would be left, or to standard
    output, where a program that reads one of them would meet both.
    """
    streams = [name for name, target in outputs if target is None]
    machine = next((name for name in streams if name not in _LINES), "")
    if len(streams) > 1 and machine:
        raise click.UsageError(
            f"two reports, {' and '.join(streams)}, cannot go to standard output: give one a file, "
            f"--output {machine}=FILE."
        )
    files = [Path(os.path.realpath(target)) for _, target in outputs if target is not None and not _is_stream(target)]
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        raise click.UsageError(f"--output: two reports cannot go to one file, {twice}.")


def _is_stream(target: Path) -> bool:
    return target.exists() and not target.is_file()


def rendered(report: Report, outputs: Outputs) -> dict[str, str]:
    """Format -> the report in it, for each format that ``outputs`` name."""
    return {name: FORMATS[name](report) for name, _ in outputs}


def write_reports(reports: Mapping[str, str], outputs: Outputs) -> None:
    """Write each report to its files. Raises HubkitError where one cannot be written."""
    for name, target in outputs:
        text = reports[name]
        if target is None:
            click.echo(text, nl=False)
            continue
        try:
            write_whole(target, text.encode())
        except OSError as error:
            raise HubkitError(f"{target}: the report cannot be written: {error.strerror or error}") from error


def write_whole(target: Path, content: bytes) -> None:
    """Write a file. Raises OSError; then what was there before is as it was, or nothing is there."""
    from hubkit.lint.fixes import replace_file

    if target.is_file() and os.access(target.parent, os.W_OK):
        replace_file(target, content)
    elif os.path.lexists(target):  # a pipe, or a file in a folder where no other can be made
        target.write_bytes(content)
    else:
        try:
            target.write_bytes(content)
        except OSError:
            target.unlink(missing_ok=True)
            raise


def without_known(report: Report, baseline: Path | None) -> Report:
    """``report`` without what the baseline keeps quiet. Raises ConfigError where that cannot be read."""
    if baseline is None:
        return report
    from hubkit.lint.baseline import apply_baseline

    try:
        content = baseline.read_bytes()
    except OSError as error:
        hint = f"Write it first: hubkit lint --write-baseline {baseline}"
        raise ConfigError(f"{baseline}: the baseline cannot be read: {error.strerror or error}", hint=hint) from error
    return apply_baseline(report, content, baseline)
