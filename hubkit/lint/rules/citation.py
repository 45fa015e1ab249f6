"""
The card does not say which publication the model comes from.

Whoever uses a model wants to read how it works, and has to cite it. A section named Citation or Reference counts, and
so does a link to a paper (arXiv, a DOI, the pages of conferences and publishers) or a BibTeX entry, anywhere in the
body.

Bad: a card that names neither a paper nor its authors.

Good:

    ## Citation

    [U2-Net: Going Deeper with Nested U-Structure](https://arxiv.org/abs/2005.09007)
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._titles import first_line, has_readable_body

_SECTION = re.compile(
    r"[\W\d_]*(?:citations?|citing|cite|references?|papers?|publications?|bibliography|how to cite"
    r"|引用|参考|论文|文献)(?![A-Za-z])",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"https?://(?:[\w-]+\.)*(?:arxiv\.org|doi\.org|aclanthology\.org|aclweb\.org|thecvf\.com|openreview\.net|nips\.cc"
    r"|neurips\.cc|mlr\.press|ieee\.org|acm\.org|springer\.com|nature\.com|sciencedirect\.com|semanticscholar\.org"
    r"|isca-speech\.org|isca-archive\.org|biorxiv\.org|ecva\.net|aaai\.org|ijcai\.org|researchgate\.net"
    r"|science\.org|wiley\.com|usenix\.org|bmva\.org|papers\.ssrn\.com|hal\.science)(?:[/:?#]|$)",
    re.IGNORECASE,
)
_BIBTEX = re.compile(
    r"@(?:article|inproceedings|conference|misc|book|incollection|techreport|phdthesis|mastersthesis|unpublished"
    r"|software|online)\s*\{",
    re.IGNORECASE,
)


def check(document: Document, _context: Context) -> Iterator[Finding]:
    body = document.body
    if any(_SECTION.match(heading.text) for heading in body.headings) or not has_readable_body(document):
        return
    if any(_PAPER.match(link.target) for link in body.links) or _BIBTEX.search(body.text):
        return
    hint = "Add a section ## Citation with a link to the paper, or with its BibTeX entry."
    yield Finding(*first_line(document), "the card cites no publication", hint)


RULE = Rule("citation", Category.BODY, Severity.INFO, check)
