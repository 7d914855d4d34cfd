"""Models: networks by name.

A member defines

    def build(argument, classes, input) -> torch.nn.Module

with `argument` what follows the colon of `NAME:ARGUMENT` (or None), `classes` the number of classes
and `input` (channels, height, width) in pixels. The module's logits are [N, classes]. Members
import torch inside `build`, so that listing models costs nothing. A member that needs an argument
has a literal `ARGUMENT`, what to write after the colon; one whose argument names a place on this
machine may define `recorded(argument, root)`, the whole name as tickets record it.
"""

from ..errors import UsageError


def no_argument(name: str, argument: str | None) -> None:
    """Refuse an argument given to a model that takes none."""
    if argument is not None:
        raise UsageError(f"model '{name}' takes no argument, but got '{argument}'")
