"""The front matter is not valid YAML.

Every tool that reads the catalogue would fail on this card. The usual causes are a lone dash as a value
(`evaluation: -`), a tab, a quote that is not closed, a second colon in a value, and full-width colons (`：`). Aliases,
merge keys and deep nesting are YAML, but they have no place in a card, and a few lines of them can stand for gigabytes.

Bad:

    evaluation: -

Good:

    evaluation: "-"
"""

from hubkit.lint.diagnostic import Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._problems import problems

RULE = Rule("front-matter-syntax", Category.FRONT_MATTER, Severity.ERROR, problems("front-matter-syntax"))
