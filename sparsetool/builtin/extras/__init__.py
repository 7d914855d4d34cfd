"""Extras of training, one file each: what is done beside the plain step of a batch."""
