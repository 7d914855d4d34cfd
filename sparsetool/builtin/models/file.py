"""Your own network: FILE.py:FUNCTION, a function that returns a torch module.

    def factory(classes, input):
        channels, height, width = input
        return torch.nn.Sequential(...)

FUNCTION is given `classes`, `num_classes` and `input` as far as it has parameters of these names;
the module's logits are [N, classes]. The code is run only where the command line names it, never
because a ticket does: later verbs that need the network want `--model FILE.py:FUNCTION` too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import SparsetoolError, UsageError
from ...plugins.models import offered

if TYPE_CHECKING:
    import torch

ARGUMENT = "FILE.py:FUNCTION"
OPTION = "--model"


def recorded(argument: str | None, root: Path) -> str:
    """The name by which tickets record it."""
    from ...plugins import own_code

    if not argument:
        raise UsageError(f"your own network is named {ARGUMENT}")
    return own_code.recorded_name(argument)


def build(argument: str | None, classes: int, input: tuple[int, int, int]) -> torch.nn.Module:
    """What the function returns for `classes` classes and images of [channels, height, width].

    Raises:
        SparsetoolError: It was not named on the command line, fails, or returns no module.
    """
    import torch

    from ...plugins import own_code

    if not argument:
        raise UsageError(f"your own network is named {ARGUMENT}")
    name = argument.partition(own_code.MARK)[0]
    factory = own_code.function(argument, OPTION)
    module = own_code.call(factory, name, **offered(factory, None, classes, input))
    if not isinstance(module, torch.nn.Module):
        raise SparsetoolError(f"{name} must return a torch.nn.Module, not {type(module).__name__}")
    return module
