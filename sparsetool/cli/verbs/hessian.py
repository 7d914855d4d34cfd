"""Measure the curvature of the loss: largest Hessian eigenvalues, trace, spectral density.

Of the mean loss over a fixed sample of the training split, in the surviving weights and all
unpruned parameters (--subspace mask), batch norm in evaluation mode, unscaled.

    sparsetool hessian sculpt.st
    sparsetool hessian --top 3 --trace --density --plot spectrum.png sculpt.st
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from .. import options as o
from ..jsonl import Row
from ..measure import Report
from ..progress import counting
from ..tables import Column, table

COLUMNS = (
    Column("file"),
    Column("sparsity", "sparsity", ".4g"),
    Column("epochs", "epochs", ","),
    Column("largest", "largest eigenvalue", ".4g"),
    Column("trace", "trace", ".4g"),
    Column("trace_error", "its error", ".2g"),
    Column("subspace", spare=1),
    Column("examples", "examples", ",", spare=2),
    Column("products", "products", ",", spare=3),
)
LAYERS = (
    Column("name", "layer"),
    Column("largest", "largest eigenvalue", ".4g"),
    Column("trace", "trace", ".4g"),
)


def verb(
    files: o.Files = None,
    top: Annotated[int, o.option("--top", metavar="K", help="How many eigenvalues.")] = 1,
    trace: Annotated[bool, o.option("--trace", help="The trace, with its error.")] = False,
    density: Annotated[bool, o.option("--density", help="The spectral density.")] = False,
    layers: Annotated[bool, o.option("--layers", help="Each layer's block as well.")] = False,
    subspace: Annotated[
        str,
        o.option(
            "--subspace", metavar="WHICH", help="mask or full weights.", values=("mask", "full")
        ),
    ] = "mask",
    method: Annotated[
        str,
        o.option(
            "--method",
            metavar="NAME",
            help="lanczos or pyhessian.",
            values=("lanczos", "pyhessian"),
        ),
    ] = "lanczos",
    bn: Annotated[
        str,
        o.option(
            "--bn", metavar="HOW", help="Statistics: eval or train.", values=("eval", "train")
        ),
    ] = "eval",
    examples: Annotated[
        int, o.option("--examples", metavar="N", help="Examples in the sample.")
    ] = 2048,
    float64: Annotated[bool, o.option("--float64", help="Compute in double precision.")] = False,
    seed: Annotated[int, o.option("--seed", metavar="N", help="Seed of the probe vectors.")] = 0,
    split: Annotated[
        str,
        o.option(
            "--split", metavar="NAME", help="train, val, test.", values=("train", "val", "test")
        ),
    ] = "train",
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

    o.positive(top, "--top")
    o.positive(examples, "--examples")
    plot_option.check(plot, force)
    report = Report("hessian", files, output, force, json, quiet, label)
    sources = report.read()
    for source in sources:
        name_model(source.ticket, model)
    how: dict[str, Any] = {
        "top": top,
        "trace": trace,
        "density": density,
        "layers": layers,
        "subspace": subspace,
        "method": method,
        "bn": bn,
        "seed": seed,
        "precision": "float64" if float64 else "float32",
    }
    options = {**how, "examples": examples, "data": data}
    heads = [report.head(source, split=split, options=options) for source in sources]
    if plot is None and report.present(heads):
        return
    from ...compute.allocator import keep_freed

    keep_freed()
    from ...analysis.hessian import hessian
    from ...evaluation.measure import Sets, opened, sample

    rows: list[Row] = []
    sets: Sets = {}
    with counting("hessian", quiet, len(sources), what="product"):
        for head, source in zip(heads, sources, strict=True):
            held, where = opened(source.ticket, data, data_root, device, threads, sets)
            with where.entered():
                images, labels = sample(held, split, examples)
                found = hessian(source.ticket, images, labels, **how)
            rows.append({**head, **_with_largest(found)})
    report.emit(rows, COLUMNS, _layers)
    if plot is not None:
        plot_option.draw("density" if density else "hessian", rows, plot)
        report.say(f"wrote {plot}")


def _with_largest(found: dict[str, Any]) -> dict[str, Any]:
    for layer in found.get("layers", []):
        layer["largest"] = layer["eigenvalues"][0]
    return found


def _layers(row: Row) -> Iterable[Any]:
    if "frozen" in row:
        names = ", ".join(row["frozen"])
        yield f"{row['file']}: frozen in training, but variables of this Hessian: {names}"
    if "layers" in row:
        yield row["file"]
        yield table(row["layers"], LAYERS)
