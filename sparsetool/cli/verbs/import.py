"""Make a ticket from somebody else's checkpoint: a PyTorch state_dict or safetensors.

Masks named NAME_mask (and NAME_orig, as torch.nn.utils.prune writes them) are taken over.

    sparsetool import resnet20.th --model resnet20 --data cifar10 -o r20.st
    sparsetool import theirs.pt --model resnet18 --data cifar10 --map backbone.= --zeros
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ...errors import UsageError
from .. import options as o


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
    seed: Annotated[int, o.option("--seed", metavar="N", help="Key of every later draw.")] = 0,
    exclude: Annotated[
        list[str] | None,
        o.option("--exclude", metavar="PATTERN", help="Weights that are never pruned."),
    ] = None,
    map: Annotated[
        list[str] | None,
        o.option("--map", metavar="OLD=NEW", help="Rename parameters that begin with OLD."),
    ] = None,
    zeros: Annotated[
        bool, o.option("--zeros", help="Without masks, take exact zeros as pruned.")
    ] = False,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    import hashlib

    from ...data.naming import recorded_name
    from ...ticket.lineage import recorded
    from .. import targets
    from ..transform import Job, made_by, plain

    if model is None:
        raise UsageError("the weights of which network? give --model NAME")
    example = f"sparsetool import checkpoint.pt --model {model}"
    named = plain(model)
    model, data = recorded_name("models", model), recorded_name("datasets", data)
    renames = dict(_rename(text) for text in map or [])
    stem = named if file in (None, "-") else Path(str(file)).stem
    job = Job("import", file, output, force, quiet, default=f"{stem}.import.st")
    content, name = targets.read(file, example)
    target = job.target()
    options = dict(model=model, data=data, exclude=exclude or None, zeros=zeros)
    wanted = {
        "verb": "import",
        "options": recorded({**options, "map": renames or None}),
        "seed": seed,
        "inputs": {"file": hashlib.sha256(content).hexdigest()},
    }
    if job.present(target, lambda old: made_by(old, wanted)):
        return
    from ...networks.convert import adopt

    made = adopt(
        content,
        name,
        model=model,
        data=data,
        seed=seed,
        exclude=tuple(exclude or ()),
        renames=renames,
        zeros=zeros,
    )
    job.write(target, made)


def _rename(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals or not old:
        raise UsageError(f"--map wants OLD=NEW, not '{text}'")
    return old, new
