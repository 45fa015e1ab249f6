"""What the receipt of a card tells its readers."""

from __future__ import annotations

from dataclasses import replace

from hubkit.card.model import card_from_document
from hubkit.card.parse import parse_text
from hubkit.receipts import Receipt, Repository
from hubkit.site.evidence import verification
from hubkit.site.gather import Entry
from tests.site.examples import U2NET, card_text, passed

CARD = card_from_document(parse_text(card_text(U2NET), "card.md"), U2NET)


def facts(receipt: Receipt) -> dict[str, str]:
    found = verification(Entry(CARD, "page.html", receipt))
    assert found is not None
    return {fact.label: fact.value for fact in found.facts}


def test_the_code_of_a_repository_and_what_it_used_are_shown() -> None:
    receipt = passed("mindspore/1.9/u2net_dutstr")
    assert "Code of the network" not in facts(receipt)
    code = Repository("https://git.example/owner/models", "0123456789abcdef" * 2 + "01234567", "official/net", "", "")
    names = ("mindspore.ms_function", "mindspore.nn.ResizeBilinear")
    found = facts(replace(receipt, repository=code, compat=names))
    assert found["Code of the network"] == "https://git.example/owner/models official/net @ 0123456789ab"
    assert found["Names of MindSpore 1.x that it used"] == "mindspore.ms_function, mindspore.nn.ResizeBilinear"
