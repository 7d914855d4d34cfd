"""Activations while a network runs, and where in the graph each of their numbers comes from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from .channels import CONSTANT, Graph, Untraceable


class Activations:
    """The graph so far, and a twin of every activation that holds its channels' numbers.

    Args:
        names: Name of each parameter, by identity.
    """

    def __init__(self, names: Mapping[int, str]) -> None:
        super().__init__()
        self.names = names
        self.graph = Graph()
        self.twins: dict[int, Tensor | None] = {}  # None: it must not be used any more
        self.gates: set[int] = set()
        self.kept: list[Tensor] = []  # identities must not be used again

    def mark(self, tensor: Tensor, twin: Tensor | None) -> None:
        """Give an activation its twin."""
        if twin is not None and twin.shape != tensor.shape:
            raise Untraceable(f"a twin of {tuple(twin.shape)} for {tuple(tensor.shape)}")
        self.kept.append(tensor)
        self.twins[id(tensor)] = twin

    def twin(self, tensor: Tensor) -> Tensor:
        """The twin of an activation; constant where that does not depend on the input."""
        twin = self.twins.get(id(tensor), torch.tensor(CONSTANT).expand(tensor.shape))
        if twin is None:
            raise Untraceable("attention's own weights are used")
        return twin

    def channels(self, tensor: Tensor, *dims: int) -> np.ndarray:
        """The channels of an activation along `dims`, flat; places that differ are summed."""
        rest = set(range(tensor.dim())) - {dim % tensor.dim() for dim in dims}
        return self.graph.collapsed(self.twin(tensor), sorted(rest)).reshape(-1).numpy()
