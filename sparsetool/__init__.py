"""Sparse training as a shell pipeline, and the same functions for a notebook.

    from sparsetool import Ticket, mask, prune, train_cycles
    ticket = Ticket.load("r18.st")
    prune(ticket, sparsity=0.9, criterion="magnitude").save("r18.pruned.st")

Names are imported when first used, so that `import sparsetool` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .analysis.costs import flops as flops
    from .analysis.measures import hessian as hessian
    from .analysis.measures import lmc as lmc
    from .evaluation.averaging import average as average
    from .evaluation.measure import evaluate as evaluate
    from .layer_graph.paths import connectivity as connectivity
    from .masks.comparison import diff as diff
    from .masks.masking import mask as mask
    from .masks.masking import prune as prune
    from .masks.rewinding import rewind as rewind
    from .masks.signs import transfer_signs as transfer_signs
    from .networks.convert import import_file as import_file
    from .networks.init import init as init
    from .networks.leave import export as export
    from .plugins.own_code import allow as allow
    from .ticket.value import Ticket as Ticket
    from .training.cycles import train_cycles as train_cycles
    from .training.levels import levels as levels

__version__ = "0.1.0"

_WHERE = {
    "Ticket": "ticket.value",
    "allow": "plugins.own_code",
    "connectivity": "layer_graph.paths",
    "diff": "masks.comparison",
    "evaluate": "evaluation.measure",
    "export": "networks.leave",
    "flops": "analysis.costs",
    "hessian": "analysis.measures",
    "import_file": "networks.convert",
    "init": "networks.init",
    "lmc": "analysis.measures",
    "mask": "masks.masking",
    "prune": "masks.masking",
    "rewind": "masks.rewinding",
    "train_cycles": "training.cycles",
    "average": "evaluation.averaging",
    "levels": "training.levels",
    "transfer_signs": "masks.signs",
}
__all__ = [*_WHERE, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'sparsetool' has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
