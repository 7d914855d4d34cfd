"""Checks that two tickets have the same layers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..errors import SparsetoolError
from ..ticket.value import Ticket


def need_weights(ticket: Ticket, verb: str, role: str = "FILE") -> None:
    """Refuse a file of masks alone where weights are needed.

    Raises:
        SparsetoolError: The ticket is of kind `mask`.
    """
    if ticket.kind == "mask":
        raise SparsetoolError(
            f"{role} holds masks alone, but {verb} needs a ticket with weights: "
            f"give the ticket as {role}, and masks to 'mask --from'"
        )


def form(array: np.ndarray) -> str:
    """Shape and type in words, such as `16x3x3x3 float32`."""
    return f"{'x'.join(map(str, array.shape)) or 'scalar'} {array.dtype}"


def plain_shapes(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    """Shapes in words, by name."""
    return {name: "x".join(map(str, shape)) for name, shape in shapes.items()}


def same_tensors(ours: Mapping[str, str], theirs: Mapping[str, str], role: str) -> None:
    """Refuse a ticket whose tensors are not ours.

    Args:
        ours: Each tensor of the main ticket, in words, by name.
        theirs: Likewise of the other ticket.
        role: What to call the other ticket, such as `--from`.

    Raises:
        SparsetoolError: They differ; the message names the first three and the count.
    """
    names = [*ours, *(name for name in theirs if name not in ours)]
    differing = [
        f"{name} ({ours.get(name, 'missing')} here, {theirs.get(name, 'missing')} there)"
        for name in names
        if ours.get(name) != theirs.get(name)
    ]
    if differing:
        more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
        raise SparsetoolError(
            f"{role} is another architecture, {len(differing)} of {len(names)} tensors differ: "
            f"{', '.join(differing[:3])}{more}; give a ticket of the same model"
        )
