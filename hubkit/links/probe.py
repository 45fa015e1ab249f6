"""What follows from an answer: a verdict, or the next request. Nothing here touches the network.

Sources: RFC 9110 for the statuses, redirects and Retry-After; RFC 6585 for 429.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from hubkit.links.client import Answer, Failure, Problem
from hubkit.links.options import Limits
from hubkit.links.verdict import State, Verdict

_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSIENT = frozenset({408, 425, 500, 502, 503, 504})
_LATER = frozenset({429, 503})

# Status -> what it says. Hosts answer so to programs that they take for robots, or ask for a login: the page may be
# there for a reader.
_UNCERTAIN = {
    401: "asks for a login",
    403: "is not shown to programs",
    407: "asks for a login",
    418: "is not shown to programs",
    429: "is not shown for now: there were too many requests",
}


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect that was followed."""

    url: str
    """Where it led to."""
    permanent: bool
    """Whether the server calls it permanent."""


@dataclass(frozen=True, slots=True)
class Probe:
    """How far the check of one page has come."""

    page: str
    """The page as the cards have it."""
    url: str
    """What is asked for next."""
    method: str
    """How: HEAD, or GET."""
    fragments: frozenset[str] = frozenset()
    """Fragments to look for, as they are written."""
    hops: tuple[Hop, ...] = ()
    """The redirects so far."""
    tries: int = 0
    """Failed tries of this URL so far."""
    mirrors: tuple[str, ...] = ()
    """Mirrors of the page that were not asked yet."""
    mirror: str = ""
    """The mirror that is asked now; empty where it is the page itself."""
    original: Verdict | None = None
    """What the page itself came to, where a mirror is asked now."""


@dataclass(frozen=True, slots=True)
class Next:
    """The check goes on."""

    probe: Probe
    """What to ask."""
    delay: float = 0.0
    """Seconds to wait before."""
    pause_host: bool = False
    """Whether the host wants to be left alone for as long."""


def begin(page: str, fragments: frozenset[str], mirrors: tuple[str, ...]) -> Probe:
    """The check of a page at its start."""
    return Probe(page, page, _first_method(fragments), fragments, mirrors=mirrors)


def judge(probe: Probe, outcome: Answer | Failure, limits: Limits, now: datetime) -> Verdict | Next:
    """What follows from ``outcome``, which ``probe`` asked for, at the time ``now`` in UTC."""
    if isinstance(outcome, Answer):
        step = _after_answer(probe, outcome, limits, now)
    else:
        step = _after_failure(probe, outcome, limits, now)
    if isinstance(step, Next):
        return step
    if step.state in (State.ALIVE, State.MOVED):
        return replace(probe.original, state=State.MIRRORED, mirror=probe.mirror) if probe.original else step
    original = probe.original or step
    if probe.mirrors:
        first, rest = probe.mirrors[0], probe.mirrors[1:]
        return Next(Probe(probe.page, first, "HEAD", mirrors=rest, mirror=first, original=original))
    return original


def retry_after(header: str, now: datetime) -> float | None:
    """The seconds of a Retry-After header: a number of them, or a date; None where it is neither."""
    if header.strip().isdecimal():
        return float(header.strip()[:9])
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max((date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds(), 0.0)


def _first_method(fragments: frozenset[str]) -> str:
    return "GET" if fragments else "HEAD"


_STATES = {Problem.REFUSED: State.REFUSED, Problem.NO_NAME_SERVER: State.UNCERTAIN}


def _after_failure(probe: Probe, outcome: Failure, limits: Limits, now: datetime) -> Verdict | Next:
    if outcome.problem is Problem.CONNECTION or outcome.problem is Problem.NO_NAME_SERVER:
        again = _again(replace(probe, method="GET"), limits)
        if again:
            return again
    state = _STATES.get(outcome.problem, State.DEAD)
    reason = f"{outcome.reason}, where a redirect leads" if probe.hops else outcome.reason
    return Verdict(state, now, reason=reason)


def _after_answer(probe: Probe, answer: Answer, limits: Limits, now: datetime) -> Verdict | Next:
    status = answer.status
    if 200 <= status < 300:
        moved = _permanent_address(probe)
        state = State.MOVED if moved else State.ALIVE
        reason = f"has moved to {moved}" if moved else ""
        return Verdict(state, now, status, reason, moved_to=moved, fragments=answer.fragments)
    if status in _REDIRECTS and answer.location:
        return _redirected(probe, answer, limits, now)
    if status in _LATER and (status == 429 or answer.retry_after):
        asked = retry_after(answer.retry_after, now)
        again = _again(probe, limits)
        if again:
            delay = again.delay if asked is None else min(asked, limits.retry_after_seconds)
            return replace(again, delay=delay, pause_host=True)
    elif probe.method == "HEAD":
        return Next(replace(probe, method="GET"))  # many servers answer HEAD in another way, or not at all
    elif status in _TRANSIENT:
        again = _again(probe, limits)
        if again:
            return again
    if status in _UNCERTAIN:
        return Verdict(State.UNCERTAIN, now, status, f"{_UNCERTAIN[status]} (status {status})")
    return Verdict(State.DEAD, now, status, f"is dead: the server answers {status}")


def _again(probe: Probe, limits: Limits) -> Next | None:
    tries = probe.tries + 1
    if tries >= limits.tries:
        return None
    return Next(replace(probe, tries=tries), delay=limits.backoff_seconds * 2**probe.tries)


def _redirected(probe: Probe, answer: Answer, limits: Limits, now: datetime) -> Verdict | Next:
    """The next hop. Fragments stay with the reader's browser: they are looked for where the redirects end."""
    try:
        # Headers come as Latin-1; many servers write UTF-8 into them.
        location = answer.location.encode("latin-1").decode("utf-8", "replace")
        target = urljoin(probe.url, location).partition("#")[0]
        scheme = urlsplit(target).scheme
    except ValueError:
        return Verdict(State.DEAD, now, answer.status, "is dead: it redirects to what is no URL")
    if scheme not in ("http", "https"):
        return Verdict(State.REFUSED, now, answer.status, f"redirects to {scheme or 'nothing'}:, which is not followed")
    if scheme == "http" and urlsplit(probe.url).scheme == "https":
        return Verdict(State.REFUSED, now, answer.status, "redirects from https down to http, which is not followed")
    seen = {probe.mirror or probe.page, *(hop.url for hop in probe.hops)}
    if target in seen and target == probe.url and probe.method == "HEAD":
        return Next(replace(probe, method="GET"))
    if target in seen:
        return Verdict(State.DEAD, now, answer.status, "is dead: its redirects go round in a circle")
    if len(probe.hops) >= limits.redirects:
        return Verdict(State.DEAD, now, answer.status, f"is dead: it redirects more than {limits.redirects} times")
    hops = (*probe.hops, Hop(target, answer.status in _PERMANENT))
    return Next(replace(probe, url=target, method=_first_method(probe.fragments), hops=hops, tries=0))


def _permanent_address(probe: Probe) -> str:
    """Where the first redirects, as long as they are permanent, lead to; empty where there are none."""
    address = ""
    for hop in probe.hops:
        if not hop.permanent:
            break
        address = hop.url
    return address
