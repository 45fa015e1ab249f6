"""Checks links: each page once, by several threads, with what earlier runs found out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from hubkit.errors import HubkitError
from hubkit.links import receipts
from hubkit.links.addresses import Addresses, Resolve, resolve
from hubkit.links.client import Answer, Client, Failure, Problem, host_of
from hubkit.links.deadlines import Deadlines
from hubkit.links.fragments import can_be_checked
from hubkit.links.mirrors import FILE, has_file, mirrors_of
from hubkit.links.options import LinkOptions
from hubkit.links.probe import Probe, begin, judge
from hubkit.links.schedule import Schedule
from hubkit.links.verdict import State, Verdict, split_fragment

# Good news is believed as long as it is fresh; what was wrong is looked at again, so that who mends it sees that.
_BELIEVED = frozenset({State.ALIVE, State.MOVED})
_OFFLINE = Verdict(State.SKIPPED, None, reason="was not checked: offline, and no earlier result is fresh enough")
# Failures that show that a host was asked.
_REACHED = frozenset({Problem.TLS, Problem.CONNECTION})
# In the place of a host: files of a mirror.
_NO_HOST = ""

# Called with the pages that are done and the pages in all.
Progress = Callable[[int, int], None]


class LinkError(HubkitError):
    """Links could not be checked."""


@dataclass
class _Run:
    """What the threads of one run share."""

    options: LinkOptions
    client: Client
    schedule: Schedule[Probe]
    results: SimpleQueue[tuple[str, Verdict | BaseException]]
    mirror_hosts: frozenset[str]
    network: bool = False
    """Whether any request came as far as a server that is no mirror."""
    unresolved: set[str] = field(default_factory=set)
    """Hosts whose names could not be resolved."""

    def work(self) -> None:
        """Ask what is due until the schedule is closed."""
        while (taken := self.schedule.take()) is not None:
            host, probe = taken
            asked = True
            try:
                asked = self._go_on(host, probe)
            except BaseException as error:
                self.results.put((probe.page, error))
            finally:
                self.schedule.done(host, asked=asked)

    def add(self, probe: Probe, delay: float = 0.0) -> None:
        """Ask for it when its turn comes."""
        self.schedule.put(host_of(probe.url) or _NO_HOST, probe, delay=delay)

    def _go_on(self, host: str, probe: Probe) -> bool:
        """Ask, and see what follows; whether the host was asked at all."""
        outcome = self._ask(probe)
        asked = host != _NO_HOST and (isinstance(outcome, Answer) or outcome.problem in _REACHED)
        if isinstance(outcome, Answer) or outcome.problem in _REACHED:
            self.network = self.network or not probe.mirror  # a mirror may stand on this machine
        elif outcome.problem in (Problem.UNRESOLVED, Problem.NO_NAME_SERVER):
            self.unresolved.add(host)
        step = judge(probe, outcome, self.options.limits, datetime.now(UTC))
        if isinstance(step, Verdict):
            self.results.put((probe.page, step))
            return asked
        if step.pause_host:
            self.schedule.pause(host, step.delay)
        self.add(step.probe, step.delay)
        return asked

    def _ask(self, probe: Probe) -> Answer | Failure:
        if probe.mirror.startswith(FILE):
            mirrors = mirrors_of(probe.page, self.options.mirrors)
            there = any(url == probe.mirror and has_file(prefix, url) for prefix, url in mirrors)
            return Answer(200 if there else 404)
        allowed = self.options.allowed_private_hosts
        if probe.mirror:
            allowed |= self.mirror_hosts  # whoever runs hubkit set them up
        return self.client.ask(probe.method, probe.url, probe.fragments, allowed)


def check(
    links: Iterable[str],
    options: LinkOptions,
    cache: Path | None = None,
    *,
    resolve: Resolve = resolve,
    progress: Progress | None = None,
) -> dict[str, Verdict]:
    """Page -> verdict, for the pages of ``links``, http URLs that may have fragments.

    ``cache`` is the file of receipts, read before and written after, also where the run is interrupted; ``resolve``
    asks for the addresses of a host. Raises LinkError where there is no network at all.
    """
    wanted = _pages(links)
    now = datetime.now(UTC)
    known = receipts.read(cache, now, timedelta(days=options.max_age_days)) if cache else {}
    if options.offline:
        return {page: known.get(page, _OFFLINE) for page in wanted}
    found = {page: known[page] for page in wanted if page in known and _is_enough(known[page], wanted[page])}
    todo = {page: fragments for page, fragments in wanted.items() if page not in found}
    fresh: dict[str, Verdict] = {}
    try:
        _ask_all(todo, options, resolve, fresh, progress)
    except LinkError:
        fresh.clear()  # without a network nothing was found out
        raise
    finally:
        if cache and fresh:
            with suppress(OSError):  # a cache that cannot be written is no error
                receipts.write(cache, {**known, **fresh})
    found |= fresh
    return {page: found[page] for page in wanted}


def _pages(links: Iterable[str]) -> dict[str, frozenset[str]]:
    """Page -> the fragments of it that can be checked, in the order of the links."""
    pages: dict[str, set[str]] = {}
    for link in links:
        page, fragment = split_fragment(link)
        fragments = pages.setdefault(page, set())
        if can_be_checked(fragment):
            fragments.add(fragment)
    return {page: frozenset(fragments) for page, fragments in pages.items()}


def _is_enough(verdict: Verdict, fragments: frozenset[str]) -> bool:
    return verdict.state in _BELIEVED and all(verdict.fragments.get(fragment) for fragment in fragments)


def _ask_all(
    todo: Mapping[str, frozenset[str]],
    options: LinkOptions,
    resolve: Resolve,
    found: dict[str, Verdict],
    progress: Progress | None,
) -> None:
    """Ask for the pages and add their verdicts to ``found`` as they come in."""
    if not todo:
        return
    limits = options.limits
    hosts = {urlsplit(prefix).hostname or "" for prefixes in options.mirrors.values() for prefix in prefixes}
    with Deadlines(limits.total_seconds) as deadlines:
        client = Client(limits, Addresses(resolve), deadlines)
        schedule: Schedule[Probe] = Schedule(limits.per_host, limits.interval_seconds)
        run = _Run(options, client, schedule, SimpleQueue(), frozenset(hosts - {""}))
        for page, fragments in todo.items():
            run.add(begin(page, fragments, tuple(url for _, url in mirrors_of(page, options.mirrors))))
        # Daemons, so that Ctrl-C does not wait for a slow server.
        count = min(limits.in_total, len(todo))
        threads = [Thread(target=run.work, name=f"links {number}", daemon=True) for number in range(count)]
        for thread in threads:
            thread.start()
        try:
            for done in range(1, len(todo) + 1):
                page, verdict = run.results.get()
                if isinstance(verdict, BaseException):
                    raise verdict
                found[page] = verdict
                if progress:
                    progress(done, len(todo))
        finally:
            schedule.close()
        for thread in threads:
            thread.join()  # nothing is left to do
    # One host may have gone; that all have is hardly ever true of a machine with a network.
    mirrored = any(verdict.state is State.MIRRORED for verdict in found.values())
    if not (run.network or mirrored) and len(run.unresolved) > 1:
        raise LinkError(
            f"no link could be checked: none of {len(run.unresolved)} hosts can be resolved",
            hint="Check the network, or use what is known from earlier runs with --offline.",
        )
