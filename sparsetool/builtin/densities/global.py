"""Rank the scores of all layers together.

No layer has a share of its own: the best weights live, wherever they are.
"""

share = None
