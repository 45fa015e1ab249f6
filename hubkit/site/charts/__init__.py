"""Pictures of figures, as SVG made at build time: no script, colours of the page's style, a table behind each."""
