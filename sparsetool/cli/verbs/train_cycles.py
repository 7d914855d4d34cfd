"""Train a ticket for N cycles of the whole learning-rate schedule, its mask fixed or moving.

Settings not given come from the data set's recipe (the paper's table). Progress is kept: killed at
any moment, the same command carries on, and ends with the same bytes.

    sparsetool train-cycles --n 4 r18.mask.st -o r18.trained.st
    sparsetool train-cycles --epochs 150 --save-epoch 10:warm.st dense.st -o level-0.st
    sparsetool train-cycles --update rigl --epochs 30 r18.mask.st -o r18.rigl.st
    sparsetool train-cycles --update gmp --to 0.9 dense.st -o gmp.st
    sparsetool train-cycles --until-peak --val 0.1 r18.mask.st -o r18.peak.st
    sparsetool train-cycles --n 4 seed-0.st seed-1.st seed-2.st --out-dir trained
    torchrun --nproc-per-node 4 -m -- sparsetool train-cycles --n 4 r50.mask.st -o r50.trained.st
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from ...errors import UsageError
from ...plugins import find
from .. import options as o
from ..config import Config
from ..cycle_options import with_cycles
from ..own_options import with_own_options
from ..update_options import with_update


@with_own_options("schedules", "optimizers", "updates", "extras")
@with_update
@with_cycles
def verb(
    files: o.Files = None,
    n: Annotated[int | None, o.option("--n", metavar="N", help="Cycles; default: 1.")] = None,
    epochs: Annotated[
        int | None, o.option("--epochs", metavar="E", help="Epochs in a cycle.")
    ] = None,
    schedule: Annotated[
        str | None,
        o.option(
            "--schedule",
            metavar="NAME",
            help="Learning rate; default: step-warmup.",
            values=o.members_of("schedules"),
        ),
    ] = None,
    lr: Annotated[float | None, o.option("--lr", metavar="RATE", help="Its peak.")] = None,
    warmup: Annotated[
        str | None, o.option("--warmup", metavar="E", help="Epochs of warm-up in a cycle.")
    ] = None,
    drops: Annotated[
        str | None,
        o.option(
            "--drops",
            metavar="E,...",
            help="Epochs of a cycle at which the learning rate drops, or none.",
        ),
    ] = None,
    drop_by: Annotated[
        float | None,
        o.option("--drop-by", metavar="F", help="Factor by which it is divided at each drop."),
    ] = None,
    floor: Annotated[
        float | None, o.option("--floor", metavar="RATE", help="Lowest rate (of cosine).")
    ] = None,
    momentum: Annotated[
        float | None, o.option("--momentum", metavar="M", help="Momentum of SGD.")
    ] = None,
    weight_decay: Annotated[
        float | None, o.option("--weight-decay", metavar="W", help="On every parameter.")
    ] = None,
    batch_size: Annotated[
        int | None, o.option("--batch-size", metavar="B", help="Examples in a step (of all ranks).")
    ] = None,
    optimizer: Annotated[
        str | None,
        o.option(
            "--optimizer",
            metavar="NAME",
            help="How weights change; default: sgd.",
            values=o.members_of("optimizers"),
        ),
    ] = None,
    seed: o.Seed = None,
    data: o.Data = None,
    data_root: o.DataRoot = None,
    model: o.Model = None,
    val: Annotated[
        str | None,
        o.option("--val", metavar="FRACTION", help="Hold out this part of the training split."),
    ] = None,
    label_noise: Annotated[
        str | None,
        o.option("--label-noise", metavar="FRACTION", help="Permute this part of the labels."),
    ] = None,
    from_epoch: Annotated[
        int, o.option("--from-epoch", metavar="K", help="Begin at epoch K of the schedule.")
    ] = 0,
    keep: Annotated[
        str | None, o.option("--keep", metavar="DIR", help="Also write a ticket per cycle there.")
    ] = None,
    keep_every: Annotated[
        int | None,
        o.option("--keep-every", metavar="E", help="With --keep: also a ticket every E epochs."),
    ] = None,
    save_epoch: Annotated[
        list[str] | None,
        o.option("--save-epoch", metavar="K:FILE", help="Also write the ticket after epoch K."),
    ] = None,
    stop_after: Annotated[
        int | None, o.option("--stop-after", metavar="K", help="Stop after K epochs of this call.")
    ] = None,
    time_limit: Annotated[
        str | None,
        o.option("--time-limit", metavar="TIME", help="Stop after 90s, 30m, 1:30:00; exit 75."),
    ] = None,
    log: Annotated[
        str | None, o.option("--log", metavar="FILE", help="One JSON line per epoch.")
    ] = None,
    track: Annotated[
        str | None,
        o.option(
            "--track",
            metavar="NAME[:PLACE]",
            help="Also show it in tensorboard, wandb or trackio, in that folder or project.",
            values=o.members_of("trackers"),
        ),
    ] = None,
    eval_every: Annotated[
        int, o.option("--eval-every", metavar="E", help="Epochs between evaluations in the log.")
    ] = 1,
    device: o.Device = "auto",
    precision: Annotated[
        str,
        o.option(
            "--precision",
            metavar="NAME",
            help="auto, fp32, bf16 or fp16.",
            values=o.constant("compute/device.py", "PRECISIONS"),
        ),
    ] = "auto",
    threads: o.Threads = "auto",
    deterministic: Annotated[
        bool, o.option("--deterministic", help="Only deterministic algorithms (for CUDA).")
    ] = False,
    compile: Annotated[
        bool, o.option("--compile", help="Compile the network first (on CUDA: to CUDA graphs).")
    ] = False,
    sync_bn: Annotated[
        bool, o.option("--sync-bn", help="Batch norm over all ranks (torchrun, CUDA).")
    ] = False,
    no_store: Annotated[bool, o.option("--no-store", help="Keep no progress on disk.")] = False,
    out_dir: Annotated[
        str | None,
        o.option(
            "--out-dir",
            metavar="DIR",
            help="Train each FILE to its name in DIR; {} in --log and --save-epoch is that name.",
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        o.option("--jobs", metavar="J", help="How many FILEs to train at the same time."),
    ] = None,
    config: Config = None,
    show_config: Annotated[
        bool,
        o.option(
            "--show-config", help="Say with what it would be trained and why, and do nothing."
        ),
    ] = False,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
    *,
    moving: Mapping[str, Any],
    ending: Mapping[str, Any],
    own: Mapping[str, Any],
) -> None:
    from ..hints import check_files
    from ..stop import seconds
    from ..train.explain import explain
    from ..train.many import apart
    from ..train.request import Session
    from ..train.tracking import Tracking
    from ..transform import VerbCall

    counts = {"n": n, "eval-every": eval_every, "keep-every": keep_every, "jobs": jobs}
    for name, count in counts.items():
        o.positive(count, f"--{name}")
    _check_names(schedules=schedule, optimizers=optimizer, updates=moving.get("update"))
    check_tickets(keep, keep_every, "until_peak" in ending, n is not None or bool(save_epoch))
    check_files("train-cycles", files or [])
    file = files[0] if files else None
    saves = dict(_save(text) for text in save_epoch or [])
    if out_dir is not None or len(files or []) > 1:
        chosen = apart(files or [], out_dir, output, jobs, device, threads)
        if chosen is None:
            return
        file, output = chosen
        keep, saves, log = further_files(file, keep, saves, log)
    elif jobs is not None:
        raise UsageError("--jobs goes with several FILEs and --out-dir DIR")
    shape = dict(warmup=warmup, drops=drops, drop_by=drop_by, floor=floor, from_epoch=from_epoch)
    compute = dict(device=device, precision=precision, threads=threads, compile=compile)
    compute |= dict(deterministic=deterministic, sync_bn=sync_bn)
    rest = {**compute, **moving, **ending, **own}
    asked = dict(
        data=data,
        epochs=epochs,
        schedule=schedule,
        lr=lr,
        **shape,
        momentum=momentum,
        weight_decay=weight_decay,
        batch_size=batch_size,
        optimizer=optimizer,
        seed=seed,
        val=val,
        label_noise=label_noise,
        **rest,
    )
    session = Session(
        job=VerbCall("train-cycles", file, output, force, quiet),
        n=n or 1,
        stop_after=stop_after,
        saves=saves,
        keep=keep,
        keep_every=keep_every,
        log=log,
        track=Tracking(track) if track else None,
        data_root=data_root,
        model=model,
        eval_every=eval_every,
        limit=seconds(time_limit),
        stored=not no_store,
    )
    (explain if show_config else Session.run)(session, asked)


def further_files(
    file: str, keep: str | None, saves: Mapping[int, str], log: str | None
) -> tuple[str | None, dict[int, str], str | None]:
    """Where the further files of one of several FILEs go: of `--keep`, `--save-epoch`, `--log`."""
    from ..several import beside

    kept = None if keep is None else str(Path(keep, Path(file).stem))
    saved = {epoch: beside(path, file) for epoch, path in saves.items()}
    return kept, saved, None if log is None else beside(log, file)


def _check_names(**typed: str | None) -> None:
    """Refuse names of members that are not known, before any input is read."""
    for family, spec in typed.items():
        if spec is not None and ".py:" not in spec:
            find.member(family, spec)


def check_tickets(keep: str | None, keep_every: int | None, peak: bool, counted: bool) -> None:
    """Refuse tickets that are asked for where no folder is, or nobody knows of which epochs."""
    if keep_every is not None and keep is None:
        raise UsageError("--keep-every E wants --keep DIR to write to")
    if peak and (counted or keep_every):
        raise UsageError(
            "--until-peak says how many cycles: leave out --n, --save-epoch and --keep-every"
        )


def _save(text: str) -> tuple[int, str]:
    """`K:FILE` as epoch and path."""
    number, colon, path = text.partition(":")
    if not colon or not path or not number.isdecimal() or int(number) < 1:
        raise UsageError(f"--save-epoch wants K:FILE with K at least 1, not '{text}'")
    return int(number), path
