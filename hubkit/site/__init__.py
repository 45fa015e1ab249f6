"""The catalogue: cards and receipts -> typed page contexts -> HTML and a JSON index."""
