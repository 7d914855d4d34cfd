"""What functions of other people's members must give back, looked at before anything uses it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import SparsetoolError

Kind = tuple[str, Callable[[Any], bool]]


def _is_rate(given: Any) -> bool:
    try:
        return not isinstance(given, str) and 0 <= float(given) < math.inf
    except (TypeError, ValueError):
        return False


BY_NAME: Kind = ("a dict by name of weight", lambda given: isinstance(given, Mapping))
TENSOR: Kind = ("a tensor", lambda given: hasattr(given, "shape") and hasattr(given, "to"))
# By family and function; functions that are not here may give anything.
KINDS: Mapping[tuple[str, str], Kind] = {
    ("criteria", "score"): BY_NAME,
    ("criteria", "construct"): BY_NAME,
    ("criteria", "update"): BY_NAME,
    ("densities", "share"): BY_NAME,
    ("schedules", "rate"): ("a number from 0, the learning rate", _is_rate),
    ("optimizers", "optimizer"): (
        "a torch.optim.Optimizer",
        lambda given: hasattr(given, "step") and hasattr(given, "param_groups"),
    ),
    ("updates", "move"): (
        "a sparsetool.plugins.updates.Moved",
        lambda given: hasattr(given, "masks") and hasattr(given, "grown"),
    ),
    ("extras", "pixels"): TENSOR,
    ("extras", "average"): TENSOR,
    ("extras", "batch"): (
        "a pair (images, targets)",
        lambda given: isinstance(given, tuple | list) and len(given) == 2,
    ),
    ("extras", "ahead"): (
        "a list of tensors",
        lambda given: isinstance(given, tuple | list) and all(map(TENSOR[1], given)),
    ),
}


def check(family: str, role: str, name: str, given: Any) -> None:
    """See that a function gave what its family wants.

    Args:
        family: The family.
        role: Which of its functions.
        name: What messages call the member.
        given: What the function gave.

    Raises:
        SparsetoolError: It is something else.
    """
    words, fits = KINDS.get((family, role), ("", bool))
    if words and not fits(given):
        found = "nothing" if given is None else f"{type(given).__name__} {given!s:.40}"
        raise SparsetoolError(f"{name} must return {words}, not {found}".rstrip())
