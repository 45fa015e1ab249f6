"""What a network that is not there says of links, for the rules that need to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from hubkit.links.verdict import State, Verdict, split_fragment
from hubkit.lint.diagnostic import Diagnostic
from hubkit.lint.online import OnlineCards
from hubkit.lint.selection import Selection, choose, only_online
from hubkit.settings import Settings

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
ALIVE = Verdict(State.ALIVE, WHEN, 200)

# Page -> what is found out of it; the bad cards of the rules in tests/cards link to these.
ANSWERS: Mapping[str, Verdict] = {
    "https://gone.example/recipe": Verdict(State.DEAD, WHEN, 404, "is dead: the server answers 404"),
    "https://inside.example/recipe": Verdict(State.REFUSED, WHEN, None, "leads to a private address: inside.example"),
    "https://moved.example/recipe": Verdict(
        State.MOVED,
        WHEN,
        200,
        "has moved to https://new.example/recipe",
        moved_to="https://new.example/recipe",
        fragments={"steps": True},
    ),
    "https://docs.example/recipe": Verdict(State.ALIVE, WHEN, 200, fragments={"stepps": False}),
    "https://mirrored.example/recipe": Verdict(
        State.MIRRORED,
        WHEN,
        404,
        "is dead: the server answers 404",
        mirror="https://mirror.example/recipe",
    ),
    "https://journals.example/recipe": Verdict(State.UNCERTAIN, WHEN, 403, "is not shown to programs (status 403)"),
}


def online_findings(
    paths: Sequence[Path], answers: Mapping[str, Verdict], selection: Selection | None = None
) -> list[Diagnostic]:
    """What the rules that need to know say, given ``answers``; all other pages are alive."""
    cards = OnlineCards(paths, selection or only_online(choose(Settings(), online=True)))
    verdicts = {page: answers.get(page, ALIVE) for page, _ in map(split_fragment, cards.links())}
    return [found for diagnostics in cards.findings(verdicts).values() for found in diagnostics]
