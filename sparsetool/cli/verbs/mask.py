"""Give a ticket a mask, at initialisation: random, by a score, or from another file.

Exactly one criterion, or --from FILE. S is the fraction of prunable weights to remove, and is met
to one weight. The share of each layer is ranked over all layers (--global), equal in number
(--balanced), by Erdos-Renyi kernel (--erk) or equal in fraction (--uniform). An existing mask can
be reworked instead: --shuffle, --invert, --union, --intersect, --dense.

    sparsetool mask --random --balanced 0.5 r18.st
    sparsetool mask --snip --iterations 100 --global 0.9 r18.st
    sparsetool mask --magnitude --n-m 2:4 r18.st
    sparsetool mask --snip --global 0.9 --scores snip.scores r18.st
    sparsetool mask --from level-10.st fresh.st -o coupled.st
    sparsetool mask --from mask.pth fresh.st -o theirs.st
    sparsetool mask --random --balanced 0.5 seed-0.st seed-1.st --out-dir masked
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import UsageError
from .. import options as o
from .. import weight_options
from ..own_options import with_own_options
from ..score_file import ScoreFile
from ..several import with_files

if TYPE_CHECKING:
    from ...ticket.value import Ticket
    from ..transform import Inputs, VerbCall


@with_own_options("criteria", "densities")
@o.with_family("criteria", "criterion")
@o.with_family("densities", "density", value="sparsity")
@weight_options.with_choice
@with_files("mask", "scores")
def verb(
    file: o.File = None,
    amount: weight_options.Amount = None,
    source: Annotated[
        str | None, o.option("--from", metavar="FILE", help="Take the masks of this file.")
    ] = None,
    shuffle: Annotated[
        bool, o.option("--shuffle", help="Permute the mask within each layer.")
    ] = False,
    invert: Annotated[bool, o.option("--invert", help="Keep what the mask removes.")] = False,
    union: Annotated[
        str | None, o.option("--union", metavar="FILE", help="Keep what this mask or FILE's keeps.")
    ] = None,
    intersect: Annotated[
        str | None, o.option("--intersect", metavar="FILE", help="Keep what both masks keep.")
    ] = None,
    dense: Annotated[bool, o.option("--dense", help="Remove the mask.")] = False,
    mask_only: Annotated[bool, o.option("--mask-only", help="Write the masks alone.")] = False,
    scores: Annotated[
        str | None,
        o.option("--scores", metavar="FILE", help="Also write every weight's score (safetensors)."),
    ] = None,
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
    from ..transform import VerbCall

    how = {**how, **own}

    others = o.given(**{"from": source, "union": union, "intersect": intersect})
    reworked = o.given(shuffle=shuffle, invert=invert, dense=dense)
    ways = [*([criterion] if criterion else []), *others, *reworked]
    if len(ways) != 1:
        raise UsageError(
            "give exactly one criterion (such as --random) or --from FILE"
            + (f", not {' and '.join(f'--{way}' for way in ways)}" if ways else "")
        )
    job = VerbCall(
        "mask",
        file,
        output,
        force,
        quiet,
        others,
        takes_masks=criterion is None,
        foreign=("from",),
        model=model,
    )
    if criterion is None:
        typed = [
            *([density] if density else []),
            *o.given(sparsity=amount, parent=parent, scores=scores),
            *how,
        ]
        if typed:
            flag = typed[0].replace("_", "-")
            raise UsageError(f"--{ways[0]} takes the masks as they are: leave out --{flag}")
        _rework(job, reworked, mask_only, seed)
    else:
        share = {"density": density, **how}
        _choose(job, criterion, sparsity, amount, parent, mask_only, seed, share, scores)


def _rework(job: VerbCall, reworked: Mapping[str, Any], mask_only: bool, seed: int | None) -> None:
    from ...masks import masking

    def act(inputs: Inputs) -> Ticket:
        return masking.mask(
            inputs["ticket"],
            source=inputs.get("from"),
            union=inputs.get("union"),
            intersect=inputs.get("intersect"),
            seed=seed,
            mask_only=mask_only,
            **reworked,
        )

    options = {**reworked, "mask_only": mask_only}
    _make(job, options, act, seed, None)


def _choose(
    job: VerbCall,
    criterion: str,
    sparsity: str | None,
    amount: str | None,
    parent: str | None,
    mask_only: bool,
    seed: int | None,
    how: Mapping[str, Any],
    scores: str | None,
) -> None:
    from ...masks import masking
    from ...masks.request import Choice
    from ...ticket import counts

    told = None if scores is None else ScoreFile(scores, job)
    how = how if told is None else {**how, "told": told.scores}
    choice = Choice.of(criterion, **how)
    choice.check_parent(parent is not None)
    share = weight_options.amount(choice, sparsity, amount)
    if (share is None) == (choice.n_m is None):
        wanted = "--sparsity S" if choice.constructs else weight_options.SHARES
        raise UsageError(f"how sparse? give {wanted}")
    asked = None if share is None else counts.decimal(share)
    if asked is not None:
        counts.kept_for(1, asked)
    job.others = o.given(parent=parent)

    def options(main: Ticket) -> dict[str, Any]:
        return {**choice.options(main), "sparsity": asked, "mask_only": mask_only}

    def act(inputs: Inputs) -> Ticket:
        return masking.mask(
            inputs["ticket"],
            criterion=criterion,
            sparsity=asked,
            seed=seed,
            mask_only=mask_only,
            parent=inputs.get("parent"),
            **how,
        )

    _make(job, options, act, seed, asked or choice.n_m, weight_options.rounding(choice))
    if told is not None:
        told.write(lambda: act(job.inputs))


def _make(
    job: VerbCall,
    options: Mapping[str, Any] | Callable[[Ticket], Mapping[str, Any]],
    act: Callable[[Inputs], Ticket],
    seed: int | None,
    asked: str | None,
    also: Sequence[str] = (),
) -> None:
    """Make the ticket; say what was asked, what was revived and what was cut off."""
    said: list[str] = list(also)

    def words(result: Ticket) -> str:
        said.extend(weight_options.whole(result))
        said.extend(weight_options.connection(result))
        closing = f" (asked {asked})" if asked is not None else ""
        revived = result.lineage[-1]["achieved"].get("revived", 0)
        if revived:
            closing += f"; {revived:,} revived as zero: 'rewind --to FILE' gives them values"
        return closing

    job.transform(options, act, seed=seed, words=words)
    for line in said:
        job.say(line)
