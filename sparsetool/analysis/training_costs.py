"""Training FLOPs of a lineage, from the masks that really were.

A backward pass counts as two forward passes, so an example of a step costs 3 f, with f the FLOPs of
a forward pass under the mask of that time.

Reference: Evci, Gale, Menick, Castro, Elsen, 2020, "Rigging the lottery", appendix H.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..errors import SparsetoolError, UsageError, nearest
from ..ticket.format import canonical_json
from ..ticket.lineage import Record
from ..ticket.value import Ticket

# Forward passes of the sparse and of the dense network that one training example costs.
CONVENTIONS: Mapping[str, tuple[int, int]] = {"sparse": (3, 0), "dense": (0, 3)}


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
        raise UsageError(
            f"unknown convention '{convention}': {nearest(convention, tuple(CONVENTIONS))}"
        )
    dense = 2 * sum(times[name] * sizes[name] for name in times)

    def spent(record: Record) -> int:
        masked, unmasked = CONVENTIONS[convention]
        sparse = _sparse_flops(ticket, record, times, sizes, whole)
        per_example = masked * sparse + unmasked * dense
        return int(record["achieved"]["examples"]) * per_example

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
    record: Record,
    times: Mapping[str, int],
    sizes: Mapping[str, int],
    whole: Collection[str],
) -> int:
    """FLOPs of one example's forward pass under the mask of a record."""
    counts = record["achieved"].get("layers", [])
    if len(counts) != len(ticket.prunable):
        raise SparsetoolError(
            f"a training in the lineage has {len(counts)} prunable layers, "
            f"the ticket has {len(ticket.prunable)}: their costs cannot be added"
        )
    kept = {**sizes, **dict(zip(ticket.prunable, counts, strict=True))}
    kept |= {name: sizes[name] for name in whole}
    return 2 * sum(times[name] * kept[name] for name in times)


def _longest(records: Iterable[Record]) -> list[Record]:
    """Of trainings that begin alike (`--save-epoch`, `--stop-after`) the longest alone.

    They ran once: the shorter ones are moments of the longer one.
    """
    found: dict[str, Record] = {}
    for record in records:
        key = canonical_json([record[field] for field in ("verb", "options", "seed", "inputs")])
        before = found.get(key)
        if before is None or before["achieved"]["examples"] < record["achieved"]["examples"]:
            found[key] = record
    return list(found.values())


def _cycle_examples(record: Record) -> int:
    """Examples that a whole cycle of a training sees."""
    achieved = record["achieved"]
    each = int(achieved["examples"]) // int(achieved["epochs"])
    return each * int(record["options"].get("epochs", achieved["epochs"]))
