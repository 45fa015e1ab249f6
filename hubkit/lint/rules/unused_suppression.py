"""
A suppression hides nothing, or is written so that it cannot work.

`<!-- hubkit: ignore rule-id -->` in Markdown and `# hubkit: ignore rule-id` in front matter keep a finding quiet that
the author knows better than the rule. When the finding is gone, the comment stays behind and would hide the next one,
which nobody has looked at yet. One with a misspelt rule or instruction never hid anything.

On a line with other text a suppression is for that line. On a line of its own it is for what follows: the next field of
the front matter, the next block of the body. `ignore-file` in the place of `ignore` is for the whole card. Several ids
are separated by commas.

Bad:

    license: Apache-2.0  # hubkit: ignore license-spdx

Good:

    license: LicenseRef-ours  # hubkit: ignore license-spdx
"""

from hubkit.lint.diagnostic import Severity
from hubkit.lint.rule import Category, FixKind, Rule

# Which suppressions hide something is known when all other rules ran: hubkit.lint.suppression finds out.
RULE = Rule("unused-suppression", Category.FILE, Severity.WARNING, fix=FixKind.SAFE)
