"""Give the kept weights another ticket's values; the mask stays.

Weight rewinding goes back to an early epoch of the dense run, iterative magnitude pruning to the
initial weights:

    sparsetool rewind --to warm.st level-3.st -o level-3-rewound.st
    sparsetool rewind --to init.st --what weights level-3.st
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from ...errors import UsageError
from .. import options as o
from ..several import with_files

if TYPE_CHECKING:
    from ...ticket.value import Ticket
    from ..transform import Inputs

WHAT = ("all", "weights", "buffers")


@with_files("rewind")
def verb(
    file: o.File = None,
    to: Annotated[
        str | None, o.option("--to", metavar="FILE", help="Ticket whose values they get.")
    ] = None,
    what: Annotated[
        str,
        o.option(
            "--what", metavar="WHAT", help="all, weights (all parameters) or buffers.", values=WHAT
        ),
    ] = "all",
    allow_zeros: Annotated[
        bool, o.option("--allow-zeros", help="Accept zeros where the mask keeps a weight.")
    ] = False,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...masks import rewinding
    from ..transform import VerbCall

    if to is None:
        raise UsageError("no ticket to rewind to: give --to FILE")
    options = o.given(what=what if what != "all" else None, allow_zeros=allow_zeros)

    def act(inputs: Inputs) -> Ticket:
        return rewinding.rewind(
            inputs["ticket"], to=inputs["to"], what=what, allow_zeros=allow_zeros
        )

    VerbCall("rewind", file, output, force, quiet, {"to": to}).transform(options, act)
