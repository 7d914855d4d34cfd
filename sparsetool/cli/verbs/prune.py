"""Remove more of the surviving weights, in one step.

Give the sparsity to arrive at (--global S, or shares by --balanced, --erk, --uniform), or --rate R
to remove that fraction of the kept weights. What is pruned stays pruned.

    sparsetool prune --magnitude --global 0.9 dense.st
    sparsetool prune --rate 0.2 level-3.st -o level-4.st
    sparsetool prune --magnitude --global 0.9 seed-0.st seed-1.st --out-dir pruned
    sparsetool prune --woodfisher --update --batches 4 --global 0.8 trained.st
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import UsageError
from .. import options as o
from .. import weight_options
from ..own_options import with_own_options
from ..several import with_files

if TYPE_CHECKING:
    from ...ticket.value import Ticket
    from ..transform import Inputs


@with_own_options("criteria", "densities")
@o.with_family("criteria", "criterion")
@o.with_family("densities", "density", value="sparsity")
@weight_options.with_choice
@with_files("prune")
def verb(
    file: o.File = None,
    rate: Annotated[
        str | None, o.option("--rate", metavar="R", help="Remove this fraction of the survivors.")
    ] = None,
    amount: weight_options.Amount = None,
    parent: weight_options.Parent = None,
    model: o.Model = None,
    seed: o.Seed = None,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
    *,
    criterion: str | None = None,
    density: str | None = None,
    sparsity: str | None = None,
    how: Mapping[str, Any],
    own: Mapping[str, Any],
) -> None:
    from ...masks import masking
    from ...masks.request import Choice
    from ...ticket import counts
    from ..transform import VerbCall

    name = criterion or "magnitude"
    how = {"density": density, **how, **own}
    choice = Choice.of(name, **how)
    choice.check_parent(parent is not None)
    share = weight_options.amount(choice, sparsity, amount, " or --rate R")
    if [rate, share, choice.n_m].count(None) != 2:
        wanted = (
            "--sparsity S" if choice.constructs else weight_options.SHARES.replace(" or ", ", ")
        )
        raise UsageError(f"how many? give one of {wanted}, --rate R, --n-m N:M")
    asked: dict[str, str] = {}
    if share is not None:
        asked["sparsity"] = counts.decimal(share)
        counts.kept_for(1, asked["sparsity"])
    if rate is not None:
        asked["rate"] = counts.decimal(rate)
        counts.survivors_after(1, asked["rate"])

    def options(main: Ticket) -> dict[str, Any]:
        return {**choice.options(main), **asked}

    def act(inputs: Inputs) -> Ticket:
        parent = inputs.get("parent")
        return masking.prune(
            inputs["ticket"], criterion=name, seed=seed, parent=parent, **asked, **how
        )

    said: list[str] = weight_options.rounding(choice)

    def words(result: Ticket) -> str:
        said.extend(weight_options.whole(result))
        said.extend(weight_options.connection(result))
        number = next(iter(asked.values()), choice.n_m)
        return f" (asked {'rate ' if rate is not None else ''}{number})"

    job = VerbCall("prune", file, output, force, quiet, o.given(parent=parent), model=model)
    job.transform(options, act, seed=seed, words=words)
    for line in said:
        job.say(line)
