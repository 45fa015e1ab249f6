"""A folder of cards as a hub: checkpoints from the cards' assets, converted files from a build beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from hubkit.card.find import find_cards, uid_of
from hubkit.card.model import Card, load_card
from hubkit.client.model import ClientError, CodeCommit, Listing, Model, ModelFile
from hubkit.errors import CardError
from hubkit.receipts import Receipt, ReceiptError, Status, read_receipt, receipt_path
from hubkit.site.text import fit
from hubkit.store.content import FORMATS, Kind
from hubkit.store.digest import sha256_file


class CardsHub:
    """The cards in a folder, and what ``hubkit build`` made of them in an output folder."""

    def __init__(self, cards: Path, out: Path) -> None:
        """Raises ClientError where there is no folder ``cards``."""
        if not cards.is_dir():
            raise ClientError(
                f"{cards}: no such folder of cards",
                hint="Name the folder of cards with --cards, or a published catalogue with --catalogue.",
            )
        self.name = str(cards)
        self.base = f"{out.resolve().as_uri()}/"
        self._cards = cards
        self._out = out

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {uid_of(path, self._cards): path for path in find_cards(self._cards)}

    def uids(self) -> Sequence[str]:
        """Every uid of the folder."""
        return list(self._paths)

    def listings(self) -> Iterator[Listing]:
        """All its cards but those that cannot be used, which `hubkit lint` tells."""
        from hubkit.site.badges import standing_of  # whoever pulls a file needs nothing of the pages

        for uid, path in self._paths.items():
            try:
                card = load_card(path, self._cards)
            except CardError:
                continue
            receipt, _ = self._receipt(uid)
            models = receipt.models if receipt else ()
            found = {asset.file_format for asset in card.assets} | {model.format for model in models}
            yield Listing(
                uid=fit(uid),
                title=fit(card.title),
                summary=fit(card.summary),
                task=fit(card.module_type),
                dataset=fit(card.train_dataset),
                evaluation=fit(card.evaluation),
                author=fit(card.author),
                license=fit(card.license),
                updated=fit(card.update_time),
                status=standing_of(receipt, stale=_is_stale(path, receipt)).value,
                formats=tuple(sorted(map(fit, found))),
            )

    def model(self, uid: str) -> Model:
        """The model of a card. Raises CardError where it cannot be used."""
        path = self._paths[uid]
        card = load_card(path, self._cards)
        receipt, withheld = self._receipt(uid)
        converted = _converted(receipt, self._out, stale=_is_stale(path, receipt)) if receipt and not withheld else ()
        files = tuple(replace(file, code=_code(receipt)) for file in (*converted, *_assets(card, receipt)))
        block = card.network
        return Model(
            uid, block.builder if block else card.model_name, files, withheld, block.arguments if block else {}
        )

    def _receipt(self, uid: str) -> tuple[Receipt | None, str]:
        """The card's receipt, and why no converted file can be taken, if so; a checkpoint does not depend on it."""
        path = receipt_path(self._out, uid)
        if not path.is_file():
            return None, f"nothing was converted in {self._out}"
        try:
            receipt = read_receipt(path)
        except ReceiptError as error:
            return None, error.message
        if receipt.uid != uid:
            return None, f"{path} is the receipt of {receipt.uid!r}"
        if receipt.status is Status.FAILED:
            return receipt, "its verification failed"
        return receipt, "" if receipt.models else "nothing was converted"


def _is_stale(card: Path, receipt: Receipt | None) -> bool:
    return receipt is not None and sha256_file(card) != receipt.card_sha256


def _code(receipt: Receipt | None) -> CodeCommit | None:
    found = receipt.repository if receipt else None
    return CodeCommit(found.url, found.commit, found.folder) if found else None


def _assets(card: Card, receipt: Receipt | None) -> Iterator[ModelFile]:
    sizes = {check.sha256: check.size for check in receipt.assets} if receipt else {}
    for asset in card.assets:
        if asset.file_format in FORMATS:
            size = sizes.get(asset.sha256) or None
            yield ModelFile(Kind(asset.file_format), asset.sha256, size, (asset.link,))


def _converted(receipt: Receipt, out: Path, *, stale: bool) -> Iterator[ModelFile]:
    for model in receipt.models:
        path = (out / model.path).resolve()
        if not path.is_relative_to(out.resolve()):
            raise ClientError(f"{out / model.path} leads out of the folder {out}", hint="Run `hubkit build` again.")
        note = converted_note(receipt.note, stale=stale)
        yield ModelFile(Kind(model.format), model.sha256, model.size, (path.as_uri(),), note)


def converted_note(note: str, *, stale: bool) -> str:
    """What the user of a converted file must know: the receipt's note, and that the card has changed since."""
    changed = "the card was changed after the file was verified" if stale else ""
    return "; ".join(part for part in (note, changed) if part)
