"""Give a ticket a mask, at initialisation: random, by a score, or from another file.

Exactly one criterion, or --from FILE. S is the fraction of prunable weights to remove, and is met
to one weight. The share of each layer is ranked over all layers (--global), equal in number
(--balanced), by Erdos-Renyi kernel (--erk) or equal in fraction (--uniform).

    sparsetool mask --random --balanced 0.5 r18.st
    sparsetool mask --from level-10.st fresh.st -o coupled.st
"""

from __future__ import annotations

from typing import Annotated

from .. import options as o
from ..errors import UsageError
from ..flow import Inputs, Job
from ..ticket import Ticket


@o.with_family("criteria", "criterion")
@o.with_family("densities", "density", value="sparsity")
def verb(
    file: o.File = None,
    source: Annotated[
        str | None, o.option("--from", metavar="FILE", help="Take the masks of this file.")
    ] = None,
    iterations: Annotated[
        int, o.option("--iterations", metavar="T", help="Rounds of scoring and masking.")
    ] = 1,
    min_per_layer: Annotated[
        int, o.option("--min-per-layer", metavar="N", help="Weights every layer keeps.")
    ] = 0,
    mask_only: Annotated[bool, o.option("--mask-only", help="Write the masks alone.")] = False,
    seed: o.Seed = None,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
    *,
    criterion: str | None = None,
    density: str | None = None,
    sparsity: str | None = None,
) -> None:
    from ..sparsity import counts, masking

    if (criterion is None) == (source is None):
        raise UsageError("give exactly one criterion (such as --random) or --from FILE")
    if criterion is not None and sparsity is None:
        raise UsageError("how sparse? give --global S, --balanced S, --erk S or --uniform S")
    if source is not None and sparsity is not None:
        raise UsageError(f"--from takes the masks as they are: leave out --{density}")
    if sparsity is not None:
        sparsity = counts.decimal(sparsity)
        counts.kept_for(1, sparsity)
    o.positive(iterations, "--iterations")
    o.positive(min_per_layer, "--min-per-layer", 0)
    options = o.given(
        criterion=criterion,
        density=density,
        sparsity=sparsity,
        iterations=iterations if iterations != 1 else None,
        min_per_layer=min_per_layer or None,
        mask_only=mask_only,
    )

    def act(inputs: Inputs) -> Ticket:
        return masking.mask(inputs["ticket"], source=inputs.get("from"), seed=seed, **options)

    def words(result: Ticket) -> str:
        asked = f" (asked {sparsity})" if sparsity is not None else ""
        revived = result.lineage[-1]["achieved"].get("revived", 0)
        if not revived:
            return asked
        return f"{asked}; {revived:,} revived as zero: 'rewind --to FILE' gives them values"

    others = {"from": source} if source is not None else {}
    job = Job("mask", file, output, force, quiet, others)
    job.transform(options, act, seed=seed, words=words)
