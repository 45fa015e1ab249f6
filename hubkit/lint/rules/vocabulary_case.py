"""
A term differs from most other cards in nothing but its case.

`imagenet2012` and `ImageNet2012` are one data set to a person and two to a search. The spelling that most cards of the
catalogue use is taken as the right one; where two are used equally often, none is reported. Looked at are the data set,
the author, the publisher, the kind of module, what the model is for, and the backends.

Bad: `train-dataset: ImageNet2012`, where 504 cards say `imagenet2012`.

Good:

    train-dataset: imagenet2012
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from hubkit.card.values import Scalar
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.facts import CardFacts
from hubkit.lint.rule import CatalogueFinding, Category, FixKind, Rule
from hubkit.settings import Settings

_VOCABULARIES = (
    ("train-dataset",),
    ("author",),
    ("user-id",),
    ("module-type",),
    ("used-for",),
    ("train-backend", "infer-backend"),
)


def check_catalogue(cards: Sequence[CardFacts], _settings: Settings) -> Iterator[CatalogueFinding]:
    for keys in _VOCABULARIES:
        counts = Counter(fact.text for key in keys for card in cards if (fact := card.fields.get(key)) is not None)
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for spelling in counts:
            groups[spelling.casefold()].append(spelling)
        usual: dict[str, str] = {}  # a rarer spelling -> the usual one
        for group in groups.values():
            if len(group) > 1:
                most, next_one = sorted(group, key=lambda spelling: -counts[spelling])[:2]
                if counts[most] > counts[next_one]:
                    usual.update((spelling, most) for spelling in group if spelling != most)
        for key in keys if usual else ():
            for card in cards:
                fact = card.fields.get(key)
                if fact is not None and fact.text in usual:
                    yield _finding(card, key, fact, usual[fact.text], counts[usual[fact.text]])


def _finding(card: CardFacts, key: str, fact: Scalar, usual: str, count: int) -> CatalogueFinding:
    quote = 0 if fact.plain else 1
    fix = None
    if fact.end - fact.start == len(fact.text) + 2 * quote:  # the file has the text as it is, without escapes
        fix = Fix((Edit(fact.start + quote, fact.end - quote, usual),), safe=False)
    times = "once" if count == 1 else f"{count} times"
    message = f"{key} {fact.text} is written {usual} {times} in this catalogue"
    finding = Finding(fact.start, fact.end, message, f"Write {usual}, or agree on one spelling.", fix)
    return CatalogueFinding(card.path, fact, finding)


RULE = Rule("vocabulary-case", Category.NAMES, Severity.WARNING, check_catalogue=check_catalogue, fix=FixKind.UNSAFE)
