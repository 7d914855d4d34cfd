"""A model card: what a ticket is and how it was made, as Markdown for people and model hubs."""

from __future__ import annotations

from ..errors import SparsetoolError
from ..plugins.datasets import is_text
from ..ticket.value import Ticket
from .script import script

IMAGES, TEXT = "image-classification", "text-generation"
HEAD = """---
library_name: sparsetool
tags:
- sparse
- pruning
- {task}
datasets:
- {data}
---
"""


def card(ticket: Ticket, name: str) -> str:
    """The card of a ticket.

    Args:
        ticket: The ticket.
        name: Its file's name.
    """
    meta = ticket.meta
    model, data = (str(meta[key]).partition("@sha256:")[0] for key in ("model", "data"))
    text = is_text(meta["input"])
    shape = "tokens" if text else "channels, height, width"
    lines = [
        HEAD.format(data=data.partition(":")[0], task=TEXT if text else IMAGES),
        f"# {name}",
        "",
        f"A sparse `{model}`: {ticket.kept:,} of {ticket.total:,} prunable weights "
        f"({1 - ticket.sparsity:.2%}) are kept, sparsity {ticket.sparsity:.4g}.",
        "",
        "| what | value |",
        "|---|---|",
        f"| model | `{model}` |",
        f"| classes | {meta['classes']} |",
        f"| input ({shape}) | {' x '.join(map(str, meta['input']))} |",
        f"| data | {data} |",
        *_normalisation(ticket),
        f"| seed | {ticket.seed} |",
        f"| epochs trained in all | {ticket.epochs} |",
        *_figures(ticket),
        f"| digest | `{ticket.digest}` |",
        "",
        "## Weights by layer",
        "",
        "| layer | shape | kept | of |",
        "|---|---|---|---|",
        *_layers(ticket),
        "",
        *_making(ticket, name),
    ]
    return "\n".join(lines)


def _normalisation(ticket: Ticket) -> list[str]:
    held = ticket.meta.get("normalize")
    if held is None:
        return []
    words = " / ".join(", ".join(f"{n:g}" for n in held[key]) for key in ("mean", "std"))
    return [f"| images normalised by (mean / deviation) | {words} |"]


def _figures(ticket: Ticket) -> list[str]:
    """The last test figures of the lineage."""
    for record in reversed(ticket.main_line):
        figures = record.get("figures", {})
        found = [(k, v) for k, v in figures.items() if k.startswith("test_")]
        if found:
            return [f"| {key.replace('_', ' ')}, after training | {v:.4g} |" for key, v in found]
    return []


def _layers(ticket: Ticket) -> list[str]:
    kept = ticket.kept_by_layer
    rows = []
    for layer, shape in ticket.shapes.items():
        size = 1
        for n in shape:
            size *= n
        rows.append(f"| `{layer}` | {'x'.join(map(str, shape))} | {kept[layer]:,} | {size:,} |")
    return rows


def _making(ticket: Ticket, name: str) -> list[str]:
    """The shell lines that make it, and the versions that did."""
    versions = ticket.lineage[-1].get("versions", {}) if ticket.lineage else {}
    used = ", ".join(f"{key} {value}" for key, value in sorted(versions.items()))
    try:
        lines = ["```bash", script([(name, ticket)]).rstrip(), "```"]
    except SparsetoolError as error:
        lines = [f"No shell line makes it again: {error}."]
    return ["## How it was made", "", *lines, "", *([f"Last step by {used}."] if used else []), ""]
