"""How to cite a model, as BibTeX: the model itself, and the publications that its card names.

What a card says is data here too: nothing of it can end an entry, begin another, or be a command to TeX. Entries that
the card gives in BibTeX are kept as they are, where their braces are sound.
Source: Oren Patashnik, BibTeXing, 1988; ``url``, ``version``, ``eprint`` and ``archivePrefix`` as biblatex and arXiv
know them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from hubkit.card.model import Card
from hubkit.site.dates import day_of
from hubkit.site.paths import web_link
from hubkit.site.text import fit

_MOST = 8
_LONGEST = 2000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces, escaped ones too, so a brace becomes a command; what TeX would act on is told to stand for
# itself.
_ESCAPED = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "#$%&_"},
    }
)
_NOT_IN_A_KEY = re.compile(r"[^A-Za-z0-9._:/+-]+")
# With a line break before it: what begins with letters of its own is found fast.
_SECTION = re.compile(
    r"\n#{1,6}[ \t]*(?:citations?|cite|references?|papers?|publications?|引用|参考|论文)[^\n]*\n(?P<text>.*?)(?=^#|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_LINK = re.compile(r"\[(?P<title>[^\[\]\n]{1,400})\]\(\s*<?(?P<url>https?://[^\s<>()]+)>?[^()\n]*\)")
_URL = re.compile(r"https?://[^\s<>()\[\]]+")
_QUOTED = re.compile(r"[\"“]([^\"“”]{8,400})[\"”]")
_BRACE = re.compile(r"[{}]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LIST_MARK = re.compile(r"^(?:[-*+]|\[?\d{1,2}[.)\]])\s+")
_ENTRY = re.compile(
    r"@(?:article|book|conference|inbook|incollection|inproceedings|manual|mastersthesis|misc|online|phdthesis"
    r"|proceedings|software|techreport|unpublished)\s*\{\s*[^\s{},]+\s*,",
    re.IGNORECASE,
)
_ARXIV = re.compile(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/(?P<number>\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?")


@lru_cache(maxsize=8)  # a card's pages, one a language, are made one after the other
def bibtex(card: Card, url: str = "") -> str:
    """The entries of a card: the model first, then the publications. ``url`` is its page, where that is known."""
    return "\n".join((_model(card, url), *_publications(card)))


def _model(card: Card, url: str) -> str:
    trained = [f"trained on {card.train_dataset}"] if card.train_dataset else []
    version = [f"MindSpore {card.version}"] if card.version else []
    about = f" ({', '.join(trained + version)})" if trained or version else ""
    day = day_of(card.update_time)
    link = url or web_link(card.repo_link)
    licence = f", licence {card.license}" if card.license else ""
    fields = (
        ("title", f"{{{_value(card.title + about)}}}"),
        ("author", f"{{{_value(card.author or card.publisher)}}}"),
        ("year", day[:4]),
        ("month", _MONTHS[int(day[5:7]) - 1] if day else ""),
        ("version", _value(card.version)),
        ("url", link.replace("%", r"\%") if link else ""),
        ("note", _value(f"Model card {card.uid}{licence}")),
    )
    return _entry("misc", _key(card.uid), _written(fields))


def _publications(card: Card) -> Iterator[str]:
    """The entries that the card has; else an entry for each reference in its section of citations."""
    entries = list(_entries(card.body))
    if entries:
        yield from entries
        return
    section = _SECTION.search(f"\n{card.body}")
    lines = (line.strip() for line in section["text"].splitlines()) if section else ()
    references = [line for line in lines if len(line) <= _LONGEST and any(map(str.isalpha, line))]
    for number, line in enumerate(references[:_MOST], start=1):
        yield _entry("misc", f"{_key(card.uid)}:paper{number}", _paper(line))


@lru_cache(maxsize=4096)  # most cards refer to what other versions of the model refer to
def _paper(reference: str) -> str:
    """The fields of a publication that a card refers to: what is known for sure is its title and its link, if these."""
    linked = _LINK.search(reference)
    quoted = _QUOTED.search(reference)
    words = linked["title"] if linked else quoted[1] if quoted else ""
    found = _URL.search(reference)
    link = web_link(linked["url"] if linked else found[0] if found else "")
    arxiv = _ARXIV.fullmatch(link)
    title = "" if words.startswith(("http:", "https:")) else _value(words.strip(" *_`,."))
    fields = (
        ("title", f"{{{title}}}" if title else ""),
        ("eprint", arxiv["number"] if arxiv else ""),
        ("archivePrefix", "arXiv" if arxiv else ""),
        ("url", link.replace("%", r"\%")),
        ("note", _value(_TAG.sub("", _LINK.sub(r"\g<title>", _LIST_MARK.sub("", reference))).replace("*", ""))),
    )
    return _written(fields)


def _entry(kind: str, key: str, fields: str) -> str:
    return f"@{kind}{{{key},\n{fields}}}\n"


def _written(fields: Iterable[tuple[str, str]]) -> str:
    """The fields of an entry. Months are names that BibTeX knows, and stand without braces."""
    return "".join(f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields if value)


def _entries(body: str) -> Iterator[str]:
    """The BibTeX entries in a text whose braces are balanced."""
    end = 0
    count = 0
    for match in _ENTRY.finditer(body):
        if match.start() < end or count == _MOST:
            continue
        end = _end(body, match.start())
        if end:
            count += 1
            yield fit(body[match.start() : end].replace("\r", "")) + "\n"


def _end(body: str, start: int) -> int:
    """Where the entry at ``start`` ends; 0 where it does not."""
    depth = 0
    for brace in _BRACE.finditer(body, start, start + _LONGEST):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return 0


def _value(text: str) -> str:
    return " ".join(fit(text).split()).translate(_ESCAPED)


def _key(uid: str) -> str:
    key = _NOT_IN_A_KEY.sub("-", uid).strip("-")
    # Letters of other scripts are not sure to be keys; what is left could be the key of another card.
    return key if key == uid else f"{key}:{hashlib.sha256(uid.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
