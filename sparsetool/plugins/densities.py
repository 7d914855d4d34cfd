"""Densities: how many weights each layer keeps, given how many are kept in all.

A member defines `share`, one function of one signature:

    def share(shapes, keep, room) -> dict[str, int]:
        '''Weights to keep in each layer; sums to `keep`, none above its room.'''

with `shapes` the shape of each prunable weight by name, `keep` the weights to keep in all layers
together (0 <= keep <= sum of room) and `room` the most that each layer can keep: its size, or its
survivors. `share = None` means that all scores are ranked together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from . import members


class Share(Protocol):
    """Weights to keep in each layer; sums to `keep`, none above its room."""

    def __call__(
        self,
        shapes: Mapping[str, tuple[int, ...]],
        keep: int,
        room: Mapping[str, int],
        /,
        **options: Any,
    ) -> dict[str, int]: ...


@dataclass(frozen=True)
class Density:
    """A density, wherever it comes from.

    Attributes:
        name: The name by which records know it.
        share: Gives each layer its share; None where all scores are ranked together.
        options: Its own options with their defaults.
        versions: The installed package that has it and its version, if one has.
    """

    name: str
    share: Share | None
    options: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


def load(spec: members.Spec) -> Density:
    """The density that a name, `FILE.py:FUNCTION` or a function stands for.

    Raises:
        UsageError: No such density.
        SparsetoolError: It cannot be imported, or does not take what a density is given.
    """
    held = members.found("densities", spec)
    return Density(held.name, held.function("share"), held.options, held.versions)
