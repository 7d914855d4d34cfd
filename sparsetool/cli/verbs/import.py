"""Make a ticket from somebody else's checkpoint: a PyTorch file, safetensors, numpy or ONNX.

Masks are taken over as pruning tools keep them: NAME_mask with NAME_orig (torch.nn.utils.prune),
MODULE.mask, mask_NAME (open_lth), parametrisations (torch.ao), stored positions of sparse tensors;
a file of masks alone becomes a ticket of masks. What is done to the values is said line by line.

    sparsetool import resnet20.th --model resnet20-a --data cifar10 --normalize imagenet -o r20.st
    sparsetool import theirs.pt --model resnet18 --data cifar10 --map backbone.= --zeros
    sparsetool import big.pt --model resnet18 --data cifar10 --fresh 'fc*' --ignore 'head.*'
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ...errors import UsageError
from .. import options as o

if TYPE_CHECKING:
    from ..transform import VerbCall


def verb(
    file: o.File = None,
    model: Annotated[
        str | None,
        o.option(
            "--model",
            metavar="NAME",
            help="The network the weights are of: a name, or FILE.py:FUNCTION.",
            values=o.members_of("models"),
        ),
    ] = None,
    data: Annotated[
        str,
        o.option("--data", metavar="NAME", help="Data set.", values=o.members_of("datasets")),
    ] = "digits",
    normalize: Annotated[
        str | None,
        o.option(
            "--normalize",
            metavar="NAME|MEAN/STD",
            help="What its images were normalised by: a data set's figures, or 0.5,0.5,0.5/0.2.",
            values=o.members_of("datasets"),
        ),
    ] = None,
    seed: Annotated[int, o.option("--seed", metavar="N", help="Seed of all random draws.")] = 0,
    exclude: o.Exclude = None,
    prune_also: o.PruneAlso = None,
    map: Annotated[
        list[str] | None,
        o.option(
            "--map",
            metavar="OLD=NEW",
            help="Rename parameters that begin with OLD; =PREFIX puts PREFIX before all.",
        ),
    ] = None,
    take: Annotated[
        str | None,
        o.option("--take", metavar="KEY", help="Which of several state dicts in the file."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        o.option("--ignore", metavar="PATTERN", help="Entries of the file to leave out."),
    ] = None,
    fresh: Annotated[
        list[str] | None,
        o.option(
            "--fresh",
            metavar="PATTERN",
            help="Parameters to initialise by --seed instead, as a head of another size.",
        ),
    ] = None,
    zeros: Annotated[
        bool, o.option("--zeros", help="Without masks, take exact zeros as pruned.")
    ] = False,
    data_root: o.DataRoot = None,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...networks import containers
    from ...networks.convert import adopt
    from ...networks.origin import Origin, maps_of
    from .. import targets
    from ..transform import VerbCall, made_by, plain

    example = f"sparsetool import checkpoint.pt --model {model or 'resnet20'}"
    renames = maps_of(map)
    named = "ticket" if model is None else plain(model)
    stem = named if file in (None, "-") else Path(str(file)).stem
    job = VerbCall("import", file, output, force, quiet, default=f"{stem}.import.st", model=model)
    if model is None:
        _ticket(job, *targets.read(file, example, containers.enough))
        return
    origin = Origin.typed(
        model, data, seed, tuple(exclude or ()), renames, zeros, take, tuple(ignore or ()),
        tuple(fresh or ()), normalize, data_root, tuple(prune_also or ()),
    )  # fmt: skip
    content, name = targets.read(file, example, containers.enough)
    if containers.is_packed(content):
        _ticket(job, content, name)
        return
    target = job.target()
    wanted = {
        "verb": "import",
        "options": origin.options,
        "seed": seed,
        "inputs": {"file": containers.digest(content, name)},
    }
    if job.present(target, lambda old: made_by(old, wanted)):
        return
    job.write(target, adopt(content, name, origin, job.say))


def _ticket(job: VerbCall, content: memoryview, name: str) -> None:
    """What is a ticket already, such as a packed one, needs no model: it is written as it is."""
    from ...networks.containers import is_ticket
    from ...plugins.own_code import name_model
    from ...ticket.value import Ticket

    if not is_ticket(content):
        raise UsageError("no network named: give --model NAME")
    ticket = Ticket.load(content, name)
    name_model(ticket, job.model)
    target = job.target()
    if not job.present(target, lambda old: old.digest == ticket.digest):
        job.write(target, ticket)
