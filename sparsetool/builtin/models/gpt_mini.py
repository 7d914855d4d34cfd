"""Small character-level transformer: 4 layers, width 128, 4 heads; gpt-mini:LAYERS-WIDTH-HEADS.

A decoder of GPT-2's form (Radford, Wu, Child, Luan, Amodei, Sutskever, 2019, "Language models are
unsupervised multitask learners"): pre-norm, learnt positions, GELU, no dropout; the head has
weights of its own. The default size is that of nanoGPT's example for a CPU. Prunable are the
weights of attention, perceptrons and head; embeddings of characters and places are not. It takes
text: `--data shakespeare`, or your own (`--data FILE.txt`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError

if TYPE_CHECKING:
    import torch

INPUT = "text"
DEFAULT = "4-128-4"


def build(argument: str | None, classes: int, input: tuple[int, ...]) -> torch.nn.Module:
    """The network for rows of `input` tokens, of `classes` different ones.

    Raises:
        UsageError: The argument is not layers, width and heads that divide it.
    """
    from ._gpt import GPT

    parts = (DEFAULT if argument is None else argument).split("-")
    whole = len(parts) == 3 and all(p.isascii() and p.isdecimal() and int(p) > 0 for p in parts)
    if not whole or int(parts[1]) % int(parts[2]):
        raise UsageError(
            f"gpt-mini takes layers, width and heads that divide it, such as {DEFAULT}, "
            f"not '{argument}'"
        )
    layers, width, heads = map(int, parts)
    return GPT(classes, input[0], layers, width, heads)
