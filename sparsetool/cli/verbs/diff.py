"""Compare tickets: sign flips, sign agreement, mask overlap, distance.

Consecutive tickets are compared, so a series of cycles gives one line per cycle (the paper's sign
flips). Signs are compared where both keep a weight, and the line says how many that is.

    sparsetool diff cycle-1.st cycle-2.st cycle-3.st
    sparsetool diff --layers lrr.st cyclic.st
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from .. import options as o
from ..jsonl import Row
from ..measure import Report
from ..pairs import PAIRS, pairs
from ..tables import Column, table

FIGURES = (
    Column("sign_flips", "sign flips", ","),
    Column("sign_agreement", "signs agree", ".2%"),
    Column("kept_both", "kept in both", ","),
    Column("mask_iou", "mask IoU", ".4f"),
    Column("relative_distance", "relative L2", ".4f", spare=1),
    Column("cosine_distance", "cosine distance", ".4f", spare=2),
)


def verb(
    files: o.Files = None,
    how: Annotated[
        str,
        o.option("--pairs", metavar="WHICH", help="consecutive, first or all pairs.", values=PAIRS),
    ] = "consecutive",
    layers: Annotated[bool, o.option("--layers", help="Each layer as well.")] = False,
    label: o.Labels = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    report = Report("diff", files, output, force, json, quiet, label)
    compared = pairs(report.read(), how, "diff")
    heads = [report.head(*pair, options={"layers": layers}) for pair in compared]
    if report.present(heads):
        return
    from ...masks.comparison import diff

    rows: list[Row] = []
    for head, (first, second) in zip(heads, compared, strict=True):
        found = diff(first.ticket, second.ticket)
        row = {**head, **found["total"], "pair": f"{first.file} → {second.file}"}
        if layers:
            row["layers"] = [{"name": name, **f} for name, f in found["layers"].items()]
        rows.append(row)
    report.emit(rows, [Column("pair", "tickets"), *FIGURES], _layers)


def _layers(row: Row) -> Iterable[Any]:
    if "layers" in row:
        yield row["pair"]
        yield table(row["layers"], [Column("name", "layer"), *FIGURES])
