"""What a kind of plot draws: lines of measures, or tickets, whose lineage holds such lines too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import SparsetoolError
from ..ticket.format import enough as enough_of_ticket
from ..ticket.value import Ticket
from . import jsonl
from .targets import read

NUMBER = re.compile(r"[-_.]?\d+(\.\d+)?")


def rows_of(files: Sequence[str], kind: str) -> list[dict[str, Any]]:
    """Lines of files; of tickets among them the figures of their lineage.

    Args:
        files: Paths; without any, or with `-`, standard input, which holds lines.
        kind: The kind of plot: `curves` shows every cycle of a ticket, others its last.

    Raises:
        SparsetoolError: A file cannot be read, or a ticket was never measured.
    """
    tickets = [file for file in files if file != "-" and _is_ticket(file)]
    example = f"sparsetool plot {kind} lines.jsonl"
    others = [file for file in files if file not in tickets]
    found = jsonl.read(others, example) if others or not files else []
    folders = {str(Path(file).parent) for file in tickets}
    for file in tickets:
        ticket = Ticket.load(*read(file, example, enough_of_ticket))
        method = NUMBER.sub("", Path(file).stem)
        if len(folders) > 1:
            method = "/".join(filter(None, [Path(file).parent.name, method]))
        found += lineage_rows(file, method or file, ticket, kind == "curves")
    return jsonl.distinct(found)


def _is_ticket(file: str) -> bool:
    """Whether a file begins as safetensors do: the header's length, then JSON."""
    try:
        with Path(file).open("rb") as opened:
            start = opened.read(9)
    except OSError:
        return False  # whoever reads it says why
    return len(start) == 9 and start[8:] == b"{" and int.from_bytes(start[:8], "little") < 1 << 30


def lineage_rows(file: str, method: str, ticket: Ticket, every: bool) -> list[dict[str, Any]]:
    """Lines as `eval` and `train-cycles --log` write them, from the records of a ticket.

    Args:
        file: Its file.
        method: Its label `method`: the file's name without numbers.
        ticket: The ticket.
        every: Every training on its main line, instead of the last step alone.

    Raises:
        SparsetoolError: There are no figures.
    """
    rows: list[dict[str, Any]] = []
    epochs = cycles = 0
    for record in ticket.main_line:
        figures: Mapping[str, Any] = record.get("figures", {})
        if record["verb"] == "train-cycles":
            epochs, cycles = epochs + int(record["achieved"]["epochs"]), cycles + 1
        last = record is ticket.main_line[-1]
        if "test_accuracy" not in figures or not (every or last):
            continue
        achieved = record["achieved"]
        row = {
            "file": file,
            "sparsity": 1 - achieved["kept"] / achieved["prunable"],
            "epochs": epochs,
            "cycles": cycles,
            "cycle": cycles,
            "split": "test",
            "accuracy": figures["test_accuracy"],
            "loss": figures["test_loss"],
            **figures,
        }
        if not every:
            row |= {"digest": ticket.digest, "labels": {"method": method, "seed": str(ticket.seed)}}
        rows.append(row)
    if not rows:
        raise SparsetoolError(
            f"{file} was not trained in its last step, so its lineage has no test figures: "
            f"measure it, sparsetool eval {file} | sparsetool plot ..."
        )
    return rows
