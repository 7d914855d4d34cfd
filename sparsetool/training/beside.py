"""What extras do beside the plain step, carried out within the masks.

Random numbers are keyed by the seed of augmentation, epochs trained, the extra's name and the step,
so a run that was stopped goes on as it would have, and all ranks draw the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from ..compute.averaging import broadcast
from ..compute.ranks import Ranks
from ..data.resident import Examples
from ..data.streaming import Stream, normalised
from ..errors import SparsetoolError
from ..layer_graph.tensors import tensors
from ..plugins.datasets import Facts
from ..plugins.extras import Ahead, Extra, Moment
from ..ticket.draws import Draws
from .held import Held
from .settings import Settings

Arrays = dict[str, np.ndarray]
AVERAGE, SECOND = "extra/average/", "extra/second_examples"


class Beside:
    """The extras of one cycle.

    Args:
        settings: How the network is trained.
        module: It, on the device, with the weights of the cycle's beginning.
        held: The masks in use.
        train: The training examples.
        facts: Facts of the data set.
        ranks: The processes that train together.

    Attributes:
        second_examples: Examples that went through the network twice.
    """

    def __init__(
        self,
        settings: Settings,
        module: torch.nn.Module,
        held: Held,
        train: Examples | Stream,
        facts: Facts,
        ranks: Ranks,
    ) -> None:
        self.module, self.held, self.train = module, held, train
        self.classes, self.ranks = facts.classes, ranks
        self.seed, self.extras = settings.seeds.augmentation, settings.beside
        self.versions = {k: v for extra in self.extras for k, v in extra.versions.items()}
        self.roles = {role for extra in self.extras for role in extra.roles}
        self._check_pixels()
        self.second_examples = 0
        self.averages: dict[str, Tensor] = {}
        if "average" in self.roles:
            self.averages = {n: t.detach().clone() for n, t in tensors(module).items()}

    def _check_pixels(self) -> None:
        """See that there are pixels of 8 bits where an extra changes them.

        Raises:
            SparsetoolError: There are none.
        """
        whole = isinstance(self.train, Stream) or self.train.images.dtype == torch.uint8
        changing = [extra.title for extra in self.extras if extra.pixels is not None]
        if changing and not whole:
            raise SparsetoolError(
                f"{changing[0]} changes pixels of 8 bits, but the data set's are other numbers: "
                "leave it out"
            )

    # -- a step ------------------------------------------------------------------------------

    def begin(self, step: int, epochs: int, at: int, examples: int) -> None:
        """A step begins.

        Args:
            step: The step of the cycle.
            epochs: Epochs trained before, in all.
            at: The step of the epoch.
            examples: Its examples, of all ranks.
        """
        if not self.extras:
            return
        own = self.ranks.share(examples)

        def moment(extra: Extra) -> Moment:
            draws = Draws(self.seed, "augmentation", epochs, f"{extra.title}#{at}")
            return Moment(step, examples, slice(own.start, own.stop), draws)

        self._moment = moment

    def batch(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What is trained on: images, targets (labels where no extra asks), the likeliest labels.

        Args:
            images: [B, C, H, W], normalised.
            labels: int64 [B].
        """
        if "pixels" in self.roles:
            scale, shift = self.train.scale, self.train.shift
            last = images.permute(0, 2, 3, 1).sub(shift).div(scale).round().clamp(0, 255)
            pixels = last.to(torch.uint8).permute(0, 3, 1, 2)
            for extra in self.extras:
                if extra.pixels is not None:
                    pixels = extra.pixels(pixels, self._moment(extra))
            images = normalised(pixels.permute(0, 2, 3, 1), scale, shift)
        if "batch" not in self.roles:
            return images, labels, labels
        targets = one_hot(labels, self.classes).to(images.dtype)
        for extra in self.extras:
            if extra.batch is not None:
                images, targets = extra.batch(images, targets, self._moment(extra))
        images = images.contiguous(memory_format=torch.channels_last)
        return images, targets, targets.argmax(1)

    def refine(
        self, again: Callable[[], object], optimizer: torch.optim.Optimizer, scaler: Any
    ) -> int:
        """Change the masked gradients before the optimiser's step.

        Args:
            again: Computes the gradients once more, on the same batch.
            optimizer: The optimiser.
            scaler: Scales losses in fp16.

        Returns:
            How often gradients were computed again.
        """
        passes = 0
        for extra in self.extras:
            if extra.ahead is not None:
                self._ahead(extra, extra.ahead, again)
                passes += 1
        if "gradients" in self.roles:
            scaler.unscale_(optimizer)
            for extra in self.extras:
                if extra.gradients is not None:
                    extra.gradients(list(self._gradients().values()), self._moment(extra))
            self.held.mask_gradients()
        return passes

    def _gradients(self) -> dict[str, Tensor]:
        """Gradients by parameter; what is frozen, or was not used, has none."""
        named = self.held.parameters.items()
        return {name: weight.grad for name, weight in named if weight.grad is not None}

    def _ahead(self, extra: Extra, ahead: Ahead, again: Callable[[], object]) -> None:
        """Take the gradients at another place; weights and buffers are as before."""
        found = self._gradients()
        before = {name: tensor.detach().clone() for name, tensor in tensors(self.module).items()}
        with torch.no_grad():
            offsets = ahead(list(found.values()), self._moment(extra))
            for name, offset in zip(found, offsets, strict=True):
                if (mask := self.held.masks.get(name)) is not None:
                    offset = offset.where(mask, 0.0)
                self.held.parameters[name].add_(offset)
        again()
        with torch.no_grad():
            for name, tensor in tensors(self.module).items():
                tensor.copy_(before[name])
        self.held.mask_gradients()

    @torch.no_grad()
    def after(self, second_examples: int) -> None:
        """Behind a step: follow the weights.

        Args:
            second_examples: Examples of the step that went through the network twice.
        """
        self.second_examples += second_examples
        if not self.averages:
            return
        for name, now in tensors(self.module).items():
            held = now.detach().clone() if not now.is_floating_point() else self.averages[name]
            if now.is_floating_point():
                for extra in self.extras:
                    if extra.average is not None:
                        held = extra.average(held, now.detach(), self._moment(extra))
                if (mask := self.held.masks.get(name)) is not None:
                    held = held.where(mask, 0.0)
            self.averages[name] = held

    # -- what a ticket holds -----------------------------------------------------------------

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """While it lasts, the module holds the averages, where there are any."""
        if not self.averages:
            yield
            return
        named = tensors(self.module)
        with torch.no_grad():
            before = {name: tensor.detach().clone() for name, tensor in named.items()}
            self._put(self.averages)
        try:
            yield
        finally:
            with torch.no_grad():
                self._put(before)

    def _put(self, values: dict[str, Tensor]) -> None:
        for name, tensor in tensors(self.module).items():
            tensor.copy_(values[name])

    def meet(self) -> None:
        """At the end of an epoch: every rank's buffers become those of the first."""
        names = {name for name, _ in self.module.named_buffers()}
        broadcast([t for name, t in self.averages.items() if name in names], self.ranks)

    def achieved(self) -> dict[str, int]:
        """What the record of a cycle, or of its beginning, says."""
        return {"second_examples": self.second_examples} if self.second_examples else {}

    def state(self) -> Arrays:
        """All that `restore` needs."""
        found = {f"{AVERAGE}{name}": _array(value) for name, value in self.averages.items()}
        if "ahead" in self.roles:
            found[SECOND] = np.array(self.second_examples, dtype=np.int64)
        return found

    def restore(self, arrays: Arrays) -> None:
        """Take up a state that `state` gave."""
        for name, tensor in self.averages.items():
            tensor.copy_(torch.from_numpy(np.array(arrays[f"{AVERAGE}{name}"])))
        if SECOND in arrays:
            self.second_examples = int(arrays[SECOND])


def _array(tensor: Tensor) -> np.ndarray:
    return np.array(tensor.detach().cpu().contiguous().numpy(), order="C")
