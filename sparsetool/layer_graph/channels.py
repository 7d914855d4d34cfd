"""Which channel each number of an activation belongs to, and the graph that grows out of it.

While a network runs once, every activation has a second tensor of the same
shape that holds, for each of its
numbers, the channel it came from (int64; `CONSTANT` where it does not depend on the input). What
only moves numbers about (views, permutations, concatenation, slices) is then done to the twin as it
was done to the activation. What combines channels makes new ones, and a node in the graph.

A twin is kept expanded along dimensions in which it does not change, so it costs no memory.

A node, as a ticket's `graph` holds it, is a dict of

    op      "input", "layer", "sum", "product", "gate", "attention" or "output"
    n       how many channels it makes (of text the input is what the embedding gives); they are
            numbered through, from node to node
    in      the channels it reads: for each role a list of runs `[first, count]`, or
            `[first, count, repeat]` where each is read `repeat` times in a row; -1 is a constant

and, for a layer, `weight` (its name), and where they are not the plain case `groups`, `rows` (the
part of the weight's rows it uses) and `transposed`; for attention `heads`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

CONSTANT = -1
Node = dict[str, Any]


class Untraceable(Exception):
    """The network does something whose effect on channels is not known."""


class Graph:
    """A graph under construction.

    Attributes:
        nodes: The nodes so far, in topological order.
        channels: Channels numbered so far.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.channels = 0

    def add(self, op: str, count: int, sources: Sequence[np.ndarray], **facts: Any) -> np.ndarray:
        """Add a node that makes `count` channels; returns their numbers, int64 [count]."""
        node = {"op": op, "n": count, "in": [runs(source) for source in sources], **facts}
        self.nodes.append(node)
        made = np.arange(self.channels, self.channels + count)
        self.channels += count
        return made

    def collapsed(self, twin: Tensor, dims: Sequence[int]) -> Tensor:
        """A twin in which `dims` have size 1: where channels differ along them, their sum."""
        dims = [dim % twin.dim() for dim in dims]
        for dim in dims:
            twin = _narrowed(twin, dim)
        if all(twin.shape[dim] == 1 for dim in dims):
            return twin
        rest = [dim for dim in range(twin.dim()) if dim not in dims]
        shape = [1 if dim in dims else size for dim, size in enumerate(twin.shape)]
        rows = twin.permute(*rest, *dims).reshape(int(np.prod([shape[d] for d in rest])), -1)
        return torch.from_numpy(self._sums(rows.numpy())).reshape(shape)

    def _sums(self, rows: np.ndarray) -> np.ndarray:
        """One channel for each row of [K, P]: the only one in it, else a new sum of them."""
        largest = rows.max(axis=1)
        if np.all((rows == largest[:, None]) | (rows == CONSTANT)):
            return largest
        table = np.sort(rows, axis=1)
        table[:, 1:][table[:, 1:] == table[:, :-1]] = CONSTANT
        table = -np.sort(-table, axis=1)  # constants last
        table = table[:, : int((table != CONSTANT).sum(axis=1).max())]
        sets, place = np.unique(table, axis=0, return_inverse=True)
        return self.add("sum", len(sets), list(sets.T))[place.reshape(-1)]

    def joined(self, op: str, first: Tensor, second: Tensor, shape: Sequence[int]) -> Tensor:
        """The twin of what `op` ("sum", "product" or "gate") makes of two activations.

        Args:
            op: The node's kind.
            first: A twin that can be broadcast to `shape`.
            second: Another.
            shape: Of the result.
        """
        one, two = _small(first), _small(second)
        # A constant neither adds to a channel nor, not being 0, ends it: the other stands for it.
        one, two = torch.where(one == CONSTANT, two, one), torch.where(two == CONSTANT, one, two)
        if torch.equal(one, two):
            return one.expand(shape)
        keys = (one + 1) * (self.channels + 1) + (two + 1)  # one number for each pair
        _, index, place = np.unique(keys.numpy(), return_index=True, return_inverse=True)
        # New channels in the order of their first appearance, which makes for long runs.
        order = np.argsort(index)
        rank = np.argsort(order)
        pair = [part.reshape(-1).numpy()[index[order]] for part in (one, two)]
        made = self.add(op, len(order), pair)
        return torch.from_numpy(made[rank[place.reshape(-1)]]).reshape(one.shape).expand(shape)


def runs(channels: np.ndarray) -> list[list[int]]:
    """A list of channels as runs: `[first, count]` or `[first, count, repeat]`.

    Example:
        >>> runs(np.array([4, 4, 5, 5, -1, 7, 8, 9]))
        [[4, 2, 2], [-1, 1], [7, 3]]
    """
    starts = np.flatnonzero(np.diff(channels, prepend=channels[:1] - 1))
    values = channels[starts].tolist()
    repeats = np.diff(starts, append=len(channels)).tolist()
    found: list[list[int]] = []
    for value, repeat in zip(values, repeats, strict=True):
        last = found[-1] if found else None
        if last and last[2] == repeat and last[0] >= 0 and value == last[0] + last[1]:
            last[1] += 1
        else:
            found.append([value, 1, repeat])
    return [run if run[2] > 1 else run[:2] for run in found]


def along(channels: np.ndarray, dim: int, shape: Sequence[int]) -> Tensor:
    """The twin of an activation of `shape` whose channels lie along dimension `dim`."""
    view = [1] * len(shape)
    view[dim] = len(channels)
    return torch.from_numpy(np.asarray(channels, dtype=np.int64)).reshape(view).expand(*shape)


def _narrowed(twin: Tensor, dim: int) -> Tensor:
    """The twin with size 1 in `dim`, where it does not change along it."""
    first = twin.narrow(dim, 0, 1)
    if twin.shape[dim] > 1 and twin.stride(dim) != 0 and not bool((twin == first).all()):
        return twin
    return first


def _small(twin: Tensor) -> Tensor:
    """The twin with size 1 in every dimension along which it does not change."""
    for dim in range(twin.dim()):
        twin = _narrowed(twin, dim)
    return twin
