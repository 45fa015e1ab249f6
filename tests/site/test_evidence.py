"""What the receipt of a card tells its readers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hubkit.card.model import card_from_document
from hubkit.card.parse import parse_text
from hubkit.cli.summary import receipt_lines
from hubkit.receipts import Receipt, Repository, read_receipt, write_receipt
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


def test_a_runtime_that_was_not_run_is_told_with_the_reason_on_the_page_and_the_terminal(tmp_path: Path) -> None:
    receipt = replace(passed("mindspore/1.9/u2net_dutstr"), skipped={"pynative": "its process ended"})
    assert read_receipt(write_receipt(tmp_path, receipt)) == receipt
    assert facts(receipt)["MindSpore without compiling"] == "not run: its process ended"
    assert "  pynative was not run: its process ended" in receipt_lines(receipt)
