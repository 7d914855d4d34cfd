"""Sparse training as a shell pipeline, and the same functions for a notebook.

    from sparsetool import Ticket, mask, prune, train_cycles
    ticket = Ticket.load("r18.st")
    prune(ticket, sparsity=0.9, criterion="magnitude").save("r18.pruned.st")

Names are imported when first used, so that `import sparsetool` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .analysis.anatomy import show as show
    from .analysis.comparing import compare as compare
    from .analysis.costs import flops as flops
    from .analysis.measures import hessian as hessian
    from .analysis.measures import lmc as lmc
    from .analysis.spread import spreads as spreads
    from .cli.card import card as card
    from .cli.script import script as script
    from .data.at_hand import data_sets as data_sets
    from .data.at_hand import fetch as fetch
    from .data.at_hand import write_ffcv as write_ffcv
    from .drawing.numbers import plot as plot
    from .drawing.numbers import plot_table as plot_table
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
    from .plugins.listing import list_members as list_members
    from .plugins.own_code import allow as allow
    from .recipes import recipe as recipe
    from .runs.listing import list_runs as list_runs
    from .runs.listing import remove_run as remove_run
    from .ticket.value import Ticket as Ticket
    from .training.cycles import train_cycles as train_cycles
    from .training.explained import defaults as defaults
    from .training.levels import levels as levels

__version__ = "0.1.0"

_WHERE = {
    "Ticket": "ticket.value",
    "allow": "plugins.own_code",
    "average": "evaluation.averaging",
    "card": "cli.card",
    "compare": "analysis.comparing",
    "connectivity": "layer_graph.paths",
    "data_sets": "data.at_hand",
    "defaults": "training.explained",
    "diff": "masks.comparison",
    "evaluate": "evaluation.measure",
    "export": "networks.leave",
    "fetch": "data.at_hand",
    "flops": "analysis.costs",
    "hessian": "analysis.measures",
    "import_file": "networks.convert",
    "init": "networks.init",
    "levels": "training.levels",
    "list_members": "plugins.listing",
    "list_runs": "runs.listing",
    "lmc": "analysis.measures",
    "mask": "masks.masking",
    "plot": "drawing.numbers",
    "plot_table": "drawing.numbers",
    "prune": "masks.masking",
    "recipe": "recipes",
    "remove_run": "runs.listing",
    "rewind": "masks.rewinding",
    "script": "cli.script",
    "show": "analysis.anatomy",
    "spreads": "analysis.spread",
    "train_cycles": "training.cycles",
    "transfer_signs": "masks.signs",
    "write_ffcv": "data.at_hand",
}
__all__ = [*_WHERE, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'sparsetool' has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    if isinstance(found, type):
        return found
    return import_module(f"{__name__}.notebook.call").public(found)


def __dir__() -> list[str]:
    return sorted(__all__)
