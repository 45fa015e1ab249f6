"""Code of networks from the repositories that cards name: where it lies, a copy of it, and whether it may run."""
