"""Make a fresh ticket: a network by name, its initial weights, and what later verbs need.

The data set decides classes and input; nothing of it needs to be on disk, unless its name is a
place (imagefolder:PATH). Your own network is FILE.py:FUNCTION
(see sparsetool/builtin/models/file.py).

    sparsetool init resnet20 --data digits --seed 0 -o start.st
    sparsetool init resnet18 --data cifar10 -o r18.st
    sparsetool init resnet50 --data cifar100 --exclude '*downsample*'
"""

from __future__ import annotations

from typing import Annotated

from .. import options as o


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
    seed: Annotated[int, o.option("--seed", metavar="N", help="Seed of all random draws.")] = 0,
    init: Annotated[
        str,
        o.option(
            "--init",
            metavar="NAME",
            help="kaiming (fan-in), kaiming-fan-out or model.",
            values=("kaiming", "kaiming-fan-out", "model"),
        ),
    ] = "kaiming",
    exclude: Annotated[
        list[str] | None,
        o.option("--exclude", metavar="PATTERN", help="Weights that are never pruned."),
    ] = None,
    prune_also: Annotated[
        list[str] | None,
        o.option(
            "--prune-also",
            metavar="PATTERN",
            help="Further matrices that count as prunable: LSTM, embeddings, GPT-2's Conv1D.",
        ),
    ] = None,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...data.facts import facts_of
    from ...data.naming import recorded_name
    from ...ticket.lineage import recorded
    from ..transform import VerbCall, made_by, plain

    named = plain(model)
    model = recorded_name("models", model)
    data = recorded_name("datasets", data, data_root)
    facts = facts_of(data, data_root)
    options = o.given(
        model=model,
        data=data,
        init=init if init != "kaiming" else None,
        exclude=exclude,
        prune_also=prune_also,
    )
    job = VerbCall("init", None, output, force, quiet, default=f"{named}.st")
    shape = f"input {'x'.join(map(str, facts.input))}, {facts.classes} classes"
    target = job.target()
    wanted = {"verb": "init", "options": recorded(options), "seed": seed, "inputs": {}}
    if job.present(target, lambda old: made_by(old, wanted)):
        job.say("; ".join([shape, *facts.notes]))
        return
    from ...networks.init import init as init_ticket

    made = init_ticket(
        model,
        data=data,
        seed=seed,
        init=init,
        exclude=exclude or (),
        prune_also=prune_also or (),
        data_root=data_root,
    )
    job.write(target, made, "; ".join(["", shape, *facts.notes]))
