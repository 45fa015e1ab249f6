"""The card is not UTF-8.

Readers would show wrong characters, or refuse the card. A byte order mark is accepted.

Bad: a card saved as GBK or Latin-1.

Good: the same card saved as UTF-8.
"""

from hubkit.lint.diagnostic import Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._problems import problems

RULE = Rule("text-encoding", Category.FILE, Severity.ERROR, problems("text-encoding"))
