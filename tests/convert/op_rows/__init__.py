"""The rows of op_cases, a module a family of lowerings."""
