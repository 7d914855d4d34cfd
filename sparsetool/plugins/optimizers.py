"""Optimizers: how a step changes the weights. A member makes a torch optimiser.

A member defines one function of one signature:

    def optimizer(parameters, rates) -> torch.optim.Optimizer:
        '''An optimiser of these parameters.'''

Keyword parameters with defaults, as in `def optimizer(parameters, rates, *, beta2=0.999)`, are
options of the optimizer's own; of one with few values a literal `CHOICES = {"name": ("one", ...)}`
names them. Weights and momentum must stay +0.0 where the weight and all its
gradients are +0.0 (training sees to it, and stops where they do not). A member imports torch inside
the function alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import UsageError, nearest
from . import members

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Rates:
    """What every optimizer is asked for.

    Attributes:
        lr: Learning rate of the first step; the schedule sets it before every step.
        momentum: Of SGD (beta 1 of AdamW), [0, 1).
        weight_decay: On every parameter.
        fused: Whether the device has kernels over all parameters at once.
        matrices: Identities of the parameters that are weights of layers or tables of embeddings;
            the others are biases, normalisation, positions.
    """

    lr: float
    momentum: float
    weight_decay: float
    fused: bool = False
    matrices: frozenset[int] = frozenset()


class Make(Protocol):
    """Makes an optimiser of some parameters."""

    def __call__(
        self, parameters: list[torch.nn.Parameter], rates: Rates, /, **options: Any
    ) -> torch.optim.Optimizer: ...


@dataclass(frozen=True)
class Optimizer:
    """An optimizer, wherever it comes from.

    Attributes:
        name: The name by which records know it.
        make: Makes the torch optimiser.
        momentum: Whether it needs a momentum above zero.
        options: Its own options with their defaults.
        versions: The installed package that has it and its version, if one has.
        choices: Values that some of its options may have.
    """

    name: str
    make: Make
    momentum: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def check(self, given: Mapping[str, Any]) -> None:
        """Refuse a value that is none of its option's choices."""
        for name, known in self.choices.items():
            if (value := given.get(name, known[0])) not in known:
                flag = name.replace("_", "-")
                raise UsageError(f"unknown --{flag} '{value}': {nearest(str(value), known)}")


def load(spec: members.Spec) -> Optimizer:
    """The optimizer that a name, `FILE.py:FUNCTION` or a function stands for.

    Raises:
        UsageError: No such optimizer.
        SparsetoolError: It cannot be imported, or does not take what an optimizer is given.
    """
    held = members.found("optimizers", spec)
    make = held.function("optimizer")
    if make is None:
        raise members.lacking(held, "optimizer")
    needs = bool(held.constants.get("NEEDS_MOMENTUM", False))
    choices = held.constants.get("CHOICES", {})
    return Optimizer(held.name, make, needs, held.options, held.versions, choices)
