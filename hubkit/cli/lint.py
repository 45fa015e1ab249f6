"""``hubkit lint``."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hubkit.card.find import card_files
from hubkit.cli.reports import (
    TargetFile,
    baseline_option,
    check_targets,
    format_option,
    output_option,
    rendered,
    severity_option,
    strict_option,
    without_known,
    write_reports,
    write_whole,
)
from hubkit.errors import CardError, HubkitError
from hubkit.lint.cache_folder import FOLDER
from hubkit.lint.diagnostic import Report, Severity
from hubkit.lint.replay import Replay
from hubkit.settings import Settings, load_settings

if TYPE_CHECKING:
    from hubkit.lint.selection import Selection


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
    online: bool
    offline: bool

    @cached_property
    def chosen(self) -> Selection:
        """The rules to run, with those that ask hosts where they are wanted."""
        from hubkit.lint.selection import choose

        return choose(self.settings, select=self.select, ignore=self.ignore, least=self.least, online=self.online)

    @cached_property
    def selection(self) -> Selection:
        """The rules to run on the cards alone."""
        from hubkit.lint.selection import without_online

        return without_online(self.chosen)

    @cached_property
    def cache_folder(self) -> Path:
        """Where the linter keeps what it found."""
        return (self.settings.file.parent if self.settings.file else Path.cwd()) / FOLDER

    def replay(self) -> Replay | None:
        """The last run like this one; None where a run depends on more than the cards, the settings and the options."""
        if not self.use_cache or self.online or self.changed_since is not None or self.stdin_name is not None:
            return None
        options = [str(path) for path in self.paths]
        options += ["--select", *self.select, "--ignore", *self.ignore, "--severity", self.least.value]
        cards = card_files(self.paths)
        if not cards:
            return None
        if self.baseline is not None:
            options += ["--baseline", str(self.baseline)]
            cards = (*cards, self.baseline)
        return Replay(self.cache_folder, self.settings, options, cards)

    def report(self) -> Report:
        """Lint, and leave out what is not asked for."""
        if self.stdin_name is not None:
            return self._report_on_stdin(self.stdin_name)
        from hubkit.lint.cache import Cache, fingerprint
        from hubkit.lint.engine import lint

        cache = Cache(self.cache_folder, fingerprint(self.settings, self.selection)) if self.use_cache else None
        report = lint(self.paths, self.settings, selection=self.selection, jobs=self.jobs, cache=cache)
        changed = None
        if self.changed_since is not None:
            from hubkit.lint.changed import changed_since
            from hubkit.lint.mending import only

            changed = changed_since(self.changed_since, Path.cwd(), card_files(self.paths))
            report = only(report, changed)
        if self.online:
            from hubkit.cli.online import add_links
            from hubkit.lint.online import OnlineCards

            paths = tuple(
                path for path in card_files(self.paths) if changed is None or Path(os.path.realpath(path)) in changed
            )
            cards = OnlineCards(paths, self.chosen)
            report = add_links(report, cards, self.settings, offline=self.offline, use_cache=self.use_cache)
        return without_known(report, self.baseline)

    def _report_on_stdin(self, name: Path) -> Report:
        from hubkit.lint.mending import lint_content

        if sys.stdin is None:  # it was closed when hubkit began
            raise HubkitError("there is no standard input", hint=f"Send the card to it: hubkit lint ... < {name}")
        content = sys.stdin.buffer.read()
        report = lint_content(content, name, self.settings, self.selection)
        if self.online:
            from hubkit.card.parse import parse_bytes
            from hubkit.cli.online import add_links
            from hubkit.lint.online import OnlineCards

            cards = OnlineCards((name,), self.chosen, read=lambda path: parse_bytes(content, str(path)))
            report = add_links(report, cards, self.settings, offline=self.offline, use_cache=self.use_cache)
        return without_known(report, self.baseline)


def _parts(_context: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """What is between commas, each for itself."""
    return tuple(name for value in given for part in value.split(",") if (name := part.strip()))


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(readable=False, path_type=Path))
@click.option("--fix", is_flag=True, help="Mend what can be mended safely.")
@click.option("--unsafe-fixes", is_flag=True, help="Mend also what may change a card's meaning.")
@click.option("--diff", is_flag=True, help="Show what would be mended; write nothing.")
@click.option(
    "--select",
    multiple=True,
    callback=_parts,
    metavar="RULE",
    help="Run only this rule or category; may be repeated, or have commas.",
)
@click.option(
    "--ignore",
    multiple=True,
    callback=_parts,
    metavar="RULE",
    help="Do not run this rule or category; may be repeated, or have commas.",
)
@severity_option
@strict_option
@baseline_option
@click.option("--write-baseline", type=TargetFile(), help="Write all findings to this file, and end.")
@click.option("--changed-since", metavar="REV", help="Report only cards that git says changed since REV.")
@output_option
@format_option
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option(
    "--stdin-filename", type=click.Path(path_type=Path), help="Read a card from standard input, named like this."
)
@click.option("--online", is_flag=True, help="Ask also whether links lead somewhere, as `hubkit links` does.")
@click.option(
    "--offline",
    is_flag=True,
    envvar="HUBKIT_OFFLINE",
    help="With --online, use only what earlier runs found out.",
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
    online: bool,
    offline: bool,
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
    if Path("-") in paths:
        raise click.UsageError("A card on standard input is named by --stdin-filename, not by -.")
    if write_baseline is not None and (fix or unsafe_fixes or diff or watch):
        raise click.UsageError("--write-baseline goes with none of --fix, --unsafe-fixes, --diff and --watch.")
    if write_baseline is not None and baseline is not None:
        raise click.UsageError("--write-baseline writes all findings down: leave --baseline out.")
    if online and watch:
        raise click.UsageError("--online does not go with --watch: hosts would be asked at each change.")
    # What a run reads is needed until it ends; looking for garbage among it costs a fifth of the time. A run that
    # goes on and on does collect what it has done with.
    gc.freeze()
    if watch:
        gc.set_threshold(100_000, 50, 50)
    else:
        gc.disable()
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
        online,
        offline,
    )
    chosen = [*outputs, *([(format_, None)] if format_ else []), *([("statistics", None)] if statistics else [])]
    outputs = tuple(chosen) or (("text", None),)
    check_targets(outputs)
    if write_baseline is not None:
        report = run.report()
        _write_baseline(report, write_baseline)
        write_reports(rendered(report, tuple(chosen)), tuple(chosen))
        context.exit(0)
    if watch:
        _watch(run, outputs)
    mending = diff or fix or unsafe_fixes
    replay = None if mending else run.replay()
    formats = tuple(name for name, _ in outputs)
    if replay is not None and (known := replay.find(formats)) is not None:
        write_reports(known.reports, outputs)
        context.exit(1 if known.failed(strict=strict) else 0)
    report = run.report()
    if not report.files:
        click.echo("note: there is no card here: a card is a file whose name ends in .md", err=True)
    if mending:
        report = _mend(run, report, unsafe=unsafe_fixes, write=not diff)
        if diff:
            context.exit(1 if report.diagnostics else 0)
    reports = rendered(report, outputs)
    if replay is not None:
        replay.keep(report, reports)
    write_reports(reports, outputs)
    gc.freeze()  # nothing of it needs to be looked through at the end
    context.exit(1 if report.failed(strict=strict) else 0)


def _mend(run: _Run, report: Report, *, unsafe: bool, write: bool) -> Report:
    """Mend the cards; the report on them as they are afterwards. With --diff, what would be mended is left in it."""
    from hubkit.lint.fixes import unified_diff
    from hubkit.lint.mending import mend_cards

    mended, cards = 0, 0
    failures: list[CardError] = []
    for path, result in mend_cards(report, run.settings, run.selection, unsafe=unsafe, write=write):
        if isinstance(result, CardError):
            failures.append(result)
            continue
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
    if failures:
        *others, last = failures
        for failure in others:
            click.echo(f"error: {failure.message}", err=True)
        raise last
    if not write:
        return report if mended else Report((), report.files)
    return run.report() if mended else report


def _write_baseline(report: Report, target: Path) -> None:
    from hubkit.lint.baseline import write_baseline

    try:
        write_whole(target, write_baseline(report, target))
    except OSError as error:
        raise HubkitError(f"{target}: the baseline cannot be written: {error.strerror or error}") from error
    count = len(report.diagnostics)
    click.echo(f"{target}: {count} finding{'s' * (count != 1)} noted. Use it with --baseline {target}", err=True)


def _watch(run: _Run, outputs: tuple[tuple[str, Path | None], ...]) -> None:
    from hubkit.lint.watch import changes

    for _ in changes(run.paths):
        click.clear()
        write_reports(rendered(run.report(), outputs), outputs)
        click.echo("Watching for changes (Ctrl-C ends it).", err=True)
