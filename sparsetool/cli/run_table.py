"""Run folders for a person at a terminal: a line each, or all that is known of one."""

from __future__ import annotations

from collections.abc import Sequence

from .jsonl import Row

HEAD = ("run", "age", "size", "progress", "output", "command")
RIGHT = ("age", "size", "progress")
OUTPUT = 20  # characters, at most: the end of a path says most


def listing(rows: Sequence[Row], width: int) -> str:
    """A line per run, none wider than the terminal; the end of a long command is left out."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    widths[-1] = max(len(HEAD[-1]), width - sum(widths[:-1]) - 2 * (len(HEAD) - 1))
    return "".join(_line(line, widths) for line in cells)


def details(rows: Sequence[Row]) -> str:
    """Every field of runs, one a line."""
    told = []
    for row in rows:
        known = {**row, "age": age(row["age"]), "bytes": size(row["bytes"])}
        known |= {"progress": f"{row['progress']:.0%}", "finished": _yes(row["finished"])}
        told.append("".join(f"{key:10}{printable(str(known[key]))}\n" for key in known))
    return "\n".join(told)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _cells(row: Row) -> tuple[str, ...]:
    output = printable(row["output"])
    if len(output) > OUTPUT:
        output = f"...{output[3 - OUTPUT :]}"
    command = printable(row["command"]).removeprefix("sparsetool ")
    progress = "done" if row["finished"] else f"{int(100 * row['progress'])}%"
    return row["run"][:8], age(row["age"]), size(row["bytes"]), progress, output, command


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    told = []
    for name, cell, width in zip(HEAD, cells, widths, strict=True):
        if len(cell) > width:
            cell = f"{cell[: width - 3]}..."
        told.append(cell.rjust(width) if name in RIGHT else cell.ljust(width))
    return "  ".join(told).rstrip() + "\n"


def age(seconds: float) -> str:
    """A time in the largest unit that it fills twice."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds)} s"


def size(count: int) -> str:
    """A number of bytes, to three digits."""
    for unit, length in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= length:
            return f"{count / length:.3g} {unit}" if count < 999.5 * length else f"999 {unit}"
    return f"{count} B"


def printable(text: str) -> str:
    """A text that a terminal shows as it is: no line breaks, nothing that moves the cursor."""
    return "".join(c if c.isprintable() else "?" for c in text)
