"""Whether the links of cards lead somewhere: asked politely, each once, and never inside the network that asks."""
