"""Training FLOPs of a lineage, from the masks that really were.

A backward pass counts as two forward passes, so an example of a step costs 3 f, with f the FLOPs of
a forward pass under the mask of that time. Where masks moved, a record says how many weights each
layer kept over the examples, and how many got a gradient: more than were kept where all did (RigL,
GraNet), or a larger set (Top-KAST). With the former f and the latter g it is 2 f + g, step by step;
for RigL (3 f_S T + 2 f_S + f_D) / (T + 1) on average, with an update after every T steps. An
example that goes through the network twice in a step (SAM) costs twice.

Reference: Evci, Gale, Menick, Castro, Elsen, 2020, "Rigging the lottery", appendix H.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..errors import SparsetoolError, UsageError, nearest
from ..ticket.format import canonical_json
from ..ticket.lineage import CHOOSING, Record
from ..ticket.value import Ticket

# Three forward passes for a training example, of the network as it was or of the dense one.
CONVENTIONS = ("sparse", "dense")
EXTRA = (
    *("extra_examples", "extra_second_examples"),
    *("extra_kept_examples", "extra_gradient_examples"),
)
SEEN = ("examples", "second_examples", "extra_examples", "extra_second_examples")


def trains(record: Record) -> bool:
    """Whether a step of a lineage trained."""
    return "examples" in record["achieved"]


def training(
    ticket: Ticket,
    times: Mapping[str, int],
    sizes: Mapping[str, int],
    convention: str,
    whole: Collection[str] = (),
) -> dict[str, Any]:
    """Training FLOPs of a lineage, from the masks that really were.

    One dense run, to compare with, is a cycle of the ticket's last training at full density.

    Args:
        ticket: The ticket.
        times: Uses of each weight per example, by layer.
        sizes: Weights of each layer.
        convention: One of `CONVENTIONS`.
        whole: Layers whose pruned weights cost as much as kept ones.

    Returns:
        `train_flops` (the main line) and `train_flops_all` (every ancestor once; a training that
        another one goes on from is part of it), `train_flops_relative` and
        `train_flops_all_relative` (to one dense run; None without training), `convention`; and
        `own_trainings`, how many steps are somebody's own loops, whose cost is not known.
    """
    if convention not in CONVENTIONS:
        raise UsageError(f"unknown convention '{convention}': {nearest(convention, CONVENTIONS)}")
    dense = 2 * sum(times[name] * sizes[name] for name in times)

    def spent(record: Record) -> int:
        achieved = record["achieved"]
        if convention == "dense":
            return _examples(achieved) * 3 * dense
        cost = _sparse_flops(ticket, achieved, times, sizes, whole)
        if achieved.get("extra_examples"):  # of the cycles after the peak that it was chosen by
            beyond = {k.removeprefix("extra_"): v for k, v in achieved.items() if k in EXTRA}
            layers = {"layers": achieved["layers"]} if "layers" in achieved else {}
            cost += _sparse_flops(ticket, {**layers, **beyond}, times, sizes, whole)
        return cost

    line = [record for record in ticket.main_line if trains(record)]
    every = _longest([record for record in ticket.lineage if trains(record)])
    main, everything = sum(map(spent, line)), sum(map(spent, every))
    own = sum(record["verb"] == "own-training" for record in ticket.lineage)
    run = _cycle_examples(line[-1]) * 3 * dense if line else 0
    return {
        "train_flops": main,
        "train_flops_all": everything,
        "train_flops_relative": main / run if run else None,
        "train_flops_all_relative": everything / run if run else None,
        "convention": convention,
        **({"own_trainings": own} if own else {}),
    }


def _sparse_flops(
    ticket: Ticket,
    achieved: Mapping[str, Any],
    times: Mapping[str, int],
    sizes: Mapping[str, int],
    whole: Collection[str],
) -> int:
    """FLOPs of a training under the masks that it had."""
    examples = int(achieved["examples"]) + int(achieved.get("second_examples", 0))

    def flops(counts: list[int], each: int) -> int:
        """Of forward passes with so many weights in each prunable layer, of `each` examples."""
        if len(counts) != len(ticket.prunable):
            raise SparsetoolError(
                f"a training in the lineage has {len(counts)} prunable layers, "
                f"the ticket has {len(ticket.prunable)}: their costs cannot be added"
            )
        known = dict(zip(ticket.prunable, counts, strict=True))
        known = {name: count for name, count in known.items() if name not in whole}
        masked = each * sum(times[name] * known[name] for name in times if name in known)
        rest = sum(times[name] * sizes[name] for name in times if name not in known)
        return 2 * (masked + examples * rest)

    if "kept_examples" in achieved:
        return 2 * flops(achieved["kept_examples"], 1) + flops(achieved["gradient_examples"], 1)
    return 3 * flops(achieved.get("layers", []), examples)


def _longest(records: Iterable[Record]) -> list[Record]:
    """Of trainings that begin alike (`--save-epoch`, `--stop-after`, a peak) the longest alone.

    They ran once: the shorter ones are moments of the longer one.
    """
    found: dict[str, Record] = {}
    for record in records:
        options = {k: v for k, v in record["options"].items() if k not in CHOOSING}
        key = canonical_json([record["verb"], options, record["seed"], record["inputs"]])
        before = found.get(key)
        if before is None or _examples(before["achieved"]) < _examples(record["achieved"]):
            found[key] = record
    return list(found.values())


def _examples(achieved: Mapping[str, Any]) -> int:
    """Examples seen, in second passes (SAM) and in the cycles after a peak too."""
    return sum(int(achieved.get(name, 0)) for name in SEEN)


def _cycle_examples(record: Record) -> int:
    """Examples that a whole cycle of a training sees."""
    achieved = record["achieved"]
    each = int(achieved["examples"]) // int(achieved["epochs"])
    return each * int(record["options"].get("epochs", achieved["epochs"]))
