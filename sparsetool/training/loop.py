"""One cycle of training under masks: the loop that everything else serves.

Masks are held as `held` says; they stay, or move between two steps as `moving` says.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from ..compute.averaging import averaging, broadcast, same
from ..compute.device import Place
from ..compute.ranks import ALONE, Ranks
from ..data.resident import DataSet
from ..errors import BrokenPromise, SparsetoolError
from ..evaluation.measure import Tally, bits_of, measure, prepared
from ..layer_graph.logits import logits_of
from ..layer_graph.tensors import tensors
from ..networks.build import from_module, normalisable
from ..plugins import schedules
from ..plugins.own_code import is_ours
from ..ticket.draws import Draws
from ..ticket.value import Ticket
from .beside import Beside
from .held import Held
from .moving import Moving
from .optimizer import optimizer_of, restore_state, state_of
from .settings import Settings
from .still import Still

Arrays = dict[str, np.ndarray]


class Learner:
    """A network in the middle of one cycle.

    Args:
        ticket: Where the cycle starts.
        settings: How it is trained.
        first: Epoch of the schedule at which the cycle starts.
        data: The data set, on the device.
        where: Device, precision and threads.
        ranks: The processes that train it together, each with a copy; see `connect`.

    Attributes:
        epoch: Epochs of the schedule completed.
        step: Steps completed in the epoch under way.
        tally: Sums over the steps of the epoch under way, of this rank's examples; between
            epochs of all.
        steps: Steps in an epoch.
    """

    def __init__(
        self,
        ticket: Ticket,
        settings: Settings,
        first: int,
        data: DataSet,
        where: Place,
        ranks: Ranks = ALONE,
    ) -> None:
        self.settings, self.data, self.where, self.ranks = settings, data, where, ranks
        self.before = ticket.epochs - first
        self.epoch, self.step = first, 0
        self.tally = Tally.on(where.device)
        self.train = data.split("train").for_training(data.facts)
        self.steps = -(-len(self.train) // settings.batch_size)
        if (least := self._examples(self.steps - 1)) < ranks.size:
            raise SparsetoolError(
                f"the last step of an epoch has {least} examples for {ranks.size} ranks: "
                "give another --batch-size (it counts the examples of all ranks)"
            )
        self.cycle = settings.shape(self.steps, data.facts.recipe, ticket)
        self.rate = partial(schedules.load(settings.schedule).rate, **settings.own)
        self.module = prepared(ticket, where).train()
        if settings.sync_bn and ranks.size > 1:
            self.module = torch.nn.SyncBatchNorm.convert_sync_batchnorm(self.module)  # type: ignore[no-untyped-call]
        self.forward: Callable[..., Any] = self.module
        if settings.compile:
            self.forward = torch.compile(self.module, mode=where.compile_mode)
        self.parameters = dict(self.module.named_parameters())
        if not any(parameter.requires_grad for parameter in self.parameters.values()):
            raise SparsetoolError("every parameter of the network is frozen: there is no training")
        self.optimizer = optimizer_of(self.module, settings, where)
        # Half the range of float16 is lost without; with other precisions it does nothing.
        self.scaler = torch.amp.GradScaler(where.kind, enabled=where.precision == "fp16")
        dense = settings.dense_products
        sparse = where.precision == "fp32" and not settings.compile and not dense
        batch = -(-settings.batch_size // ranks.size) if sparse else None
        self.held = Held(ticket, self.module, self.optimizer, where, batch, dense)
        self.moving = Still()
        if settings.update is not None:
            self.moving = Moving(
                settings, ticket, self.held, self.optimizer, self.steps, where, self.before
            )
        self.beside = Beside(settings, self.module, self.held, self.train, data.facts, ranks)
        self._types = {name: array.dtype for name, array in ticket.weights.items()}
        model = str(ticket.meta["model"])
        self.plain = is_ours(model) and not model.startswith(("timm:", "torchvision:"))

    def connect(self) -> None:
        """Let gradients be averaged over ranks; every rank must come here."""
        if self.ranks.size > 1:
            # Of somebody's own network, or a package's, parameters may be unused.
            spare = None if self.plain else logits_of
            self.forward = averaging(self.forward, self.module, self.ranks, spare)

    # -- the loop ----------------------------------------------------------------------------

    def run_epoch(self, pause: Callable[[], bool]) -> bool:
        """Train from where it stands to the end of the epoch.

        Args:
            pause: Asked before every step; when it says True the epoch is left at that step.

        Returns:
            Whether the epoch was completed.

        Raises:
            SparsetoolError: The loss or a weight is not finite.
        """
        epochs = self.before + self.epoch
        seeds = self.settings.seeds
        size = self.settings.batch_size
        batches = self.train.epoch(self.data.facts, seeds, epochs, size, self.ranks)
        name = "dropout" if self.ranks.is_first else f"dropout of rank {self.ranks.rank}"
        draws = Draws(seeds.augmentation, "augmentation", epochs, name)
        noise = int(draws.words(1)[0] >> np.uint64(1))
        if not self.step:
            self.tally = Tally.on(self.where.device)
        while self.step < self.steps:
            if pause():
                return False
            self._noise = (noise + self.step) % 2**63
            self._descend(*batches.batch(self.step), self.learning_rate)
            self.step += 1
        self.tally = self.sums()
        broadcast(self.module.buffers(), self.ranks)
        self.beside.meet()
        self.epoch, self.step = self.epoch + 1, 0
        return True

    def _examples(self, step: int) -> int:
        """Examples in a step, of all ranks."""
        return min(self.settings.batch_size, len(self.train) - step * self.settings.batch_size)

    def sums(self) -> Tally:
        """The tally of all ranks, which must come here at the same step; everything is checked.

        Raises:
            SparsetoolError: The loss or a weight is not finite.
            BrokenPromise: A weight is not zero off the mask, or not the same on all ranks.
        """
        tally = self.tally.over(self.ranks) if self.step else self.tally
        self.ranks.everywhere(self.check)
        if not same(self.parameters.values(), self.ranks):
            raise self.ranks.together(
                BrokenPromise(f"ranks hold different weights in epoch {self.epoch + 1}")
            )
        return tally

    @property
    def learning_rate(self) -> float:
        """Rate of the step to come."""
        return float(self.rate(self.epoch * self.steps + self.step, self.cycle))

    def _descend(self, images: Tensor, labels: Tensor, rate: float) -> None:
        """One step: images float [B, C, H, W], labels int64 [B]; of text both int64 [B, T]."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        at, examples = self.epoch * self.steps + self.step, self._examples(self.step)
        self.moving.before(at)
        self.beside.begin(at, self.before + self.epoch, self.step, examples)
        images, targets, labels = self.beside.batch(images, labels.flatten())
        # Gradients are averaged over ranks: so a rank with more examples must count for more.
        weight = self.ranks.size * len(images) / examples
        given = images, targets, weight
        loss, logits = self._pass(*given)
        self.tally.add(loss, logits, labels)
        self.moving.look()
        again = 0
        if not self.moving.instead:
            self.held.mask_gradients()
            again = self.beside.refine(lambda: self._pass(*given), self.optimizer, self.scaler)
            self.scaler.step(self.optimizer)
            self.scaler.update()
        if again:
            self.moving.again(again * examples)
        self.moving.after(at, examples)
        self.beside.after(again * examples)

    def _pass(self, images: Tensor, targets: Tensor, weight: float) -> tuple[Tensor, Tensor]:
        """Loss and logits of a batch, and gradients; targets int64 [B], or float [B, classes]."""
        self.where.seed(self._noise)
        of_step = contextlib.nullcontext() if self.moving.dense else self.held.of_step
        with self.ranks.meeting(), self.moving.shown():
            with self.where.autocast(), normalisable(), of_step:
                logits = logits_of(self.forward(images))
            loss = cross_entropy(logits.float(), targets)
            self.optimizer.zero_grad(set_to_none=True)
            part = loss if weight == 1 else loss * weight
            self.scaler.scale(part).backward()  # type: ignore[no-untyped-call]
        return loss, logits

    @property
    def idle(self) -> list[str]:
        """Masked weights that the last step gave no gradient: frozen, or not used by the loss."""
        return self.held.idle

    @torch.no_grad()
    def check(self) -> None:
        """See that everything is finite, and exactly zero off the mask.

        Raises:
            SparsetoolError: A loss, weight or momentum is not finite.
            BrokenPromise: Something is not zero off the mask.
        """
        states = self.optimizer.state
        tensors = [*self.parameters.values(), *(t for s in states.values() for t in s.values())]
        finite = torch.stack([torch.isfinite(t).all().cpu() for t in tensors]).all()
        if not finite or not math.isfinite(float(self.tally.loss)):
            raise SparsetoolError(
                f"training diverged in epoch {self.epoch + 1} of the cycle (the loss or a weight "
                "is not finite); the last good state is kept: try a lower --lr"
            )
        self.held.check(self.epoch + 1)

    def figures(self, split: str) -> dict[str, float]:
        """Loss (nats) and accuracy of the network as it stands on a split, in float32."""
        batches = self.data.split(split).batches(ranks=self.ranks)
        with self.moving.shown(), self.beside.shown(), self.held.of_figures:
            tally = measure(self.module, batches, self.ranks)
        found = {"loss": tally.mean_loss, **bits_of(tally.mean_loss, self.data.facts.input)}
        return {f"{split}_{k}": v for k, v in {**found, "accuracy": tally.accuracy}.items()}

    # -- what it is, as arrays ---------------------------------------------------------------

    def weights(self) -> Arrays:
        """Every parameter and buffer that a ticket holds, copied, in its own types."""
        with self.moving.shown(), self.beside.shown():
            return self.trained()

    def trained(self) -> Arrays:
        """Every parameter and buffer, copied, in the types of the ticket it started from."""
        held = from_module(self.module)
        return {name: array.astype(self._types[name], copy=False) for name, array in held.items()}

    def state(self, tally: Tally | None = None) -> Arrays:
        """Everything a resumed run needs besides the position: weights, optimiser, `sums`."""
        tally = tally or self.tally
        arrays = {f"weight/{name}": array for name, array in self.trained().items()}
        arrays |= self.moving.state() | self.beside.state()
        arrays |= state_of(self.optimizer, self.parameters, self.scaler)
        arrays["tally/loss"] = np.array(tally.loss.cpu().numpy())
        arrays["tally/correct"] = np.array(tally.correct.cpu().numpy())
        return arrays

    def restore(self, arrays: Arrays, epoch: int, step: int, examples: int) -> None:
        """Take up a state that `state` gave, at that position."""
        with torch.no_grad():
            for name, tensor in tensors(self.module).items():
                tensor.copy_(torch.from_numpy(np.array(arrays[f"weight/{name}"])))
        self.moving.restore(arrays)
        self.beside.restore(arrays)
        restore_state(arrays, self.optimizer, self.parameters, self.scaler)
        if self.ranks.is_first:  # the others' sums so far are in it
            self.tally.loss.copy_(torch.from_numpy(np.array(arrays["tally/loss"])))
            self.tally.correct.copy_(torch.from_numpy(np.array(arrays["tally/correct"])))
            self.tally.examples = examples
        self.epoch, self.step = epoch, step
