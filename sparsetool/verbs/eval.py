"""Measure loss and accuracy of tickets, in float32.

Figures of a lineage come from the same computation, so they agree. Splits are train, val (what
--val held out in the ticket's last training) and test.

    sparsetool eval sculpt.st
    sparsetool eval --split test --label method=sculpt sculpt.st -o sculpt.jsonl
"""

from __future__ import annotations

from typing import Annotated

from .. import options as o
from ..report import Column, Report

SPLITS = ("train", "val", "test")
COLUMNS = (
    Column("file"),
    Column("sparsity", "sparsity", ".4g"),
    Column("epochs", "epochs", ","),
    Column("split"),
    Column("loss", "loss (nats)", ".4f"),
    Column("accuracy", "accuracy", ".2%"),
    Column("examples", "examples", ","),
)


def verb(
    files: o.Files = None,
    split: Annotated[
        str, o.option("--split", metavar="NAME", help="train, val or test.", values=SPLITS)
    ] = "test",
    data: o.Data = None,
    data_root: o.DataRoot = None,
    model: o.Model = None,
    device: o.Device = "auto",
    threads: o.Threads = "auto",
    bn: Annotated[
        str,
        o.option(
            "--bn",
            metavar="HOW",
            help="Batch-norm statistics: stored, recompute or batch.",
            values=("stored", "recompute", "batch"),
        ),
    ] = "stored",
    bn_examples: Annotated[
        int, o.option("--bn-examples", metavar="N", help="Training images for recompute.")
    ] = 2048,
    label: o.Labels = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ..training.code import name_model
    from ..training.naming import recorded_name

    report = Report("eval", files, output, force, json, quiet, label)
    sources = report.read()
    for source in sources:
        name_model(source.ticket, model)
    if data is not None:
        data = recorded_name("datasets", data, data_root)
    options: dict[str, object] = {"data": data, "bn": bn if bn != "stored" else None}
    if bn == "recompute":
        options["bn_examples"] = bn_examples
    heads = [report.head(s, split=split, options=options) for s in sources]
    if report.present(heads):
        return
    from ..training.evaluation import evaluate

    rows = []
    for head, source in zip(heads, sources, strict=True):
        figures = evaluate(
            source.ticket,
            split=split,
            data=data,
            data_root=data_root,
            bn=bn,
            bn_examples=bn_examples,
            device=device,
            threads=threads,
        )
        rows.append({**head, **figures})
    report.emit(rows, COLUMNS)
