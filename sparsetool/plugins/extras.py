"""Extras of training: what is done beside the plain step of a batch.

A member defines at least one of five functions; keyword parameters with defaults are options of its
own, and it is on where the option that bears its own name is not at its default (so no member
changes a training that does not ask for it):

    def pixels(pixels, moment) -> Tensor
        '''Other pixels: uint8 [B, C, H, W], cropped and flipped, not yet normalised.'''

    def batch(images, targets, moment) -> tuple[Tensor, Tensor]
        '''Other images [B, C, H, W], normalised, and targets [B, classes], which sum to 1.'''

    def ahead(gradients, moment) -> list[Tensor]
        '''How far from each weight the gradient of the step is taken, in a second pass.'''

    def gradients(gradients, moment) -> None
        '''Changes the gradients in place, before the optimiser sees them.'''

    def average(held, now, moment) -> Tensor
        '''What a ticket holds of a weight or a buffer after a step, from what it held before.'''

Gradients are those of all parameters, averaged over all examples of the step, zero where a weight
is pruned. Training sees to it that nothing leaves the mask, that averages are kept in a run's state
and are what figures are measured on, and that `flops` charges a second pass. It may also define

    def check() -> None
        '''Raises UsageError for options that cannot be.'''

with the same keywords. A member imports torch inside its functions alone. Where several are on,
they act in the order of their names. One function of a file of one's own (`--extra FILE.py:NAME`)
is named as above, else it is a `batch`, and is on always.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import UsageError
from ..ticket.draws import Draws
from . import find, keywords, members
from .own_code import MARK
from .updates import Update

if TYPE_CHECKING:
    from torch import Tensor

ROLES = ("pixels", "batch", "ahead", "gradients", "average")


@dataclass(frozen=True)
class Moment:
    """A step of training, as an extra sees it.

    Attributes:
        step: The step, from 0, of the cycle.
        examples: Examples of the step, of all ranks.
        own: Which of them are this rank's.
        draws: Random numbers of this step, the same on every rank.
    """

    step: int
    examples: int
    own: slice
    draws: Draws


class Pixels(Protocol):
    """Other pixels: uint8 [B, C, H, W], cropped and flipped, not yet normalised."""

    def __call__(self, pixels: Tensor, moment: Moment, /) -> Tensor: ...


class Batch(Protocol):
    """Other images [B, C, H, W], normalised, and targets [B, classes], which sum to 1."""

    def __call__(
        self, images: Tensor, targets: Tensor, moment: Moment, /
    ) -> tuple[Tensor, Tensor]: ...


class Ahead(Protocol):
    """How far from each weight the gradient of the step is taken."""

    def __call__(self, gradients: list[Tensor], moment: Moment, /) -> list[Tensor]: ...


class Gradients(Protocol):
    """Changes the gradients in place."""

    def __call__(self, gradients: list[Tensor], moment: Moment, /) -> None: ...


class Average(Protocol):
    """What a ticket holds of a weight or a buffer after a step."""

    def __call__(self, held: Tensor, now: Tensor, moment: Moment, /) -> Tensor: ...


@dataclass(frozen=True)
class Extra:
    """An extra, wherever it comes from; of its functions, with its options, those that it defines.

    Attributes:
        name: The name by which records know it.
        pixels: Changes pixels of 8 bits, or None.
        batch: Changes images and targets, or None.
        ahead: Says where the gradient is taken, or None.
        gradients: Changes the gradients, or None.
        average: Says what a ticket holds, or None.
        versions: The installed package that has it and its version, if one has.
    """

    name: str
    pixels: Pixels | None = None
    batch: Batch | None = None
    ahead: Ahead | None = None
    gradients: Gradients | None = None
    average: Average | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def roles(self) -> set[str]:
        """Names of the functions that it defines."""
        return {role for role in ROLES if getattr(self, role) is not None}

    @property
    def title(self) -> str:
        """What messages call it."""
        return self.name.partition(MARK)[0]


def usual(file: members.Spec | None = None) -> dict[str, Any]:
    """Options of all extras, and of one's own, with their defaults; no member is imported."""
    found = members.found("extras", file).options if file is not None else {}
    for name in find.members("extras"):
        where = find.member("extras", name)
        known = keywords.options_of("extras", where.source, where.function)
        found |= {option.name: option.default for option in known}
    return found


def chosen(own: Mapping[str, Any], file: members.Spec | None = None) -> list[Extra]:
    """The extras that are on, in the order of their names; one's own comes last.

    Args:
        own: Options that are not at their defaults.
        file: `FILE.py:FUNCTION` or a function, or None.

    Raises:
        UsageError: Options that cannot be.
        SparsetoolError: One cannot be imported, or does not take what an extra is given.
    """
    specs = [name for name in find.members("extras") if name.replace("-", "_") in own]
    return [_load(spec, own) for spec in (*specs, *([] if file is None else [file]))]


def _load(spec: members.Spec, own: Mapping[str, Any]) -> Extra:
    held = members.found("extras", spec)
    given = {**held.options, **{k: v for k, v in own.items() if k in held.options}}

    def function(name: str) -> Callable[..., Any] | None:
        found = held.function(name)
        return None if found is None else partial(found, **given)

    made = Extra(
        held.name,
        pixels=function("pixels"),
        batch=function("batch"),
        ahead=function("ahead"),
        gradients=function("gradients"),
        average=function("average"),
        versions=held.versions,
    )
    if not made.roles:
        raise members.lacking(held, ROLES[1])
    if (check := function("check")) is not None:
        check()
    return made


def recorded(spec: members.Spec) -> str:
    """The name by which records know one's own extra.

    Raises:
        UsageError: It is a member by name, which has an option of its own.
    """
    if isinstance(spec, str) and spec.replace("_", "-") in find.members("extras"):
        flag = f"--{spec.replace('_', '-')}"
        raise UsageError(f"--extra is for FILE.py:FUNCTION; '{spec}' is turned on by {flag} VALUE")
    return members.found("extras", spec).name


def check_with(found: list[Extra], update: Update | None) -> None:
    """See that extras go with the way in which masks move.

    Raises:
        UsageError: One needs the weights that are trained, and the network computes with others.
    """
    if update is None or "seen" not in update.others:
        return
    for extra in found:
        if extra.roles & {"ahead", "average"}:
            raise UsageError(
                f"{extra.title} does not go with {update.title}, which trains other weights than "
                "the network computes with: leave one of them out"
            )
