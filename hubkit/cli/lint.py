"""``hubkit lint``."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hubkit.card.find import card_files
from hubkit.errors import ConfigError, HubkitError
from hubkit.lint.cache_folder import FOLDER
from hubkit.lint.diagnostic import Report, Severity
from hubkit.lint.replay import Replay
from hubkit.lint.report import FORMATS
from hubkit.settings import Settings, load_settings

if TYPE_CHECKING:
    from hubkit.lint.selection import Selection


class _Output(click.ParamType[tuple[str, Path | None]]):
    """``FORMAT=FILE``; ``-`` is standard output."""

    name = "FORMAT=FILE"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path | None]:
        name, equals, target = value.partition("=")
        if name not in FORMATS:
            self.fail(f"{name!r} is not one of {', '.join(FORMATS)}.", param, ctx)
        if equals and not target:
            self.fail(f"{value!r} names no file; write {name}=- for standard output.", param, ctx)
        return name, None if target in ("", "-") else Path(target)


@dataclass(frozen=True)
class _Run:
    """What one run of the linter needs."""

    paths: tuple[Path, ...]
    settings: Settings
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    least: Severity
    jobs: int
    use_cache: bool
    changed_since: str | None
    baseline: Path | None
    stdin_name: Path | None

    @cached_property
    def selection(self) -> Selection:
        """The rules to run."""
        from hubkit.lint.selection import choose

        return choose(self.settings, select=self.select, ignore=self.ignore, least=self.least)

    @cached_property
    def cache_folder(self) -> Path:
        """Where the linter keeps what it found."""
        return (self.settings.file.parent if self.settings.file else Path.cwd()) / FOLDER

    def replay(self) -> Replay | None:
        """The last run like this one; None where a run depends on more than the cards, the settings and the options."""
        if not self.use_cache or self.changed_since is not None or self.stdin_name is not None:
            return None
        options = [str(path) for path in self.paths]
        options += ["--select", *self.select, "--ignore", *self.ignore, "--severity", self.least.value]
        cards = card_files(self.paths)
        if self.baseline is not None:
            options += ["--baseline", str(self.baseline)]
            cards = (*cards, self.baseline)
        return Replay(self.cache_folder, self.settings, options, cards)

    def report(self) -> Report:
        """Lint, and leave out what is not asked for."""
        if self.stdin_name is not None:
            from hubkit.lint.mending import lint_content

            return self._without_known(
                lint_content(sys.stdin.buffer.read(), self.stdin_name, self.settings, self.selection)
            )
        from hubkit.lint.cache import Cache, fingerprint
        from hubkit.lint.engine import lint

        cache = Cache(self.cache_folder, fingerprint(self.settings, self.selection)) if self.use_cache else None
        report = lint(self.paths, self.settings, selection=self.selection, jobs=self.jobs, cache=cache)
        if self.changed_since is not None:
            from hubkit.lint.changed import changed_since
            from hubkit.lint.mending import only

            report = only(report, changed_since(self.changed_since, Path.cwd()))
        return self._without_known(report)

    def _without_known(self, report: Report) -> Report:
        if self.baseline is None:
            return report
        from hubkit.lint.baseline import apply_baseline

        try:
            text = self.baseline.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            hint = f"Write it first: hubkit lint --write-baseline {self.baseline}"
            raise ConfigError(f"{self.baseline}: the baseline cannot be read: {error}", hint=hint) from error
        return apply_baseline(report, text, self.baseline)


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Mend what can be mended safely.")
@click.option("--unsafe-fixes", is_flag=True, help="Mend also what may change a card's meaning.")
@click.option("--diff", is_flag=True, help="Show what would be mended; write nothing.")
@click.option("--select", multiple=True, metavar="RULE", help="Run only this rule or category; may be repeated.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Do not run this rule or category; may be repeated.")
@click.option(
    "--severity",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.INFO.value,
    show_default=True,
    help="The least severity to report.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Keep the findings in this file quiet.")
@click.option("--write-baseline", type=click.Path(path_type=Path), help="Write all findings to this file, and end.")
@click.option("--changed-since", metavar="REV", help="Report only cards that git says changed since REV.")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    type=_Output(),
    help=f"Report to a file, - for standard output; may be repeated. FORMAT is {', '.join(FORMATS)}.",
)
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), help="Short for --output FORMAT=-.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option(
    "--stdin-filename", type=click.Path(path_type=Path), help="Read a card from standard input, named like this."
)
@click.option("--watch", is_flag=True, help="Go on, and lint again when a card changes.")
@click.option(
    "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="the cores", help="Processes to use."
)
@click.option("--no-cache", is_flag=True, help="Look at every card, changed or not.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: str,
    strict: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    changed_since: str | None,
    outputs: tuple[tuple[str, Path | None], ...],
    format_: str | None,
    statistics: bool,
    stdin_filename: Path | None,
    watch: bool,
    jobs: int,
    no_cache: bool,
) -> None:
    """Check model cards.

    PATHS are cards or folders of cards; this folder if none is named. `hubkit rules` lists what is checked. Exit
    status: 0 no findings, 1 findings (errors; warnings too with --strict), 2 could not run.
    """
    if stdin_filename is not None and (paths or fix or unsafe_fixes or diff or watch):
        raise click.UsageError("--stdin-filename goes with none of PATHS, --fix, --unsafe-fixes, --diff and --watch.")
    # What a run reads is needed until it ends; looking for garbage among it costs a fifth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    run = _Run(
        paths or (Path(),),
        load_settings(Path.cwd()),
        select,
        ignore,
        Severity(severity),
        jobs,
        not no_cache,
        changed_since,
        baseline,
        stdin_filename,
    )
    chosen = [*outputs, *([(format_, None)] if format_ else []), *([("statistics", None)] if statistics else [])]
    outputs = tuple(chosen) or (("text", None),)
    if write_baseline is not None:
        _write_baseline(run.report(), write_baseline)
        context.exit(0)
    if watch:
        _watch(run, outputs)
    mending = diff or fix or unsafe_fixes
    replay = None if mending else run.replay()
    formats = tuple(name for name, _ in outputs)
    if replay is not None and (known := replay.find(formats)) is not None:
        _write(known.reports, outputs)
        context.exit(1 if known.failed(strict=strict) else 0)
    report = run.report()
    if mending:
        report = _mend(run, report, unsafe=unsafe_fixes, write=not diff)
        if diff:
            context.exit(1 if report.diagnostics else 0)
    reports = {name: FORMATS[name](report) for name in formats}
    if replay is not None:
        replay.keep(report, reports)
    _write(reports, outputs)
    context.exit(1 if report.failed(strict=strict) else 0)


def _mend(run: _Run, report: Report, *, unsafe: bool, write: bool) -> Report:
    """Mend the cards; the report on them as they are afterwards. With --diff, what would be mended is left in it."""
    from hubkit.lint.fixes import unified_diff
    from hubkit.lint.mending import mend_cards

    mended, cards = 0, 0
    for path, result in mend_cards(report, run.settings, run.selection, unsafe=unsafe, write=write):
        for rule in result.refused:
            click.echo(f"{path}: the fix of {rule} would break the card and was not made", err=True)
        if result.changed:
            mended += result.applied
            cards += 1
            if not write:
                click.echo(unified_diff(result.before, result.after, path.as_posix()), nl=False)
    verb = "mended" if write else "would be mended"
    if mended:
        click.echo(f"{mended} finding{'s' * (mended != 1)} {verb} in {cards} card{'s' * (cards != 1)}", err=True)
    if not write:
        return report if mended else Report((), report.files)
    return run.report() if mended else report


def _write(reports: Mapping[str, str], outputs: tuple[tuple[str, Path | None], ...]) -> None:
    for name, target in outputs:
        text = reports[name]
        if target is None:
            click.echo(text, nl=False)
            continue
        try:
            target.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise HubkitError(f"{target}: the report cannot be written: {error.strerror or error}") from error


def _write_baseline(report: Report, target: Path) -> None:
    from hubkit.lint.baseline import write_baseline

    target.write_text(write_baseline(report, target), encoding="utf-8")
    count = len(report.diagnostics)
    click.echo(f"{target}: {count} finding{'s' * (count != 1)} noted. Use it with --baseline {target}", err=True)


def _watch(run: _Run, outputs: tuple[tuple[str, Path | None], ...]) -> None:
    from hubkit.lint.watch import changes

    for _ in changes(run.paths):
        click.clear()
        report = run.report()
        _write({name: FORMATS[name](report) for name, _ in outputs}, outputs)
        click.echo("Watching for changes (Ctrl-C ends it).", err=True)
