"""Measure loss and accuracy of tickets, in float32.

Figures of a lineage come from the same computation, so they agree. Splits are train, val (what
--val held out in the ticket's last training) and test. Beside the accuracy stand accuracy_top5,
where there are more than five classes, and ece, the expected calibration error (15 equal bins of
confidence); data are read once for all tickets.

    sparsetool eval sculpt.st
    sparsetool eval --split test --label method=sculpt sculpt.st -o sculpt.jsonl
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from .. import options as o
from ..jsonl import Row
from ..measure import Column, Report
from ..progress import counting
from ..tables import table

SPLITS = ("train", "val", "test")
COLUMNS = (
    Column("file"),
    Column("sparsity", "sparsity", ".4g"),
    Column("epochs", "epochs", ","),
    Column("split"),
    Column("loss", "loss (nats)", ".4f"),
    Column("bits_per_character", "bits per character", ".4f"),
    Column("accuracy", "accuracy", ".2%"),
    Column("accuracy_top5", "top 5", ".2%", spare=1),
    Column("ece", "calibration error", ".4f", spare=3),
    Column("examples", "examples", ",", spare=2),
    Column("characters", "characters", ",", spare=2),
)

CLASSES = (Column("class"), Column("accuracy", "accuracy", ".2%"))


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
    per_class: Annotated[
        bool, o.option("--per-class", help="The accuracy of each class, too.")
    ] = False,
    label: o.Labels = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...data.naming import recorded_name
    from ...plugins.own_code import name_model

    report = Report("eval", files, output, force, json, quiet, label)
    sources = report.read()
    for source in sources:
        name_model(source.ticket, model)
    if data is not None:
        data = recorded_name("datasets", data, data_root)
    options: dict[str, object] = {"data": data, "bn": bn if bn != "stored" else None}
    options["per_class"] = per_class
    if bn == "recompute":
        options["bn_examples"] = bn_examples
    heads = [report.head(s, split=split, options=options) for s in sources]
    if report.present(heads):
        return
    from ...compute.allocator import keep_freed

    keep_freed()
    from ...evaluation.measure import Sets, evaluate

    rows: list[Row] = []
    sets: Sets = {}
    with counting("eval", quiet, len(sources)):
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
                per_class=per_class,
                sets=sets,
            )
            rows.append({**head, **figures})
    report.emit(rows, COLUMNS, _classes)


def _classes(row: Row) -> Iterable[Any]:
    if "class_accuracy" in row:
        each = enumerate(row["class_accuracy"])
        yield row["file"]
        yield table([{"class": number, "accuracy": right} for number, right in each], CLASSES)
