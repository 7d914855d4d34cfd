"""Compute masked layers by sparse products where `kernels.plan` says so.

On a CPU a sparse product costs what its kept weights cost. Networks stay as they are: their calls
of torch are seen while they run. A layer that is not in the plan, or is called with padding in
words, autocast or a checkpoint, is computed by torch as ever. Not possible through a sparse layer
are second derivatives and `torch.vmap`: torch says so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from . import compiling
from .axes import Pair
from .plan import Call, beats_bf16, calls, plan
from .seeing import Layer, Seeing

MOST = 0.8  # kept weights, a fraction: where all masks keep more, no layer is sparse


class SparseProducts:
    """How a masked network is computed on a device.

    Args:
        module: The network, float32.
        masks: Weights kept, by parameter name.
        input: Channels, height and width of an example, pixels.
        threads: CPU threads of a training step.
        figures: Examples in a batch that is measured.
        enabled: Whether any layer may be sparse: on anything but a CPU none.
        compiled: Folder that keeps compiled loops, made when needed; by default beside the code.
    """

    def __init__(
        self,
        module: torch.nn.Module,
        masks: Mapping[str, Tensor],
        input: tuple[int, ...],
        *,
        threads: int,
        figures: int,
        enabled: bool = True,
        compiled: Path | None = None,
    ) -> None:
        self._module, self._input = module, input
        self._threads, self._figures = threads, figures
        self._able = enabled
        if compiled is not None:
            compiling.keep_in(compiled)
        self._layers: dict[int, Layer] = {}
        self._calls: list[Call] = []
        self._contexts: dict[Pair, contextlib.AbstractContextManager[Any]] = {}
        self.follow(masks)

    def follow(self, masks: Mapping[str, Tensor]) -> None:
        """Compute under other masks from now on; contexts from before are those of the old ones.

        Convolutions that keep all their weights may go with sparse ones, in their layout.

        Args:
            masks: Weights kept, by parameter name; a layer whose mask is the same keeps its lists.
        """
        parameters = dict(self._module.named_parameters())
        before, self._layers, self._contexts = self._layers, {}, {}
        masks = {name: mask for name, mask in masks.items() if mask.dim() in (2, 4)}
        if not self._able or all(_full(mask) for mask in masks.values()):
            return
        beside = {
            name: torch.ones(each.shape, dtype=torch.bool)
            for name, each in parameters.items()
            if each.dim() == 4
        }
        for name, mask in {**beside, **masks}.items():
            key = id(parameters[name])
            held = before.get(key)
            same = held is not None and torch.equal(held.mask.view_as(mask), mask)
            self._layers[key] = held if held is not None and same else Layer(mask)

    def of_step(self, batch: int) -> contextlib.AbstractContextManager[Any]:
        """The context of a training step's forward pass.

        Args:
            batch: Examples; the plan is made for this number, a smaller last batch follows it.
        """
        return self._of(batch, self._threads)

    @property
    def of_figures(self) -> contextlib.AbstractContextManager[Any]:
        """The context in which to measure; the same for any threads, so that figures agree."""
        return self._of(self._figures, 1)

    def beat_bf16(self, batch: int) -> bool:
        """Whether steps take less time than dense ones in bfloat16, of so many examples."""
        if not self._layers or not compiling.possible():
            return False
        return beats_bf16(self._seen(), self._kept(), batch, self._threads)

    def _seen(self) -> list[Call]:
        if not self._calls:
            self._calls = calls(self._module, self._input)
        return self._calls

    def _kept(self) -> dict[int, int]:
        return {weight: layer.kept for weight, layer in self._layers.items()}

    def _of(self, batch: int, threads: int) -> contextlib.AbstractContextManager[Any]:
        if (batch, threads) not in self._contexts:
            found = self._seen() if self._layers else []
            chosen = plan(found, self._kept(), batch, threads)
            layers = {weight: self._layers[weight] for weight in chosen}
            normed = {call.weight for call in found if call.normed}
            for weight, layer in layers.items():
                layer.normed = weight in normed
            seeing = bool(layers) and compiling.possible()
            self._contexts[batch, threads] = Seeing(layers) if seeing else contextlib.nullcontext()
        return self._contexts[batch, threads]


def _full(mask: Tensor) -> bool:
    """Whether a layer keeps so many weights that sparse products never pay by themselves."""
    return int(mask.sum()) > MOST * mask.numel()
