"""Show what a ticket is: its size, layers, densities, and the steps that made it.

A table on a terminal, JSON Lines elsewhere. --script prints the shell lines that made the ticket:
run in an empty folder, they make it again.

    sparsetool show sculpt.st
    sparsetool show --layers --lineage sculpt.st
    sparsetool show --script sculpt.st | bash
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import UsageError
from .. import options as o
from ..jsonl import Row
from ..measure import Column, Report, Source

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, JustifyMethod
    from rich.measure import Measurement
    from rich.table import Table

COLUMNS = (
    Column("file"),
    Column("model"),
    Column("data", spare=2),
    Column("sparsity", "sparsity", ".4g"),
    Column("kept", "kept weights", ","),
    Column("prunable", "of", ",", spare=1),
    Column("epochs", "epochs", ","),
    Column("test_accuracy", "accuracy", ".2%"),
    Column("seed", spare=4),
    Column("digest", "digest", ".12", spare=3),
)
BAR, LEAST_BAR = 24, 4  # characters of a full density bar, and of one where room is scarce


def verb(
    files: o.Files = None,
    layers: Annotated[bool, o.option("--layers", help="Each layer and its density.")] = False,
    lineage: Annotated[bool, o.option("--lineage", help="Each step that led to it.")] = False,
    script: Annotated[
        bool, o.option("--script", help="The shell lines that made it, and nothing else.")
    ] = False,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...analysis import anatomy

    if script and (layers or lineage or json):
        raise UsageError("--script prints the shell lines alone: leave the other options out")
    report = Report("show", files, output, force, json, quiet)
    sources = report.read()
    if script:
        report.text(_script(sources))
        return
    wanted = {"layers": layers, "lineage": lineage}
    heads = [report.head(source, options=wanted) for source in sources]
    if report.present(heads):
        return
    rows: list[Row] = [
        {**head, **anatomy.show(source.ticket, layers=layers, lineage=lineage)}
        for head, source in zip(heads, sources, strict=True)
    ]
    report.emit(rows, COLUMNS, _details)


def _script(sources: list[Source]) -> str:
    from ..script import script as shell_script

    named = [
        (f"{s.ticket.meta['model']}.st" if s.file == "-" else Path(s.file).name, s.ticket)
        for s in sources
    ]
    return shell_script([(name.replace("/", "-").replace(":", "-"), t) for name, t in named])


def _details(row: Row) -> Iterable[Any]:
    if "layers" in row:
        yield _layers(row)
    if "lineage" in row:
        yield _lineage(row)


def _table(title: str, *headings: tuple[str, str]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
    table.padding = (0, 1, 0, 0)
    for heading, side in headings:
        # In a narrow terminal bars and long commands are shortened; names and numbers are not.
        stays = heading not in ("", "step")
        justify: JustifyMethod = "right" if side == "right" else "left"
        table.add_column(heading, justify=justify, no_wrap=stays, overflow="fold")
    return table


def _layers(row: Row) -> Table:
    numbers = (("kept", "right"), ("of", "right"), ("density", "right"), ("", "left"))
    paths = (("on path", "right"), ("dead", "right"))
    title = f"{row['file']}: layers"
    if row["connected"] is None:
        title += "; paths were not checked: the network's graph could not be traced"
    elif not row["connected"]:
        title += "; no path leads from the input to the output"
    else:
        title += f"; effective sparsity {row['effective_sparsity']:.4g}"
    table = _table(title, ("layer", "left"), ("shape", "left"), *numbers, *paths)
    for layer in row["layers"]:
        cut = (layer["effective"], layer["dead_channels"])
        table.add_row(
            layer["name"].removesuffix(".weight"),
            "×".join(map(str, layer["shape"])),
            f"{layer['kept']:,}",
            f"{layer['prunable']:,}",
            f"{layer['density']:.2%}",
            Bar(layer["density"]),
            *("" if count is None else f"{count:,}" for count in cut),
        )
    return table


@dataclass(frozen=True)
class Bar:
    """A density bar as wide as its column, which shrinks before any text does."""

    density: float

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.measure import Measurement

        return Measurement(LEAST_BAR, BAR)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[str]:
        yield bar(self.density, min(options.max_width, BAR))


def bar(density: float, width: int = BAR) -> str:
    """A bar of block characters, in eighths; any weight at all shows."""
    eighths = max(round(density * width * 8), int(density > 0))
    whole, part = divmod(eighths, 8)
    return "█" * whole + " ▏▎▍▌▋▊▉"[part].strip()


def _lineage(row: Row) -> Table:
    from ..script import birth_seeds, words

    numbers = (("sparsity", "right"), ("epochs", "right"), ("test accuracy", "right"))
    table = _table(
        f"{row['file']}: lineage", ("step", "left"), ("made", "left"), ("from", "left"), *numbers
    )
    seeds = birth_seeds(row["lineage"])
    for record in row["lineage"]:
        done, figures = record["achieved"], record.get("figures", {})
        table.add_row(
            " ".join(words(record, seeds[record["digest"]], row["data"])),
            record["digest"][:8],
            " ".join(
                _input(*i) for i in sorted(record["inputs"].items(), key=lambda i: i[0] != "ticket")
            ),
            f"{1 - done['kept'] / done['prunable']:.4g}" if done["prunable"] else "",
            str(done.get("epochs", "")),
            f"{figures['test_accuracy']:.2%}" if "test_accuracy" in figures else "",
        )
    return table


def _input(role: str, digest: str) -> str:
    return digest[:8] if role == "ticket" else f"{role} {digest[:8]}"
