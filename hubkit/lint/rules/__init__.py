"""The table of rules. A rule is a module here: its docstring is its manual, ``RULE`` is what the engine runs."""

from hubkit.lint.rule import Rule
from hubkit.lint.rules import (
    card_size,
    digest_form,
    duplicate_key,
    file_name,
    front_matter_missing,
    front_matter_syntax,
    license_spdx,
    link_brackets,
    link_form,
    link_host,
    schema,
    text_encoding,
    version_changed_by_yaml,
    version_consistency,
)

RULES: tuple[Rule, ...] = (
    card_size.RULE,
    text_encoding.RULE,
    front_matter_missing.RULE,
    front_matter_syntax.RULE,
    duplicate_key.RULE,
    schema.RULE,
    version_consistency.RULE,
    version_changed_by_yaml.RULE,
    digest_form.RULE,
    link_form.RULE,
    link_brackets.RULE,
    link_host.RULE,
    file_name.RULE,
    license_spdx.RULE,
)
