"""What one `train-cycles` is asked to do: typed options joined with the data set's defaults.

Torch-free, so that a result that is there already is recognised without importing torch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from ..data.facts import check_fits, facts_of
from ..data.naming import recipe_of, recorded_name
from ..errors import UsageError, misspelt
from ..plugins import extras, optimizers, schedules, updates
from ..plugins.keywords import typed
from ..plugins.optimizers import Optimizer
from ..plugins.schedules import Cycle, Schedule
from ..plugins.updates import Update
from ..ticket.draws import Seeds
from ..ticket.lineage import CHOOSING, recorded
from ..ticket.value import Ticket
from . import update_plan
from .brought import CYCLE_FIELDS, brought, check_text
from .peak import Peak
from .peak import canonical as canonical_peak
from .rate import canonical, cycle_fields, past_fields


@dataclass(frozen=True)
class Settings:
    """Result options of a training cycle, all resolved but those that may stay `auto`.

    Attributes:
        data: Data set by name.
        epochs: Epochs in a cycle.
        schedule: Name of the learning-rate schedule.
        lr: Its peak.
        momentum: Of SGD (beta 1 of AdamW).
        weight_decay: On every parameter.
        batch_size: Examples in a step, of all ranks; the last, partial batch of an epoch is kept.
        optimizer: Name of the optimizer.
        seed: Key of all draws but those with a seed of their own.
        order_seed: Key of the order of the examples, or None for `seed`.
        augmentation_seed: Key of crops, flips and dropout, or None for `seed`.
        val: Fraction of the training split held out, as a decimal, or None.
        label_noise: Fraction of training labels permuted, as a decimal, or None.
        from_epoch: Epoch of the schedule at which the first cycle begins.
        device: As asked.
        precision: As asked.
        threads: As asked.
        deterministic: Only algorithms that give the same bytes every time (CUDA).
        compile: Compile the network.
        dense_products: Multiply by pruned weights too, where a CPU would leave them out.
        sync_bn: Batch norm over the whole batch where several ranks share it (CUDA).
        warmup: Epochs of warm-up, as a decimal, or None for the data set's.
        drops: Epochs at which the rate drops, as decimals with commas (`none` for never), likewise.
        drop_by: What the rate is divided by there, or None for 10.
        floor: Lowest rate of schedules that have one, or None for 0.01.
        update: How masks move, a member of `updates`; None (and so all that follow) where they
            stay.
        update_every: Steps between updates; None, here and below, for the member's own.
        update_until: Epochs of a cycle after which masks stay, as a decimal.
        drop_fraction: Part of a layer's kept weights that an update drops at most, as a decimal.
        drop_decay: How that part falls.
        to: Sparsity to end at, as a decimal.
        until_peak: Train cycles until `val` says that the peak is passed (see `peak`), and so the
            three that follow; None where not.
        patience: Cycles without a new peak after which the training ends.
        min_gain: What a new peak is above the last one by, a fraction, as a decimal.
        most_cycles: Cycles at most.
        extra: One's own extra, besides those whose options are in `own`; or None.
        own: Options of the schedule's, the optimizer's, the update's and the extras' own that are
            not their defaults.
    """

    data: str
    epochs: int
    schedule: str
    lr: float
    momentum: float
    weight_decay: float
    batch_size: int
    optimizer: str = "sgd"
    seed: int = 0
    order_seed: int | None = None
    augmentation_seed: int | None = None
    val: str | None = None
    label_noise: str | None = None
    from_epoch: int = 0
    device: str = "auto"
    precision: str = "auto"
    threads: str = "auto"
    deterministic: bool = False
    compile: bool = False
    sync_bn: bool = False
    dense_products: bool = False
    warmup: str | None = None
    drops: str | None = None
    drop_by: float | None = None
    floor: float | None = None
    update: str | None = None
    update_every: int | None = None
    update_until: str | None = None
    drop_fraction: str | None = None
    drop_decay: str | None = None
    to: str | None = None
    until_peak: bool = False
    patience: int | None = None
    min_gain: str | None = None
    most_cycles: int | None = None
    extra: str | None = None
    own: Mapping[str, Any] = field(default_factory=dict)

    def options(self, cycle: int) -> dict[str, Any]:
        """Result options as the record of the `cycle`-th cycle of a command (from 0) holds them."""
        options = asdict(self)
        options |= options.pop("own")
        for name in ("seed", *CHOOSING):
            del options[name]
        for name in ("device", "precision", "threads"):
            if options[name] == "auto":
                del options[name]
        if options["optimizer"] == recipe_of(self.data).get("optimizer", "sgd") == "sgd":
            del options["optimizer"]
        if not self.from_epoch or cycle:
            del options["from_epoch"]
        return recorded(options)

    @property
    def peak(self) -> Peak | None:
        """When cycles end by themselves, or None."""
        if not self.until_peak:
            return None
        return Peak(**{each.name: getattr(self, each.name) for each in fields(Peak)})

    @property
    def seeds(self) -> Seeds:
        """Keys of what an epoch draws."""
        order, augmentation = self.order_seed, self.augmentation_seed
        return Seeds(
            self.seed if order is None else order,
            self.seed if augmentation is None else augmentation,
        )

    @property
    def beside(self) -> list[extras.Extra]:
        """What is done beside the plain step."""
        return extras.chosen(self.own, self.extra)

    @property
    def moving(self) -> update_plan.Asked:
        """What they say of masks that move."""
        names = [each.name for each in fields(update_plan.Asked)]
        return update_plan.Asked(**{name: getattr(self, name) for name in names})

    def first_epoch(self, cycle: int) -> int:
        """Epoch of the schedule at which the `cycle`-th cycle begins."""
        return 0 if cycle else self.from_epoch

    def shape(self, steps: int, recipe: Mapping[str, Any], ticket: Ticket | None = None) -> Cycle:
        """The cycle that starts at `ticket`, as a schedule sees it.

        Args:
            steps: Steps in an epoch.
            recipe: Training defaults of the data set.
            ticket: Where it starts.
        """
        own = {key: recipe[key] for key in CYCLE_FIELDS if key in recipe}
        own |= cycle_fields(self.epochs, vars(self))
        past = past_fields(ticket, self.epochs) if ticket else {}
        if ticket and self.update is not None:
            past["restarts"] = update_plan.moves(self.moving, ticket, steps)
        return Cycle(epochs=self.epochs, steps=steps, peak=self.lr, **own, **past)


def resolve(ticket: Ticket, asked: Mapping[str, Any], root: str | None = None) -> Settings:
    """Settings for a ticket: what was asked, else the data set's recipe.

    Args:
        ticket: The ticket to train.
        asked: Fields of `Settings`; None means not given.
        root: Folder of data sets as given, or None.

    Raises:
        UsageError: A value that cannot be.
        SparsetoolError: A data set that does not fit the ticket.
    """
    given = {key: value for key, value in asked.items() if value is not None}
    given |= {"threads": str(given["threads"])} if "threads" in given else {}
    typed = given.pop("data", None)
    data = ticket.meta["data"] if typed is None else recorded_name("datasets", typed, root)
    facts = facts_of(data, root)
    check_fits(ticket, data, facts)
    update = None if given.get("update") is None else updates.load(given["update"])
    known = {each.name for each in fields(Settings)}
    merged = {"seed": ticket.seed, **brought(facts.recipe, given, update, known), **given}
    schedule = schedules.load(merged.pop("schedule"))
    optimizer = optimizers.load(merged.pop("optimizer", "sgd"))
    own = {key: merged.pop(key) for key in list(merged) if key not in known}
    own = {**merged.pop("own", {}), **own}
    names = {"schedule": schedule.name, "optimizer": optimizer.name}
    names |= {} if update is None else {"update": update.name}
    if (extra := merged.get("extra")) is not None:
        names["extra"] = extras.recorded(extra)
    settings = Settings(data=data, **{**merged, **names})
    _check(settings, optimizer)
    settings = replace(
        settings,
        val=_fraction(settings.val),
        label_noise=_fraction(settings.label_noise),
        **canonical(schedule, settings.epochs, vars(settings)),
        **update_plan.canonical(vars(settings), update),
        **canonical_peak({**vars(settings), "val": _fraction(settings.val)}),
        own=_own(schedule, optimizer, update, extras.usual(names.get("extra")), own, facts.recipe),
    )
    extras.check_with(settings.beside, update)
    check_text(facts, settings.label_noise, settings.beside)
    examples = facts.sizes.get("train")
    update_plan.check_update(settings.moving, ticket, examples, settings.batch_size, settings.val)
    return settings


def _own(
    schedule: Schedule,
    optimizer: Optimizer,
    update: Update | None,
    rest: Mapping[str, Any],
    given: Mapping[str, Any],
    recipe: Mapping[str, Any],
) -> dict[str, Any]:
    """Options of their own that are not their defaults, or that the data set has defaults for.

    Raises:
        UsageError: None has such an option, or its value is of another type.
    """
    usual = {**rest, **schedule.options, **optimizer.options, **(update.options if update else {})}
    if idle := [name for name in given if name not in usual]:
        those = f"neither schedule '{schedule.name}' nor optimizer '{optimizer.name}'"
        those += f" nor {update.title}" if update else ""
        flag = idle[0].replace("_", "-")
        meant = misspelt(idle[0], [*usual, *(each.name for each in fields(Settings))])
        raise UsageError(f"{those} has a use for --{flag}: {meant or 'leave it out'}")
    optimizer.check(given)
    found = typed(usual, given).items()
    return {name: value for name, value in found if value != usual[name] or name in recipe}


def _fraction(text: str | None) -> str | None:
    from ..ticket.counts import decimal

    return None if text is None or float(decimal(text)) == 0 else decimal(text)


def _check(settings: Settings, optimizer: Optimizer) -> None:
    for name, least in (("epochs", 1), ("batch_size", 1), ("from_epoch", 0)):
        value = getattr(settings, name)
        if value < least:
            raise UsageError(f"--{name.replace('_', '-')} must be at least {least}, not {value}")
    if settings.from_epoch >= settings.epochs:
        raise UsageError(
            f"--from-epoch {settings.from_epoch} is not inside a cycle of {settings.epochs} epochs"
        )
    if not (settings.lr > 0 and math.isfinite(settings.lr)):
        raise UsageError(f"--lr must be above 0, not {settings.lr:g}")
    if not 0 <= settings.momentum < 1:
        raise UsageError(f"--momentum must be in [0, 1), not {settings.momentum:g}")
    if optimizer.momentum and not settings.momentum:
        raise UsageError(f"--optimizer {optimizer.name} needs a --momentum above 0")
    if not 0 <= settings.weight_decay < math.inf:
        raise UsageError(f"--weight-decay must not be below 0, not {settings.weight_decay:g}")
    for name in ("val", "label_noise"):
        text = getattr(settings, name)
        fraction = _fraction(text)
        if fraction is not None and not 0 <= float(fraction) < 1:
            raise UsageError(f"--{name.replace('_', '-')} must be in [0, 1), not {text}")
