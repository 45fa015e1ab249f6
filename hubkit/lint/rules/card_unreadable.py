"""The card, or a folder of cards, cannot be read.

What cannot be read is not checked, not published and not seen by the rules that look at all cards together. A hub is
often copied, and then a symbolic link may lead nowhere, or a file may belong to somebody else. The other cards are
checked all the same.

Bad: a symbolic link `u2net_dutstr.md` to a card that was moved; a card that only its owner may read.

Good: the card itself, which everybody may read.
"""

from hubkit.lint.diagnostic import Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._problems import problems

RULE = Rule("card-unreadable", Category.FILE, Severity.ERROR, problems("card-unreadable"))
