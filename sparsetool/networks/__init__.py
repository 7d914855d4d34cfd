"""Networks by name, with fresh weights or somebody else's."""
