"""Parity: run a model in several runtimes on a seeded input and measure how far the outputs differ."""
