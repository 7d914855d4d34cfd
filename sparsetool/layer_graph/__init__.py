"""Which layer's output goes into which, as seen in one pass through the network."""
