"""A key stands twice in the front matter.

YAML readers silently keep one of the two values, most of them the last, so one of the card's claims is lost.

Bad:

    license: Apache-2.0
    license: MIT

Good:

    license: Apache-2.0
"""

from hubkit.lint.diagnostic import Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._problems import problems

RULE = Rule("duplicate-key", Category.FRONT_MATTER, Severity.ERROR, problems("duplicate-key"))
