"""Densities: how many weights each layer keeps, given how many are kept in all.

A member defines `share`, one function of one signature:

    def share(shapes, keep, room) -> dict[str, int]:
        '''Weights to keep in each layer; sums to `keep`, none above its room.'''

with `shapes` the shape of each prunable weight by name, `keep` the weights to keep in all layers
together (0 <= keep <= sum of room) and `room` the most that each layer can keep: its size, or its
survivors. `share = None` means that all scores are ranked together.
"""
