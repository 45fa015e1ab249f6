"""Cards: reading them with positions, and the typed model that the rest of hubkit uses."""
