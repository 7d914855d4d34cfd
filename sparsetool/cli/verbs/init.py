"""Make a fresh ticket: a network by name, its initial weights, and what later verbs need.

The data set decides classes and input; nothing of it needs to be on disk, unless its name is a
place (imagefolder:PATH). Your own network is FILE.py:FUNCTION
('sparsetool guide own-models-and-data').

    sparsetool init resnet20 --data digits --seed 0 -o start.st
    sparsetool init resnet18 --data cifar10 -o r18.st
    sparsetool init resnet20 --seeds 0-2 -o 'start-{}.st'
    sparsetool init resnet50 --data cifar100 --exclude '*downsample*'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import UsageError
from .. import options as o

if TYPE_CHECKING:
    from ..transform import VerbCall


def verb(
    model: Annotated[
        str,
        o.argument(
            "Network, with its argument: resnet20, mlp:300-100.", "MODEL", o.members_of("models")
        ),
    ],
    data: Annotated[
        str, o.option("--data", metavar="NAME", help="Data set.", values=o.members_of("datasets"))
    ] = "digits",
    data_root: o.DataRoot = None,
    seed: Annotated[
        int | None, o.option("--seed", metavar="N", help="Seed of all random draws; default: 0.")
    ] = None,
    seeds: Annotated[
        str | None,
        o.option(
            "--seeds",
            metavar="N-M",
            help="A ticket for each of 0-2 or 0,3,7; {} in -o is the seed; default: MODEL-{}.st.",
        ),
    ] = None,
    init: Annotated[
        str,
        o.option(
            "--init",
            metavar="NAME",
            help="kaiming (fan-in), kaiming-fan-out or model.",
            values=("kaiming", "kaiming-fan-out", "model"),
        ),
    ] = "kaiming",
    exclude: o.Exclude = None,
    prune_also: o.PruneAlso = None,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...data.naming import recorded_name
    from ..transform import VerbCall, plain

    if seeds is not None and seed is not None:
        raise UsageError("--seed and --seeds exclude each other: give one")
    named = plain(model)
    outputs = {seed or 0: output} if seeds is None else _outputs(seeds, output, named)
    model = recorded_name("models", model)
    data = recorded_name("datasets", data, data_root)
    how = {"init": init, "exclude": exclude or (), "prune_also": prune_also or ()}
    for number, path in outputs.items():
        job = VerbCall("init", None, path, force, quiet, default=f"{named}.st")
        _make(job, model, data, number, data_root, how)


def _outputs(seeds: str, output: str | None, named: str) -> dict[int, str]:
    """Where the ticket of each seed goes.

    Raises:
        UsageError: The seeds are no such list, or all would go to one file.
    """
    found: list[int] = []
    for part in seeds.split(","):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            raise UsageError(f"--seeds wants seeds such as 0-2 or 0,3,7, not {seeds}")
        found += range(int(first), int(last or first) + 1)
    if not found:
        raise UsageError(f"--seeds {seeds} holds no seed: the smaller comes first")
    pattern = f"{named}-{{}}.st" if output is None else output
    if "{}" not in pattern:
        raise UsageError(f"-o {output} is one file: with --seeds write {{}} where the seed stands")
    return {number: pattern.replace("{}", str(number)) for number in found}


def _make(
    job: VerbCall,
    model: str,
    data: str,
    seed: int,
    data_root: str | None,
    how: Mapping[str, Any],
) -> None:
    """The ticket of one seed."""
    from ...data.facts import facts_of
    from ...ticket.lineage import recorded
    from ..transform import made_by

    facts = facts_of(data, data_root)
    typed = {**how, "init": how["init"] if how["init"] != "kaiming" else None}
    options = o.given(model=model, data=data, **{k: v or None for k, v in typed.items()})
    shape = f"input {'x'.join(map(str, facts.input))}, {facts.classes} classes"
    target = job.target()
    wanted = {"verb": "init", "options": recorded(options), "seed": seed, "inputs": {}}
    if job.present(target, lambda old: made_by(old, wanted)):
        job.say("; ".join([shape, *facts.notes]))
        return
    from ...networks.init import init as init_ticket

    made = init_ticket(model, data=data, seed=seed, data_root=data_root, **how)
    job.write(target, made, "; ".join(["", shape, *facts.notes]))
