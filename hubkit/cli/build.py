"""``hubkit build``."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from hubkit.cli.options import offline_option, out_option, renew_option, seed_option, trust_option, verify_options
from hubkit.cli.summary import overall_word, receipt_lines
from hubkit.convert.limits import Limits
from hubkit.pipeline import BuildResult, build
from hubkit.settings import load_settings


@click.command("build")
@click.argument("cards", type=click.Path(path_type=Path))
@out_option
@seed_option
@offline_option
@trust_option
@renew_option
@click.option("--strict", is_flag=True, help="Fail where a published file cannot be fetched, and on lint warnings.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=min(os.cpu_count() or 1, 2),
    show_default="2, or 1 on one core",
    help="How many networks are converted at a time.",
)
@click.pass_context
def command(
    context: click.Context,
    cards: Path,
    out: Path,
    seed: int,
    offline: bool,
    trust_repo: bool,
    renew_code: bool,
    strict: bool,
    jobs: int,
) -> None:
    """Verify every card of a folder and publish the catalogue.

    For each card of the folder CARDS: lint it, fetch and verify its files, convert its checkpoint, run all runtimes on
    the same inputs, and write a receipt; then write the site. What did not change is not done again. Exit status: 0
    done, 1 a card failed, 2 could not run.
    """
    start = time.perf_counter()
    limits = Limits(processes=1)  # so that --jobs is how many processes compute at once
    options = verify_options(
        out,
        offline=offline,
        seed=seed,
        strict=strict,
        limits=limits,
        trust_repo=trust_repo,
        renew_code=renew_code,
    )

    def say(uid: str, line: str) -> None:
        click.echo(f"{f'{uid}: ' if uid else ''}{line}", err=True)

    result = build(cards, options, load_settings(Path.cwd()), jobs=jobs, say=say)
    _sum_up(result, out, time.perf_counter() - start)
    context.exit(1 if result.failed else 0)


def _sum_up(result: BuildResult, out: Path, seconds: float) -> None:
    for outcome in result.outcomes:
        click.echo(f"{overall_word(outcome.receipt)} {outcome.uid}")
        if outcome.receipt is None:
            click.echo(f"  {outcome.error}")
        else:
            for line in receipt_lines(outcome.receipt):
                click.echo(line)
    for problem in result.site.problems:
        click.echo(f"site: {problem}", err=True)
    count = len(result.outcomes)
    page = out / "site" / "index.html"
    click.echo(f"{count} card{'s' * (count != 1)} in {seconds:.1f} s. The catalogue: {page}")
