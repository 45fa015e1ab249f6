"""Whether the links of a card lead somewhere, as `hubkit links` found out and keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hubkit.card.model import Card
from hubkit.site.claims import Badge, Figure, Mark
from hubkit.site.gather import Entry, LinkCheck
from hubkit.site.i18n import N_, _, ngettext, remembered
from hubkit.site.paths import web_link
from hubkit.site.reasons import translated

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict

# How a link fares -> how the claim stands, and what that is called.
_STATES = {
    "alive": (Mark.PASSED, N_("alive")),
    "moved": (Mark.PASSED, N_("moved for good")),
    "mirrored": (Mark.PASSED, N_("on a mirror only")),
    "uncertain": (Mark.SKIPPED, N_("uncertain")),
    "dead": (Mark.FAILED, N_("dead")),
    "refused": (Mark.FAILED, N_("refused")),
}
_LIMITED = ("moved", "mirrored")
# What decides for the whole: the first of these that a link has.
_WORST = (Mark.FAILED, Mark.NONE, Mark.SKIPPED, Mark.PASSED)


def read_links(path: Path | None) -> Mapping[str, Verdict]:
    """The page of a link -> what is known of it, however long ago it was found out; nothing without a sound file."""
    if path is None or not path.is_file():
        return {}
    from hubkit.links.receipts import read

    return read(path, datetime.max.replace(tzinfo=UTC), timedelta.max)


def checks(card: Card, known: Mapping[str, Verdict]) -> tuple[LinkCheck, ...]:
    """What is known of the links to a card's files and code; one that was never asked for has an empty state."""
    links = dict.fromkeys(link for link in (*(asset.link for asset in card.assets), card.repo_link) if web_link(link))
    found = []
    for link in links:
        verdict = known.get(link.partition("#")[0])
        asked = verdict is not None and verdict.checked is not None and verdict.state.value in _STATES
        if asked and verdict is not None and verdict.checked is not None:
            day = verdict.checked.date().isoformat()
            found.append(LinkCheck(link, verdict.state.value, day, verdict.reason))
        else:
            found.append(LinkCheck(link, "", "", ""))
    return tuple(found)


def links_badge(entry: Entry) -> Badge:
    """The claim that a card's files and code are where it says. It passes where all of them were found."""
    found = entry.links
    if not any(check.state for check in found):
        return _not_checked()
    marks = [_STATES[check.state][0] if check.state else Mark.NONE for check in found]
    mark = next(mark for mark in _WORST if mark in marks)
    worst = found[marks.index(mark)]
    limit = next((check.state for check in found if check.state in _LIMITED), "")
    count = ngettext("%(count)s link", "%(count)s links", len(found)) % {"count": len(found)}
    return Badge(
        slug="links",
        label=_("Links alive") if mark is Mark.PASSED else _("Links"),
        value=count if mark is Mark.PASSED else _words(worst.state),
        mark=mark,
        qualifier=_words(limit) if limit and mark is Mark.PASSED else "",
        reason=translated(worst.reason),
        source=_("Asked on"),
        date=min(check.day for check in found if check.day),
        figures=tuple(Figure(_words(check.state), f"{check.url} {check.day}".strip()) for check in found),
        bar=None,
    )


@remembered(8)
def _not_checked() -> Badge:
    return Badge("links", _("Links alive"), "", Mark.NONE, "", "", _("Not checked"), "", (), None)


def _words(state: str) -> str:
    return _(_STATES[state][1]) if state else _("not checked")
