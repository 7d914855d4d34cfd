"""The logits in what a network returns, taken at this one place by everything that runs one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ..errors import SparsetoolError

NAME = "logits"


def logits_of(made: Any) -> Tensor:
    """The logits [N, classes] in a network's output.

    A tensor is them. Of a mapping, or an object with a field of that name, they are `logits`; of
    any other tuple or list the first item (what follows are outputs of auxiliary heads, features).
    Logits for every token, [B, T, classes], are a row for each: N is B x T.

    Raises:
        SparsetoolError: There are none.

    Example:
        >>> import torch
        >>> logits_of({"logits": torch.zeros(2, 10), "features": torch.ones(2, 64)}).shape
        torch.Size([2, 10])
    """
    found = output_of(made)
    return found.flatten(0, 1) if found.dim() == 3 else found


def output_of(made: Any) -> Tensor:
    """The logits as the network has them, [N, classes] or [B, T, classes]; as `logits_of`."""
    found = made
    if isinstance(made, Mapping):
        found = made.get(NAME)
    elif hasattr(made, NAME):
        found = getattr(made, NAME)
    elif isinstance(made, tuple | list) and made:
        found = made[0]
    if isinstance(found, Tensor):
        return found
    raise SparsetoolError(
        f"the network returns {_described(made)}; wanted its logits [N, classes]: a tensor, the "
        f"first of a tuple, or under the key '{NAME}'"
    )


def _described(made: Any) -> str:
    if isinstance(made, Mapping):
        return f"a mapping with {', '.join(repr(key) for key in list(made)[:3]) or 'no keys'}"
    if isinstance(made, tuple | list):
        of = f" of {type(made[0]).__name__}" if made else " without items"
        return f"a {type(made).__name__}{of}"
    return f"a {type(made).__name__}"
