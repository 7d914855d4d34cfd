"""Average the weights of several tickets, on the union, intersection or first of their masks.

A pruned weight counts as zero. Ends of cycles, seeds of one network and subnetworks are averaged in
the same way; statistics of batch norm are averaged too, or estimated anew with --bn recompute.

    sparsetool average kept/cycle-3.st kept/cycle-4.st kept/cycle-5.st -o swa.st
    sparsetool average --bn recompute a.st b.st | sparsetool prune --global 0.9 -o sup.st
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from ...errors import UsageError
from .. import options as o

if TYPE_CHECKING:
    from ...ticket.value import Ticket
    from ..transform import Inputs

MASKS = ("union", "intersection", "first")
NORMS = ("average", "recompute")


def verb(
    files: o.Files = None,
    masks: Annotated[
        str,
        o.option("--masks", metavar="WHICH", help="union, intersection or first.", values=MASKS),
    ] = "union",
    weights: Annotated[
        str | None,
        o.option("--weights", metavar="W,...", help="How much each counts; default: the same."),
    ] = None,
    bn: Annotated[
        str,
        o.option("--bn", metavar="HOW", help="Batch norm: average or recompute.", values=NORMS),
    ] = "average",
    bn_examples: Annotated[
        int, o.option("--bn-examples", metavar="N", help="Training images for recompute.")
    ] = 2048,
    data: o.Data = None,
    data_root: o.DataRoot = None,
    model: o.Model = None,
    device: o.Device = "auto",
    threads: o.Threads = "auto",
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...evaluation import averaging
    from ..transform import VerbCall

    given = files or []
    if len(given) < 2:
        raise UsageError("average wants at least two FILEs ('-' is standard input)")
    typed = None if weights is None else weights.split(",")
    others = {f"and-{number:03}": file for number, file in enumerate(given[1:], 2)}

    def act(inputs: Inputs) -> Ticket:
        tickets = [inputs["ticket"], *(inputs[role] for role in others)]
        return averaging.average(
            *tickets,
            masks=masks,
            weights=typed,
            bn=bn,
            bn_examples=bn_examples,
            data=data,
            data_root=data_root,
            device=device,
            threads=threads,
        )

    options = averaging.options_of(len(given), masks, typed, bn, bn_examples, data)
    VerbCall("average", given[0], output, force, quiet, others, model=model).transform(options, act)
