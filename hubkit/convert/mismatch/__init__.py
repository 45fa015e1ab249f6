"""Where two forms of a network do not agree: what is kept as evidence, and the search for the cause."""
