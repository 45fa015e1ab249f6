"""Asking for the links of cards: what `hubkit links` and `hubkit lint --online` share."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import click

from hubkit.errors import CardError
from hubkit.links.check import Progress, check
from hubkit.links.client import host_of
from hubkit.links.options import Limits, LinkOptions
from hubkit.links.verdict import State, Verdict, split_fragment
from hubkit.lint.cache_folder import link_record
from hubkit.lint.diagnostic import Report
from hubkit.lint.online import OnlineCards, with_links
from hubkit.settings import Settings


def add_links(
    report: Report,
    cards: OnlineCards,
    settings: Settings,
    *,
    offline: bool,
    use_cache: bool,
    allow_private: Iterable[str] = (),
) -> Report:
    """``report`` with what is found of the cards' links, which are asked for; a summary goes to standard error.

    Raises CardError where a card cannot be read, LinkError where there is no network.
    """
    own = settings.links
    options = LinkOptions(
        offline=offline,
        allowed_private_hosts=frozenset(host.lower() for host in (*own.allowed_private_hosts, *allow_private)),
        mirrors=settings.mirrors,
        max_age_days=own.max_age_days,
        limits=Limits(per_host=own.requests_per_host, interval_seconds=own.interval_seconds),
    )
    try:
        links = list(cards.links())
        with _progress() as progress:
            cache = link_record(settings.file) if use_cache or offline else None
            verdicts = check(links, options, cache, progress=progress)
        found = cards.findings(verdicts)
    except OSError as error:
        raise CardError(f"{error.filename}: cannot be read: {error.strerror or error}") from error
    click.echo(summary(links, verdicts), err=True)
    return with_links(report, found, [str(path) for path in cards.paths])


def summary(links: Iterable[str], verdicts: Mapping[str, Verdict]) -> str:
    """How the links fare, in one line."""
    links = list(links)
    each = [verdicts[split_fragment(link)[0]] for link in links]
    hosts = len({host_of(link) for link in links})
    counts = Counter(verdict.state for verdict in each)
    words = {State.MIRRORED: "on a mirror only", State.SKIPPED: "skipped: offline"}
    parts = [f"{counts[state]:,} {words.get(state, state.value)}" for state in State if counts[state]]
    cached = sum(verdict.from_cache for verdict in each)
    head = f"{len(links):,} link{'s' * (len(links) != 1)} on {hosts:,} host{'s' * (hosts != 1)}"
    tail = f" ({cached:,} known from earlier runs)" if cached else ""
    return ": ".join([head, *([", ".join(parts)] if parts else [])]) + tail


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=0, label="Asking for links", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show
