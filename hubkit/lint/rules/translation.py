"""
A translated card has no original, or says something else than the original does.

`u2net_dutstr_cn.md` is the Chinese text of the card `u2net_dutstr.md` in the same folder. What machines read (names,
versions, the repository, digests) must be the same in both: when only one of the two is brought up to date, readers of
the other are sent to the wrong files. Fields whose words are translated (`author`, `summary`, `used-for`) are not
compared, nor is what cannot be read.

Bad:

    mindspore-version: 1.8     in u2net_dutstr_cn.md
    mindspore-version: 1.9     in u2net_dutstr.md

Good: the same value in both.
"""

from collections.abc import Iterator, Sequence

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.card.values import Scalar
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.facts import CardFacts
from hubkit.lint.rule import CatalogueFinding, Category, Context, Rule, in_catalogue
from hubkit.lint.rules._titles import first_line
from hubkit.settings import Settings

_MARK = "_cn"
_FIELDS = (
    "model-name",
    "backbone-name",
    "module-type",
    "model-version",
    "train-dataset",
    "evaluation",
    "repo-link",
    "user-id",
    "mindspore-version",
    "license",
)


def check(document: Document, context: Context) -> Iterator[Finding]:
    stem = context.path.stem
    if stem.endswith(_MARK):
        original = context.path.with_name(f"{stem.removesuffix(_MARK)}{context.path.suffix}")
        if not context.exists(original):
            message = f"the card is a translation, but there is no original {original.name} beside it"
            hint = f"Add the original, or name the card without {_MARK}."
            yield Finding(*first_line(document), message, hint)


def check_catalogue(cards: Sequence[CardFacts], _settings: Settings) -> Iterator[CatalogueFinding]:
    translations = [card for card in cards if card.name.endswith(_MARK)]
    if not translations:
        return
    known = {card.absolute: card for card in cards}
    for card in translations:
        original = known.get(f"{card.absolute.removesuffix('.md').removesuffix(_MARK)}.md")
        if original is not None:
            yield from _differences(card, original)


def _differences(card: CardFacts, original: CardFacts) -> Iterator[CatalogueFinding]:
    name = f"{original.name}.md"
    pairs: list[tuple[str, Scalar | None, Scalar | None]] = [
        (key, card.fields.get(key), original.fields.get(key)) for key in _FIELDS
    ]
    for own, other in zip(card.assets, original.assets, strict=False):
        pairs += [("asset-link", own.link, other.link), ("asset-sha256", own.sha256, other.sha256)]
    for key, mine, theirs in pairs:
        if mine is None or theirs is None or not mine.text or not theirs.text:
            continue
        if bare_link(mine.text) != bare_link(theirs.text):
            message = f"{key} is {shown(mine.text)}, but the original {name} says {shown(theirs.text)}"
            yield in_catalogue(card, mine, message, "Make both say the same.")
    if card.assets and original.assets and len(card.assets) != len(original.assets):
        message = f"the card names {len(card.assets)} asset(s), but the original {name} names {len(original.assets)}"
        yield in_catalogue(card, card.title, message, "Make both name the same files.")


RULE = Rule("translation", Category.CATALOGUE, Severity.WARNING, check, check_catalogue)
