"""
A data set, module type, backend or file format is in no vocabulary.

Whoever looks for all models of one data set finds those that give it the same name. A name that nobody used before is
either new or misspelt; only a person can tell. Case and punctuation do not count, and names may stand side by side
(`icdar2013 | cocotextv2`). Module types, backends and file formats that are not known break the schema, which says so.

Option: `datasets` in `[tool.hubkit.vocabularies]` of pyproject.toml, or in `[vocabularies]` of hubkit.toml, adds names.

Bad:

    train-dataset: imagnet

Good:

    train-dataset: imagenet
"""

import difflib
from collections.abc import Iterator
from functools import lru_cache

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._vocabularies import terms
from hubkit.lint.vocab import bare, vocabulary

_WHAT = {
    "train-dataset": "data set",
    "module-type": "module type",
    "train-backend": "backend",
    "infer-backend": "backend",
    "file-format": "file format",
}


def check(document: Document, context: Context) -> Iterator[Finding]:
    for key, name, value in terms(document):
        if _is_known(name, value.text):
            continue
        own = context.config.vocabularies.get(name, ())
        if bare(value.text) in map(bare, own):
            continue
        nearest = _nearest(name, value.text)
        hint = f"Did you mean {nearest}? " if nearest else ""
        hint += f"A name of your hub's own goes into {name} of the vocabularies in its settings."
        yield Finding(value.start, value.end, f"no {_WHAT[key]} {shown(value.text)} is known", hint)


@lru_cache(maxsize=8192)
def _is_known(name: str, text: str) -> bool:
    words = vocabulary(name)
    return words.knows(text) or bare(text) in words.misspellings


@lru_cache(maxsize=8192)
def _nearest(name: str, text: str) -> str:
    known = vocabulary(name).terms
    found = difflib.get_close_matches(bare(text)[:100], known, n=1, cutoff=0.75)
    return known[found[0]] if found else ""


RULE = Rule("unknown-term", Category.NAMES, Severity.INFO, check, yields_to=frozenset({"schema", "placeholder"}))
