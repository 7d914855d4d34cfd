"""Measure loss and error along the straight line between tickets, and the barrier.

Consecutive tickets are paired. Batch-norm statistics are estimated anew at every point (--bn); the
line says which way was taken. Weights are pruned where both tickets prune them. --align puts the
units of each pair's second network into the order that suits the first best: without it networks of
different seeds differ by that order alone.

    sparsetool lmc cycle-1.st cycle-2.st cycle-3.st
    sparsetool lmc --split test --points 11 --plot line.png a.st b.st
"""

from __future__ import annotations

from typing import Annotated, Any

from .. import options as o
from ..measure import Report
from ..pairs import PAIRS, pairs
from ..progress import counting
from ..tables import Column

SPLITS = ("train", "val", "test")
COLUMNS = (
    Column("pair", "tickets"),
    Column("split"),
    Column("bn", "batch norm"),
    Column("loss_barrier", "loss barrier (nats)", ".4f"),
    Column("error_barrier", "error barrier", ".2%"),
    Column("examples", "examples", ","),
)
ALIGNED = Column("units_moved", "units moved", ",")


def verb(
    files: o.Files = None,
    points: Annotated[
        int, o.option("--points", metavar="N", help="Points on the line, both ends included.")
    ] = 21,
    split: Annotated[
        list[str] | None,
        o.option("--split", metavar="NAME", help="train, val, test; default: train and test."),
    ] = None,
    bn: Annotated[
        str,
        o.option(
            "--bn",
            metavar="HOW",
            help="Batch-norm statistics: recompute, interpolate or batch.",
            values=("recompute", "interpolate", "batch"),
        ),
    ] = "recompute",
    bn_examples: Annotated[
        int, o.option("--bn-examples", metavar="N", help="Training images for recompute.")
    ] = 2048,
    examples: Annotated[
        int | None, o.option("--examples", metavar="N", help="Examples of a split; default: all.")
    ] = None,
    train_view: Annotated[
        str,
        o.option(
            "--train-view",
            metavar="VIEW",
            help="Training images: plain or augmented.",
            values=("plain", "augmented"),
        ),
    ] = "plain",
    align: Annotated[
        bool, o.option("--align", help="Match the units of the pair first (Git Re-Basin).")
    ] = False,
    how: Annotated[
        str,
        o.option("--pairs", metavar="WHICH", help="consecutive, first or all pairs.", values=PAIRS),
    ] = "consecutive",
    data: o.Data = None,
    data_root: o.DataRoot = None,
    model: o.Model = None,
    device: o.Device = "auto",
    threads: o.Threads = "auto",
    label: o.Labels = None,
    plot: Annotated[
        str | None, o.option("--plot", metavar="FILE", help="Also a picture: PNG, SVG or PDF.")
    ] = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...plugins.own_code import name_model
    from .. import plot_option

    o.positive(points, "--points", 2)
    o.positive(bn_examples, "--bn-examples")
    o.positive(examples, "--examples")
    splits = [o.choice(name, SPLITS, "split") for name in split or ("train", "test")]
    plot_option.check(plot, force)
    report = Report("lmc", files, output, force, json, quiet, label)
    sources = report.read()
    compared = pairs(sources, how, "lmc")
    options: dict[str, Any] = {"bn": bn, "points": points, "data": data, "examples": examples}
    if "train" in splits and train_view != "plain":
        options["train_view"] = train_view
    if bn == "recompute":
        options["bn_examples"] = bn_examples
    options["align"] = align
    for source in sources:
        name_model(source.ticket, model)
    heads = [[report.head(*pair, split=s, options=options) for s in splits] for pair in compared]
    if plot is None and report.present([head for some in heads for head in some]):
        return
    from ...compute.allocator import keep_freed

    keep_freed()
    from ...analysis.lmc import ground, lmc

    tickets = [source.ticket for source in sources]
    on = ground(
        *tickets,
        splits=splits,
        data=data,
        data_root=data_root,
        examples=examples,
        bn_examples=bn_examples,
        train_view=train_view,
        device=device,
        threads=threads,
    )
    rows = []
    with counting("lmc", quiet, len(compared), "pair"):
        for some, (a, b) in zip(heads, compared, strict=True):
            found = lmc(a.ticket, b.ticket, on, points=points, bn=bn, aligned=align)
            for head, line in zip(some, found, strict=True):
                rows.append({**head, **line, "pair": f"{a.file} → {b.file}"})
    report.emit(rows, (*COLUMNS, ALIGNED) if align else COLUMNS)
    if plot is not None:
        plot_option.draw("lmc", rows, plot)
        report.say(f"wrote {plot}")
