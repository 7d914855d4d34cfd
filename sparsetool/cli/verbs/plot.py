"""Draw what was measured: a picture (-o), a table (--table), or characters (--terminal).

Reads the JSON Lines of eval, lmc, hessian, diff and training logs, or tickets, as the kind wants.
The suffix says what is written: -o .png, .svg or .pdf; --table .csv or .md. Without any of these
the numbers are printed as a table.

    sparsetool eval --label method=lrr level-*.st | sparsetool plot sweep -o lrr.png
    sparsetool plot sweep --x density --log lrr/level-*.st -o lrr.pdf --width 84mm --font-size 8
    sparsetool plot curves log.jsonl --terminal
    sparsetool plot layers pruned.st -o layers.pdf

Kinds:
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from ...errors import UsageError
from ...plugins import find
from .. import options as o
from .. import tables
from ..measure import settled
from ..natural import natural
from ..own_options import with_own_options
from ..targets import Target, at_most_one_stdin, read, write
from ..targets import target as target_of

if TYPE_CHECKING:
    from ...drawing.paper import Paper
    from ...plugins.plots import Figure

KINDS = find.members("plots")
__doc__ = f"{__doc__}\n" + "".join(f"    {k:10}{find.summary('plots', k)}\n" for k in KINDS)
PICTURES = (".png", ".svg", ".pdf")
TABLES = (".csv", ".md")


@with_own_options("plots")
def verb(
    kind: Annotated[str, o.argument("What to draw, listed above.", "KIND", o.members_of("plots"))],
    files: Annotated[
        list[str] | None, o.argument("Lines or tickets; standard input without any.", "[FILE ...]")
    ] = None,
    x: Annotated[
        str | None, o.option("--x", metavar="FIELD", help="Field on the horizontal axis.")
    ] = None,
    y: Annotated[
        str | None,
        o.option(
            "--y", metavar="FIELD", help="Field (or fields, with commas) on the vertical one."
        ),
    ] = None,
    group: Annotated[
        str | None,
        o.option("--group", metavar="LABEL", help="Label (or labels, with commas) of a line."),
    ] = None,
    layer: Annotated[
        str | None, o.option("--layer", metavar="NAME", help="Layer that 'mask' shows.")
    ] = None,
    difference: Annotated[
        str | None,
        o.option(
            "--difference", metavar="A,B", help="Draw A minus B, two values of one label (sweep)."
        ),
    ] = None,
    log: Annotated[bool, o.option("--log", help="A logarithmic horizontal axis.")] = False,
    log_y: Annotated[
        str | None,
        o.option(
            "--log-y",
            metavar="FIELD",
            help="Field (or fields, with commas) whose vertical axis is logarithmic.",
        ),
    ] = None,
    title: Annotated[
        str, o.option("--title", metavar="TEXT", help="Words above the picture.")
    ] = "",
    width: Annotated[
        str | None,
        o.option("--width", metavar="LENGTH", help="Of the picture: 3.3in, 84mm, 8.4cm."),
    ] = None,
    height: Annotated[
        str | None, o.option("--height", metavar="LENGTH", help="Likewise; default: by its shape.")
    ] = None,
    font_size: Annotated[
        float | None, o.option("--font-size", metavar="POINTS", help="Of its letters; default: 10.")
    ] = None,
    style: Annotated[
        str | None, o.option("--style", metavar="NAME", help="A style of matplotlib, or its file.")
    ] = None,
    output: Annotated[
        str | None, o.option("-o", "--output", metavar="FILE", help="Picture to write.")
    ] = None,
    table: Annotated[
        list[str] | None,
        o.option("--table", metavar="FILE", help="Table of what is drawn; '-' prints CSV."),
    ] = None,
    terminal: Annotated[bool, o.option("--terminal", help="Draw with plain characters.")] = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
    *,
    own: Mapping[str, Any],
) -> None:
    from ...drawing import numbers
    from ...drawing.paper import Paper, inches
    from ...plugins.plots import View, load

    if kind not in KINDS and Path(kind).is_file():
        raise UsageError(f"'{kind}' is a file: before it goes what to draw, {', '.join(KINDS)}")
    member = load(kind)
    view = {"x": x, "y": y, "group": group, "layer": layer, "difference": difference}
    numbers.check_takes(member, view, {})
    paper = Paper(inches(width, "--width"), inches(height, "--height"), font_size, style)
    if output is None and paper != Paper():
        raise UsageError(
            "--width, --height, --font-size and --style are of a picture: give -o FILE"
        )
    wanted = [*_picture(output, paper), *(_table(name) for name in table or [])]
    if sum(job.target.path is None for job in wanted) + terminal > 1:
        raise UsageError("standard output can hold one thing: give one of --table - and --terminal")
    files = natural(
        files or [], lambda text: None if quiet else print(f"plot: {text}", file=sys.stderr)
    )
    numbers.check_takes(member, {}, own)
    sources = _sources(member.name, member.reads, files)
    figure = numbers.figure_of(member, sources, View(**view), own, title)
    figure = numbers.scaled(figure, log, log_y)
    mark = _mark(kind, figure, paper)
    todo = [job for job in wanted if not settled(job.target, job.same(figure, mark), force)]
    for job in wanted:
        if job in todo:
            write(job.target, [job.make(figure, mark)])
        if job.target.path is not None and not quiet:
            state = (
                f"wrote {job.target.name}" if job in todo else f"{job.target.name} is up to date"
            )
            print(f"plot: {state}", file=sys.stderr)
    if terminal or not wanted:
        _show(figure, terminal)


@dataclass(frozen=True, eq=False)
class Written:
    """One file to write."""

    target: Target
    make: Callable[[Figure, str], bytes]
    is_picture: bool

    def same(self, figure: Figure, mark: str) -> Callable[[memoryview], bool]:
        """Tells whether a file holds this already: a picture by its mark, a table by its bytes."""
        if self.is_picture:
            return lambda old: mark.encode() in bytes(old)
        data = self.make(figure, mark)
        return lambda old: old == data


def _picture(output: str | None, paper: Paper) -> list[Written]:
    if output is None:
        return []
    suffix = _suffix(output, PICTURES, "-o")

    def make(figure: Figure, mark: str) -> bytes:
        from ...drawing import picture

        return picture.draw(figure, suffix, mark, paper)

    return [Written(target_of(output, None), make, True)]


def _table(name: str) -> Written:
    suffix = ".csv" if name == "-" else _suffix(name, TABLES, "--table")

    def make(figure: Figure, mark: str) -> bytes:
        from ...drawing.table import to_csv, to_markdown

        return (to_csv if suffix == ".csv" else to_markdown)(figure)

    return Written(target_of(name, None), make, False)


def _suffix(name: str, known: tuple[str, ...], option: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix not in known:
        raise UsageError(f"{option} {name}: the name must end in {', '.join(known)}")
    return suffix


def _sources(kind: str, reads: str, files: list[str]) -> list[Any]:
    from ...ticket.format import enough
    from ...ticket.value import Ticket
    from ..plot_sources import rows_of

    if reads == "rows":
        return rows_of(files, kind)
    names = files or ["-"]
    at_most_one_stdin(names)
    example = f"sparsetool plot {kind} ticket.st"
    named = reads == "tickets or names"
    return [
        (name, None)
        if named and name != "-" and not Path(name).exists()
        else (name, Ticket.load(*read(name, example, enough)))
        for name in names
    ]


def _mark(kind: str, figure: Figure, paper: Paper) -> str:
    """A short text that stands for all that is drawn, by which a finished picture is known."""
    from ... import __version__
    from ...drawing.table import to_csv

    looks = [
        (p.x, p.y, p.title, p.cell, [(s.name, s.look, s.colour) for s in p.series])
        for p in figure.panels
    ]
    shapes = [p.image.shape for p in figure.panels if p.image is not None]
    told = repr((__version__, kind, figure.title, looks, shapes, figure.columns, paper)).encode()
    return f"sparsetool-{hashlib.sha256(told + to_csv(figure)).hexdigest()}"


def _show(figure: Figure, terminal: bool) -> None:
    """Characters, or the table: on a terminal for a reader, elsewhere as CSV."""
    from ...drawing import characters
    from ...drawing.table import to_csv, to_rich

    if terminal:
        text = characters.draw(figure, shutil.get_terminal_size().columns)
        write(Target(None), [text.encode()])
    elif tables.on_terminal():
        tables.console().print(to_rich(figure))
    else:
        write(Target(None), [to_csv(figure)])
