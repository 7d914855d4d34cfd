"""How a figure is drawn: as ink, as characters, as a table."""
