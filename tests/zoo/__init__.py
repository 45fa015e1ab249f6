"""Real networks that nobody here wrote: the smallest of every family of mindcv, through the whole converter."""
