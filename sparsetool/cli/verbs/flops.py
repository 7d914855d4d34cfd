"""Count what a ticket costs: inference, and the training of its whole lineage.

Multiply-accumulates of convolutions and linear layers, per example, dense and under the mask; FLOPs
are twice that. Training adds up over the lineage from the masks that really were, a backward pass
counting as two forward passes; 'relative' is to one dense cycle. Memory is that of the kept values
and a bit for each prunable weight, beside all values dense.

    sparsetool flops sculpt.st
    sparsetool flops --bits 16 sculpt.st
    sparsetool flops --layers --convention dense sculpt.st
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from .. import options as o
from ..jsonl import Row
from ..measure import Report
from ..tables import Column, table


class Memory(Column):
    """A figure of the row's `memory`."""

    def cell(self, row: Row) -> str:
        """The text in this column."""
        return super().cell(row["memory"])


COLUMNS = (
    Column("file"),
    Column("sparsity", "sparsity", ".4g"),
    Column("macs", "MACs", ",", spare=1),
    Column("macs_sparse", "MACs, sparse", ","),
    Column("train_flops", "training FLOPs", ".4g"),
    Column("train_flops_relative", "of a dense cycle", ".3f"),
    Column("train_flops_all_relative", "with ancestors", ".3f", spare=3),
    Memory("packed", "bytes", ","),
    Memory("packed_relative", "of dense bytes", ".2%", spare=2),
)
LAYERS = (
    Column("name", "layer"),
    Column("macs", "MACs", ","),
    Column("macs_sparse", "MACs, sparse", ","),
    Column("density", "density", ".2%"),
)

# What the figures do not cover.
PARTLY = {
    "uncounted": "not counted are some uses of",
    "masked_in_vain": "pruned weights cost what others do (no zeros where they are used) in",
    "own_trainings": "not counted are trainings by somebody's own loop",
}


def verb(
    files: o.Files = None,
    convention: Annotated[
        str,
        o.option(
            "--convention",
            metavar="NAME",
            help="sparse (3 f(mask) a step) or dense.",
            values=("sparse", "dense"),
        ),
    ] = "sparse",
    bits: Annotated[
        int, o.option("--bits", metavar="B", help="Bits of a weight, for the memory.")
    ] = 32,
    layers: Annotated[bool, o.option("--layers", help="Each layer as well.")] = False,
    model: o.Model = None,
    label: o.Labels = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...plugins.own_code import name_model

    report = Report("flops", files, output, force, json, quiet, label)
    sources = report.read()
    for source in sources:
        name_model(source.ticket, model)
    o.positive(bits, "--bits")
    options = {"convention": convention, "bits": bits if bits != 32 else None, "layers": layers}
    heads = [report.head(source, options=options) for source in sources]
    if report.present(heads):
        return
    from ...analysis.costs import flops

    rows: list[Row] = []
    for head, source in zip(heads, sources, strict=True):
        found = flops(source.ticket, convention=convention, bits=bits)
        if not layers:
            del found["layers"]
        rows.append({**head, **found})
    report.emit(rows, COLUMNS, _layers)


def _layers(row: Row) -> Iterable[Any]:
    for key, words in PARTLY.items():
        if key in row:
            named = row[key] if isinstance(row[key], int) else ", ".join(row[key])
            yield f"{row['file']}: {words}: {named}"
    if "layers" in row:
        yield row["file"]
        yield table(row["layers"], LAYERS)
