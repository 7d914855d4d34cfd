"""How a figure is drawn: as a picture, as characters, as a table."""
