"""
The card's file name does not say the model and the data set.

A card's address is its file name, `<model>_<dataset>.md`, and the other versions of the same model are found by it.
Only letters and digits count, without case, and `+` may be written `plus`: `UNet3+` on `lits2017` is
`unet3plus_lits2017.md`. What stands between or after the two (a variant, a resolution) is the author's choice.

Bad: `mindspore/1.9/u2_net.md` for the model u2net trained on dutstr.

Good: `mindspore/1.9/u2net_dutstr.md`
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.values import Scalar
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule

_NO_WORD = re.compile(r"[^\w]|_")


def check(document: Document, context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    stem = context.path.stem
    for key, what in (("model-name", "model"), ("train-dataset", "data set")):
        value = document.front.scalar(key)
        if value is not None and value.text and not _names(stem, value):
            message = f"the file name {context.path.name} does not name the {what} {value.text}"
            yield Finding(value.start, value.end, message, "Name the file <model>_<dataset>.md, or mend the field.")


def _names(stem: str, value: Scalar) -> bool:
    haystack = _NO_WORD.sub("", stem.lower())
    words = value.text.lower()
    return any(_NO_WORD.sub("", spelling) in haystack for spelling in (words, words.replace("+", "plus")))


RULE = Rule(
    "file-name",
    Category.NAMES,
    Severity.WARNING,
    check,
    yields_to=frozenset({"empty-value", "misspelt-term", "placeholder"}),
)
