"""Device, precision and threads of a run: resolved once and recorded, and each rank's part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from ..compute.device import Place, place
from ..compute.ranks import Ranks
from ..errors import SparsetoolError, UsageError
from ..evaluation.measure import masks_of, prepared, sparse_products
from ..ticket.value import Ticket
from .rate import TYPED
from .settings import Settings


def resolved(ticket: Ticket, settings: Settings, facts: Mapping[str, Any], ranks: Ranks) -> Place:
    """Device, precision and threads: as the run first resolved them, if it did.

    Args:
        ticket: What it begins with.
        settings: What was asked.
        facts: What is known of the run; of interest are `place` and `ranks`.
        ranks: The ranks it goes on with.

    Raises:
        UsageError: A value that cannot be, or not with these ranks.
        SparsetoolError: This machine lacks what the run began with, or other ranks began it.
    """
    input = tuple(ticket.meta["input"])
    now = place(input, settings.device, settings.precision, settings.threads)
    if ranks.size > 1:
        _check_device(settings.device, now)
    if settings.threads == "auto":
        now = replace(now, threads=max(1, now.threads // ranks.neighbours))
    if "place" in facts:
        _check_ranks(facts.get("ranks", 1), ranks.size)
        now = Place(**facts["place"])
        # A place that was found by `auto` must still be there; asking for it says so if not.
        place(input, now.device, now.precision, str(now.threads))
    elif better_in_fp32(ticket, settings, now, ranks.size):
        now = replace(now, precision="fp32")
    if settings.sync_bn and now.kind != "cuda":
        raise UsageError(f"--sync-bn works on CUDA alone, not on {now.kind}: leave it out")
    return now


def better_in_fp32(ticket: Ticket, settings: Settings, where: Place, ranks: int = 1) -> bool:
    """Whether `auto` found bfloat16 on a CPU, but layers that keep few weights are faster in fp32.

    Args:
        ticket: What is trained.
        settings: What was asked.
        where: As found by `auto`.
        ranks: Processes that share a batch.
    """
    asked = settings.precision == "auto" and not settings.compile and not settings.dense_products
    if not asked or (where.kind, where.precision) != ("cpu", "bf16"):
        return False
    exact = replace(where, precision="fp32")
    products = sparse_products(prepared(ticket, exact), masks_of(ticket), ticket, exact)
    return products.beat_bf16(-(-settings.batch_size // ranks))


def settled(where: Place, ranks: Ranks) -> dict[str, Any]:
    """What a run remembers of its place."""
    return {"place": vars(where), **({"ranks": ranks.size} if ranks.size > 1 else {})}


def told(settings: Settings, where: Place) -> str:
    """What everything was resolved to, in a line."""
    s = settings
    shape = "".join(
        f", {k.replace('_', '-')} {vars(s)[k]}" for k in TYPED if vars(s)[k] is not None
    )
    threads = f"{where.threads} thread{'s' * (where.threads != 1)}"
    data, optimizer, schedule = (n.partition("@")[0] for n in (s.data, s.optimizer, s.schedule))
    return (
        f"{data}, {s.epochs} epochs a cycle, batches of {s.batch_size}, "
        f"{optimizer} with {schedule} to {s.lr:g}{shape}, momentum {s.momentum:g}, "
        f"weight decay {s.weight_decay:g}; on {where.kind} in {where.precision}, {threads}"
    )


def _check_device(asked: str, found: Place) -> None:
    """Refuse what several ranks cannot train on."""
    if ":" in asked:
        raise UsageError(f"each rank takes a GPU of its own: give --device cuda, not {asked}")
    if found.kind == "mps":
        raise UsageError("several ranks train on CUDA or the CPU: give --device cpu")


def _check_ranks(then: int, now: int) -> None:
    if then != now:
        raise SparsetoolError(
            f"this run began with {_ranks(then)} and goes on only so, not with {_ranks(now)}: "
            "start it as then, or begin anew after 'sparsetool runs --remove' or with --no-store"
        )


def _ranks(count: int) -> str:
    return "one process" if count == 1 else f"{count} ranks"


def own(where: Place, ranks: Ranks) -> Place:
    """A place that all ranks agreed on as this rank's own: its GPU by number.

    Raises:
        SparsetoolError: This host has too few GPUs.
    """
    if ranks.size == 1 or where.kind != "cuda":
        return where
    if ranks.local >= torch.cuda.device_count():
        raise SparsetoolError(
            f"there is no GPU for local rank {ranks.local}, this host offers "
            f"{torch.cuda.device_count()}: give a smaller --nproc-per-node"
        )
    torch.cuda.set_device(ranks.local)
    return replace(where, device=f"cuda:{ranks.local}")
