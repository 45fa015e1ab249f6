"""The card, its front matter or its body is larger than any card needs to be.

A card is prose with a few fields. One of many megabytes is a file in the wrong place, or an attack on whatever reads
the catalogue. The limits: 1,048,576 bytes (1 MiB) for a card; 65,536 characters, and 5,000 fields and list items, for
its front matter; for its body 5,000 lines, and 10,000 of the characters that Markdown has to match: [ ] < ` and the
backslash. A body beyond them is not searched for links.

Bad: a card with a picture pasted in as base64.

Good: the picture as a file of its own, and a link to it.
"""

from hubkit.lint.diagnostic import Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._problems import problems

RULE = Rule("card-size", Category.FILE, Severity.ERROR, problems("card-size"))
