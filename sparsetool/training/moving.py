"""Masks that move while a network trains: what a member of `updates` decides, carried out exactly.

Weights that a new mask drops are +0.0 at once, as is their momentum; those that it grows start as
the member says, else at +0.0, with zero momentum. Decisions come from gradients averaged over all
ranks and from draws keyed by seed, epochs trained and step, so all ranks come to the same masks,
and so does a run that was stopped and goes on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from ..compute.device import Place
from ..errors import BrokenPromise, SparsetoolError
from ..masks.moving import empty_layers
from ..plugins import updates
from ..plugins.updates import Moment, Stride
from ..ticket.draws import Draws
from ..ticket.value import Ticket
from .settings import Settings
from .spent import Spent
from .still import Arrays, Still
from .update_plan import plan_of

if TYPE_CHECKING:
    from .held import Held


class Moving(Still):
    """Masks that move by a member of `updates`.

    Args:
        settings: How the network is trained, with an `update`.
        ticket: Where the cycle starts.
        held: The masks in use; a dense ticket gets masks that keep everything.
        optimizer: The optimiser.
        steps: Steps in an epoch.
        where: Device, precision and threads.
        trained: Epochs that the ticket was trained before the schedule's epoch 0.
    """

    def __init__(
        self,
        settings: Settings,
        ticket: Ticket,
        held: Held,
        optimizer: torch.optim.Optimizer,
        steps: int,
        where: Place,
        trained: int,
    ) -> None:
        self.settings, self.held, self.trained = settings, held, trained
        self.plan = plan_of(settings.moving, ticket, steps)
        self.member = updates.load(str(settings.update)).having(settings.own)
        self.other = self.member.others if "seen" in self.member.others else None
        if where.precision == "fp16" and (self.other or self.member.gradients != "none"):
            raise SparsetoolError(
                f"{self.member.title} looks at gradients, which fp16 scales and loses: "
                "give --precision bf16 or fp32"
            )
        self.optimizer, self.device = optimizer, torch.device(where.device)
        self.names = ticket.prunable
        whole = {n: torch.ones(s, dtype=torch.bool) for n, s in ticket.shapes.items()}
        masks = {name: mask.to(self.device) for name, mask in whole.items()} | held.masks
        self.spent = Spent(self.names, masks)
        self.memory: dict[str, Any] = {}
        if self.other is not None:
            begun = self.other["begin"](self.plan)
            self.memory = {key: self._tensor(value) for key, value in begun.items()}
            self.memory |= {f"mask/{name}": mask for name, mask in masks.items()}
            masks = {name: torch.ones_like(mask) for name, mask in masks.items()}
        held.take({name: masks[name] for name in self.names})
        self._seen: Arrays = {}  # gradients of the present step
        self._untrained: dict[str, Tensor] = {}  # weights before it, where some are to stay
        self._remember()

    # -- a step ------------------------------------------------------------------------------

    def before(self, step: int) -> None:
        due = self.member.due(step, self.plan)
        self.dense = due and self.member.gradients == "dense"
        self.instead = due and self.member.when == "instead"
        if due and self.member.when == "before":
            self._move(step)

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        if self.other is None:
            yield
            return
        weights = {name: self.held.parameters[name] for name in self.names}
        with torch.no_grad():
            whole = {name: weight.clone() for name, weight in weights.items()}
            for name, weight in weights.items():
                weight.copy_(self.other["seen"](weight, name, self.plan, self.memory))
        try:
            yield
        finally:
            with torch.no_grad():
                for name, weight in weights.items():
                    weight.copy_(whole[name])

    @torch.no_grad()
    def look(self) -> None:
        if self.dense:
            self._seen = self._gradients()
        if self.other is None:
            return
        group = self.optimizer.param_groups[0]
        stride = Stride(group["lr"], self.settings.momentum, group["weight_decay"])
        for name in self.names:
            weight = self.held.parameters[name]
            slope = weight.grad
            if slope is None:
                continue  # frozen, or not used
            slope.copy_(self.other["pull"](weight, slope, name, self.plan, self.memory, stride))
            if f"trained/{name}" in self.memory:
                self._untrained[name] = weight.clone()

    @torch.no_grad()
    def after(self, step: int, examples: int) -> None:
        trained = {n: self.memory.get(f"trained/{n}") for n in self.names}
        wanted = {n: self._kept[n] if t is None else int(t.sum()) for n, t in trained.items()}
        wanted = dict(self.plan.sizes) if self.dense else wanted
        self.spent.charge(examples, self._kept, wanted, self.dense)
        if self.other is not None:
            self._restore_untrained()
            self._remember()
        if self.member.when != "before" and self.member.due(step, self.plan):
            self._move(step)

    def again(self, examples: int) -> None:
        self.spent.charge(examples, self._kept, self._kept, False)

    def _restore_untrained(self) -> None:
        """What is not trained at present stays as it was, without momentum."""
        for name, before in self._untrained.items():
            weight, trained = self.held.parameters[name], self.memory[f"trained/{name}"]
            weight.copy_(weight.where(trained, before))
            for tensor in self.optimizer.state[weight].values():
                if tensor.shape == trained.shape:
                    tensor.masked_fill_(~trained, 0.0)

    # -- moving ------------------------------------------------------------------------------

    def _gradients(self) -> Arrays:
        found = {}
        for name in self.names:
            weight = self.held.parameters[name]
            # A weight that is frozen, or was not used, has none.
            found[name] = _array(torch.zeros_like(weight) if weight.grad is None else weight.grad)
            if not np.isfinite(found[name]).all():
                raise SparsetoolError(
                    f"training diverged: a gradient of {name} is not finite where masks move; "
                    "the last good state is kept: try a lower --lr"
                )
        return found

    @torch.no_grad()
    def _move(self, step: int) -> None:
        if self.member.gradients == "kept":
            self._seen = self._gradients()
        before = self._present()
        old = {name: _array(mask) for name, mask in before.items()}
        moment = Moment(
            step=step,
            plan=self.plan,
            weights={name: _array(self.held.parameters[name]) for name in self.names},
            gradients=self._seen,
            masks=old,
            momentum=self._momentum,
            draws=lambda name: self._draws(name, step),
            memory=self.memory,
        )
        moved = self.member.move(moment)
        self._seen = {}
        self.memory = {key: self._tensor(value) for key, value in self.memory.items()}
        new = {**old, **{name: np.ascontiguousarray(m) for name, m in moved.masks.items()}}
        self._check(new, old, step)
        changed = [name for name in self.names if not np.array_equal(new[name], old[name])]
        masks = {**before, **{name: self._tensor(new[name]) for name in changed}}
        if self.other is None:
            begins = {name: self._tensor(value) for name, value in moved.grown.items()}
            self.held.move_to(masks, begins)
        else:
            self.memory |= {f"mask/{name}": mask for name, mask in masks.items()}
        counts = self.spent.counts
        counts["updates"] += bool(changed)
        counts["grown"] += sum(int(np.count_nonzero(new[n] & ~old[n])) for n in changed)
        counts["dropped"] += sum(int(np.count_nonzero(old[n] & ~new[n])) for n in changed)
        self._remember()

    def _check(self, new: Arrays, old: Arrays, step: int) -> None:
        title = self.member.title
        for layer, mask in new.items():
            if layer not in old or mask.shape != old[layer].shape or mask.dtype != bool:
                raise BrokenPromise(f"{title} gave no fitting mask for {layer}")
        if empty := empty_layers(new, old):
            raise SparsetoolError(
                f"{title} would leave {empty[0]} without a weight at step {step}: "
                "give a lower --to or --drop-fraction"
            )

    def _momentum(self, name: str) -> np.ndarray:
        weight = self.held.parameters[name]
        state = self.optimizer.state[weight]
        found = state.get("momentum_buffer", state.get("exp_avg"))
        return _array(torch.zeros_like(weight) if found is None else found)

    def _draws(self, name: str, step: int) -> Draws:
        epoch, at = divmod(step, self.plan.steps)
        return Draws(self.settings.seed, "update", self.trained + epoch, f"{name}#{at}")

    def _tensor(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return torch.from_numpy(np.array(value)).to(self.device)
        return value

    # -- what it is now ----------------------------------------------------------------------

    @torch.no_grad()
    def _present(self) -> dict[str, Tensor]:
        """Masks of what the network computes with."""
        if self.other is None:
            return self.held.masks
        if self.member.sparsity != "free":
            return {name: self.memory[f"mask/{name}"] for name in self.names}
        weights = {name: self.held.parameters[name] for name in self.names}
        return {
            name: self.other["seen"](weight, name, self.plan, self.memory) != 0
            for name, weight in weights.items()
        }

    def _remember(self) -> None:
        present = self._present()
        self._kept = {name: int(present[name].count_nonzero()) for name in self.names}
        self.spent.remember(present)

    def masks(self) -> Arrays:
        return {name: _array(mask) for name, mask in self._present().items()}

    def now(self) -> dict[str, Any]:
        kept, total = sum(self._kept.values()), sum(self.plan.sizes.values())
        return {"sparsity": 1 - kept / total, "updates": self.spent.counts["updates"]}

    def achieved(self, whole: bool) -> dict[str, Any]:
        kept = sum(self._kept.values())
        if whole and self.member.sparsity != "free" and kept != self.plan.goal:
            raise BrokenPromise(
                f"{self.member.title} ends with {kept} weights, not {self.plan.goal}"
            )
        return self.spent.achieved()

    def state(self) -> Arrays:
        held = {f"update/held/{name}": _array(mask) for name, mask in self.held.masks.items()}
        memory = {f"update/memory/{key}": _array(value) for key, value in self.memory.items()}
        return {**held, **memory, **self.spent.state()}

    def restore(self, arrays: Arrays) -> None:
        """Take up a state that `state` gave; the module holds its weights already."""
        self.spent.restore(arrays)
        for full, array in arrays.items():
            _, found, key = full.partition("update/memory/")
            if found:
                self.memory[key] = self._tensor(array)
        self.held.take({name: self._tensor(arrays[f"update/held/{name}"]) for name in self.names})
        present = self._present()
        self._kept = {name: int(present[name].count_nonzero()) for name in self.names}


def _array(tensor: Tensor) -> np.ndarray:
    return np.array(tensor.detach().cpu().contiguous().numpy(), order="C")
