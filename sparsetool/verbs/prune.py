"""Remove more of the surviving weights, in one step.

Give the sparsity to arrive at (--global S, or shares by --balanced, --erk, --uniform), or --rate R
to remove that fraction of the survivors. What is pruned stays pruned.

    sparsetool prune --magnitude --global 0.9 dense.st
    sparsetool prune --rate 0.2 level-3.st -o level-4.st
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
    rate: Annotated[
        str | None, o.option("--rate", metavar="R", help="Remove this fraction of the survivors.")
    ] = None,
    iterations: Annotated[
        int, o.option("--iterations", metavar="T", help="Rounds of scoring and pruning.")
    ] = 1,
    min_per_layer: Annotated[
        int, o.option("--min-per-layer", metavar="N", help="Weights every layer keeps.")
    ] = 0,
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

    if (rate is None) == (sparsity is None):
        raise UsageError(
            "how many? give one of --global S, --balanced S, --erk S, --uniform S, --rate R"
        )
    if sparsity is not None:
        sparsity = counts.decimal(sparsity)
        counts.kept_for(1, sparsity)
    if rate is not None:
        rate = counts.decimal(rate)
        counts.survivors_after(1, rate)
    o.positive(iterations, "--iterations")
    o.positive(min_per_layer, "--min-per-layer", 0)
    options = o.given(
        criterion=criterion or "magnitude",
        density=density or "global",
        sparsity=sparsity,
        rate=rate,
        iterations=iterations if iterations != 1 else None,
        min_per_layer=min_per_layer or None,
    )

    def act(inputs: Inputs) -> Ticket:
        return masking.prune(inputs["ticket"], seed=seed, **options)

    def words(result: Ticket) -> str:
        return f" (asked {sparsity})" if sparsity is not None else f" (asked rate {rate})"

    job = Job("prune", file, output, force, quiet)
    job.transform(options, act, seed=seed, words=words)
