"""For application developers: choose a model, pull its file verified, load it, and lock what was chosen."""
