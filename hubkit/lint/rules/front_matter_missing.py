"""The card has no front matter, or it does not end.

The fields stand between two lines of `---` at the card's beginning. Only a `# title`, comments and empty lines may
stand before the first one. Without the fields there is nothing that a hub could list or check.

Bad:

    # u2net
    model-name: u2net

Good:

    # u2net
    ---
    model-name: u2net
    ---
"""

from hubkit.lint.diagnostic import Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._problems import problems

RULE = Rule("front-matter-missing", Category.FRONT_MATTER, Severity.ERROR, problems("front-matter-missing"))
