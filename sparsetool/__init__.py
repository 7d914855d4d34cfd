"""Sparse training as a shell pipeline, and the same functions for a notebook.

    from sparsetool import Ticket, mask, prune, train_cycles
    ticket = Ticket.load("r18.st")
    prune(ticket, sparsity=0.9, criterion="magnitude").save("r18.pruned.st")

Names are imported when first used, so that `import sparsetool` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .evaluation.averaging import average as average
    from .evaluation.measure import evaluate as evaluate
    from .masks.masking import mask as mask
    from .masks.masking import prune as prune
    from .masks.rewinding import rewind as rewind
    from .masks.signs import transfer_signs as transfer_signs
    from .networks.init import init as init
    from .ticket.value import Ticket as Ticket
    from .training.cycles import train_cycles as train_cycles
    from .training.levels import levels as levels

__version__ = "0.1.0"

_WHERE = {
    "Ticket": "ticket.value",
    "mask": "masks.masking",
    "prune": "masks.masking",
    "rewind": "masks.rewinding",
    "transfer_signs": "masks.signs",
    "init": "networks.init",
    "train_cycles": "training.cycles",
    "evaluate": "evaluation.measure",
    "average": "evaluation.averaging",
    "levels": "training.levels",
}
__all__ = [*_WHERE, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'sparsetool' has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
