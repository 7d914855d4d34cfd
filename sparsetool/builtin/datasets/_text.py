"""Text as rows of tokens: a character is a token, the label of each place is the next character.

The first 90% of the characters are for training, the rest for testing. Each part is cut into rows
of T tokens that follow one another; what does not fill a row at its end is left out. The number of
a character is its place among all different characters of the text, in the order of their code
points.

Shapes: N rows, T tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ...plugins.datasets import Facts

if TYPE_CHECKING:
    import numpy as np

TOKENS = 64  # of a row
TRAIN = Fraction(9, 10)
# AdamW and the cosine as for GPT-2's successors, of which these networks are small ones: Brown et
# al., 2020, "Language models are few-shot learners", appendix B (decay 0.1, warm-up, down to a
# tenth of the peak); rate and batch for a network of less than a million weights.
RECIPE: Mapping[str, Any] = {
    "epochs": 10,
    "lr": 2e-3,
    "momentum": 0.9,
    "weight_decay": 0.1,
    "batch_size": 64,
    "optimizer": "adamw",
    "decay_on": "weights",
    "schedule": "cosine",
    "warmup": Fraction(1, 10),
    "warm": "linear",
    "floor": 2e-4,
}


def facts_of(characters: int, different: int, notes: tuple[str, ...] = ()) -> Facts:
    """The facts of a text.

    Args:
        characters: How many characters it has.
        different: How many of them are different.
        notes: What is to be said of it.
    """
    train = int(TRAIN * characters)
    sizes = {"train": (train - 1) // TOKENS, "test": (characters - train - 1) // TOKENS}
    return Facts(different, (TOKENS,), sizes=sizes, recipe=RECIPE, notes=notes)


def rows(text: str, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Tokens int64 [N, T] of `split`, and of each place the token that follows, int64 [N, T]."""
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    tokens = np.unique(codes, return_inverse=True)[1].astype(np.int64).reshape(-1)
    train = int(TRAIN * len(tokens))
    part = tokens[:train] if split == "train" else tokens[train:]
    count = (len(part) - 1) // TOKENS
    inside = part[: count * TOKENS].reshape(count, TOKENS)
    return inside.copy(), part[1 : count * TOKENS + 1].reshape(count, TOKENS).copy()
