"""Whether the graph of a ticket fits its layers (`layer_graph.channels` says what a node is)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .json_text import shown
from .schema import Shapes, is_count, is_name, wrong

CONSTANT = -1
MOST_CHANNELS = 2**22  # of all nodes, and read by one of them
MOST_UNKNOWN = 2**26  # connections of a layer whose weight the file does not hold
ROLES = {"input": 0, "layer": 1, "attention": 3, "output": 1, "gate": 2, "product": 2}
PLAIN = {"op", "n", "in"}
FIELDS = {"layer": {"weight", "groups", "rows", "transposed"}, "attention": {"heads"}}


def check_graph(graph: Any, channels: int | None, shapes: Shapes, whole: bool) -> None:
    """Check a graph: what every node reads is made before it, and layers are their weights'.

    Args:
        graph: What was parsed; None where the network could not be traced.
        channels: Of an example; None of text, whose graph begins with what an embedding gives.
        shapes: Of the tensors in the file.
        whole: Whether these are all weights; a file of masks holds those of masked layers alone.

    Raises:
        ValueError: It is no such graph.
    """
    if graph is None:
        return
    if not isinstance(graph, list):
        raise wrong("'graph'", graph, "a list of nodes")
    made = 0
    for number, node in enumerate(graph):
        what = f"node {number} of the graph"
        read = _check_node(what, node, made)
        _check_place(what, node, number, len(graph), channels)
        if node["op"] == "layer":
            _check_layer(what, node, read, shapes, whole)
        else:
            _check_counts(what, node, read)
        made += node["n"]
        if made > MOST_CHANNELS:
            raise ValueError(f"the graph has more than {MOST_CHANNELS:,} channels")


def _check_node(what: str, node: Any, made: int) -> list[int]:
    """How many channels a node reads in each role."""
    if not isinstance(node, dict) or not set(node) >= PLAIN:
        raise wrong(what, node, "an object of op, n and in")
    op, parts = node["op"], node["in"]
    if not isinstance(op, str) or op not in {*ROLES, "sum"}:
        raise wrong(f"the operation of {what}", op, "one that is known")
    strange = set(node) - PLAIN - FIELDS.get(op, set())
    if strange:
        raise ValueError(f"{what} has the unknown field {shown(min(strange))}")
    if not is_count(node["n"], 0, MOST_CHANNELS):
        raise wrong(f"the size of {what}", node["n"], "a number of channels")
    if not isinstance(parts, list) or len(parts) != ROLES.get(op, len(parts)):
        raise wrong(f"what {what} reads", parts, f"{ROLES.get(op, 'some')} lists of runs")
    if op == "sum" and not parts:
        raise ValueError(f"{what} is a sum of nothing")
    return [_length(what, part, made) for part in parts]


def _length(what: str, part: Any, made: int) -> int:
    """Channels in a list of runs, all of them made before."""
    if not isinstance(part, list):
        raise wrong(f"what {what} reads", part, "a list of runs")
    length = 0
    for run in part:
        if not _is_run(run, made):
            raise wrong(f"a run that {what} reads", run, "[first, count, repeat] of earlier ones")
        length += run[1] * (run[2] if len(run) > 2 else 1)
        if length > MOST_CHANNELS:
            raise ValueError(f"{what} reads more than {MOST_CHANNELS:,} channels")
    return length


def _is_run(run: Any, made: int) -> bool:
    if not isinstance(run, list) or len(run) not in (2, 3):
        return False
    first, rest = run[0], run[1:]
    if not all(is_count(count, 1, MOST_CHANNELS) for count in rest):
        return False
    if first == CONSTANT and type(first) is int:
        return bool(rest[0] == 1)
    return is_count(first) and first + rest[0] <= made


def _check_place(
    what: str, node: Mapping[str, Any], number: int, nodes: int, channels: int | None
) -> None:
    """The input comes first, the output last, and neither anywhere else."""
    if (node["op"] == "input") != (number == 0) or (node["op"] == "output") != (
        number == nodes - 1
    ):
        raise wrong(f"the operation of {what}", node["op"], "what belongs there")
    if number == 0 and channels is not None and node["n"] != channels:
        raise ValueError(f"the graph's input has {node['n']} channels, the ticket's {channels}")


def _check_counts(what: str, node: Mapping[str, Any], read: Sequence[int]) -> None:
    """A node without weights makes as many channels as it reads."""
    if node["op"] == "attention":
        heads: Any = node.get("heads")
        if not is_count(heads, 1) or node["n"] % heads or read[0] % heads:
            raise wrong(f"'heads' of {what}", heads, "a divisor of its channels")
        fits = read[0] == read[1] and read[2] == node["n"]
    else:
        fits = all(count == node["n"] for count in read)
    if not fits:
        raise ValueError(f"{what} makes {node['n']} channels, but reads {shown(list(read))}")


def _check_layer(
    what: str, node: Mapping[str, Any], read: Sequence[int], shapes: Shapes, whole: bool
) -> None:
    """A layer reads and makes what its weight's shape says."""
    weight, groups, rows = node.get("weight"), node.get("groups", 1), node.get("rows")
    transposed = node.get("transposed", False)
    if not is_name(weight):
        raise wrong(f"the weight of {what}", weight, "a name")
    if not is_count(groups, 1) or node["n"] % groups or read[0] % groups:
        raise wrong(f"'groups' of {what}", groups, "a divisor of its channels")
    if type(transposed) is not bool:
        raise wrong(f"'transposed' of {what}", transposed, "true or false")
    shape = shapes.get(str(weight))
    if shape is None and whole:
        raise ValueError(f"{what} has the weight {shown(weight)}, which is not in the file")
    height = node["n"] if shape is None or len(shape) < 2 else shape[0]
    if rows is not None:
        if not isinstance(rows, list) or len(rows) != 2 or not all(map(is_count, rows)):
            raise wrong(f"'rows' of {what}", rows, "two whole numbers")
        if not rows[0] <= rows[1] or (shape is not None and rows[1] > height):
            raise wrong(f"'rows' of {what}", rows, f"rows of {height}")
        height = rows[1] - rows[0]
    if shape is None:
        if node["n"] * read[0] > MOST_UNKNOWN:
            raise ValueError(f"{what} is too large: {node['n']} channels from {read[0]}")
        return
    outs, ins = (height, shape[1] * groups) if len(shape) > 1 else (-1, -1)
    if transposed:
        outs, ins = ins, outs
    if (node["n"], read[0]) != (outs, ins):
        raise ValueError(
            f"{what} makes {node['n']} channels from {read[0]}, "
            f"but its weight {shown(weight)} has shape {shown(list(shape))}"
        )
