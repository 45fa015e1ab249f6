"""The card's file name does not say the model and the data set.

A card's address is its file name, `<model>_<dataset>.md`, and the other versions of the same model are found by it.
Only letters and digits count, without case, and `+` may be written `plus`: `UNet3+` on `lits2017` is
`unet3plus_lits2017.md`. The words of a name may stand in any order, and of several data sets (`A | B`) one is enough.
Of a data set's name that is a phrase, what it begins with is enough (`agnews` for "AG's News Topic Classification").
What stands between or after the two (a variant, a resolution) is the author's choice.

Bad: `mindspore/1.9/u2_dutstr.md` for the model u2net trained on dutstr.

Good: `mindspore/1.9/u2net_dutstr.md`
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule

_NO_WORD = re.compile(r"[\W_]+")
_PHRASE = 2  # spaces; a name with fewer may differ from another in its last word alone
_LEAST = 4  # letters


def check(document: Document, context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    address = _NO_WORD.sub("", context.path.stem.lower())
    for key, what in (("model-name", "model"), ("train-dataset", "data set")):
        value = document.front.scalar(key)
        if value is None or not value.text:
            continue
        names = value.text.split("|")
        if key == "train-dataset":
            names += filter(None, map(_beginning, names))
        if not any(_says(address, name) for name in names):
            message = f"the file name {context.path.name} does not name the {what} {shown(value.text)}"
            yield Finding(value.start, value.end, message, "Name the file <model>_<dataset>.md, or mend the field.")


def _says(address: str, name: str) -> bool:
    for spelling in (name.lower(), name.lower().replace("+", "plus")):
        words = _NO_WORD.sub(" ", spelling).split()
        if "".join(words) in address or all(len(word) > 1 and word in address for word in words):
            return True
    return False


def _beginning(name: str) -> str:
    """The first words of a phrase that say more than any name does; empty where there are none."""
    words = _NO_WORD.sub(" ", name.replace("'s ", " ")).split() if name.count(" ") >= _PHRASE else []
    beginning = ""
    while words and len(beginning) < _LEAST:
        beginning += words.pop(0)
    return beginning if words else ""


RULE = Rule(
    "file-name",
    Category.NAMES,
    Severity.WARNING,
    check,
    yields_to=frozenset({"empty-value", "misspelt-term", "placeholder"}),
)
