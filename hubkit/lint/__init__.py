"""The linter: an engine, rules of one module each, and reports."""
