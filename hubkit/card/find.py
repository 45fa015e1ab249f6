"""Finding a card by its uid."""

from __future__ import annotations

import difflib
from pathlib import Path

from hubkit.card.model import find_cards, uid_of
from hubkit.errors import CardError


def card_path(root: Path, uid: str) -> Path:
    """The file of the card ``uid`` in the cards folder ``root``; the uid may be written with ``.md``.

    Raises CardError, with the nearest uids, where there is no such card.
    """
    uid = uid.removesuffix(".md").strip("/")
    known = {uid_of(path, root): path for path in find_cards(root)}
    if uid in known:
        return known[uid]
    nearest = difflib.get_close_matches(uid, known, n=3, cutoff=0.4)
    nearest += [other for other in known if other.rsplit("/", 1)[-1] == uid.rsplit("/", 1)[-1] and other not in nearest]
    hint = f"Did you mean {' or '.join(nearest[:3])}?" if nearest else f"{root} holds {len(known)} cards."
    raise CardError(f"no card {uid!r} in {root}", hint=hint)
