"""Give the kept weights another ticket's signs; their magnitudes stay.

Where the other ticket holds zero, a weight keeps its own sign, and is counted.

    sparsetool transfer-signs --from warm.st coupled.st
    sparsetool transfer-signs --from warm.st --perturb 0.2 coupled.st
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from ...errors import UsageError
from .. import options as o
from ..several import with_files

if TYPE_CHECKING:
    from ...ticket.value import Ticket
    from ..transform import Inputs


@with_files("transfer-signs")
def verb(
    file: o.File = None,
    source: Annotated[
        str | None, o.option("--from", metavar="FILE", help="Ticket whose signs they get.")
    ] = None,
    perturb: Annotated[
        str | None,
        o.option("--perturb", metavar="P", help="Flip this random fraction of the signs."),
    ] = None,
    seed: o.Seed = None,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...masks import signs
    from ...ticket import counts
    from ..transform import VerbCall

    if source is None:
        raise UsageError("no ticket to take signs from: give --from FILE")
    if perturb is not None:
        perturb = counts.decimal(perturb)
        if not 0 <= float(perturb) <= 1:
            raise UsageError(f"--perturb is a fraction from 0 to 1, not {perturb}")
    options = o.given(perturb=perturb)

    def act(inputs: Inputs) -> Ticket:
        return signs.transfer_signs(
            inputs["ticket"], source=inputs["from"], perturb=perturb, seed=seed
        )

    def words(result: Ticket) -> str:
        old, new = job.inputs["ticket"].weights, result.weights
        changed = sum(int((old[name] != new[name]).sum()) for name in result.prunable)
        said = f"; {changed:,} signs flipped"
        own = result.lineage[-1]["achieved"].get("own_sign", 0)
        return f"{said}; {own:,} kept their own sign" if own else said

    job = VerbCall("transfer-signs", file, output, force, quiet, {"from": source})
    job.transform(options, act, seed=seed, words=words)
