"""Exact products with the Hessian of a network's mean loss, reverse over reverse.

The gradient's graph is built once and differentiated again for every product (Pearlmutter, 1994,
"Fast exact multiplication by the Hessian"). The sample is cut into chunks of a fixed size, which
depends on the image's size and the kind of device alone, so that results do not depend on how much
memory is free: chunks whose graphs fit in memory keep them, the others build theirs anew for each
product, with the same result.

Shapes: N examples, n the dimension of the subspace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..compute import progress
from ..layer_graph.inputs import typed
from .graphs import full_precision, gradient_graph, weighed

CHUNK_PIXELS = {"cpu": 64 * 32 * 32, "cuda": 1024 * 32 * 32}
TOKEN_PIXELS = 16  # that a token counts for
CPU_BUDGET = 4 << 30  # bytes of graphs kept between products
TRAIN_BATCH = 512  # examples that batch norm in training mode normalises together


@dataclass(frozen=True)
class Field:
    """One parameter's place in the flat vectors of a subspace.

    Attributes:
        name: The parameter's name.
        size: Coordinates it has there.
        index: Its kept positions, int64 [size], or None where all are kept.
    """

    name: str
    size: int
    index: Tensor | None

    def spread(self, part: Tensor, like: Tensor) -> Tensor:
        """A flat part [size] as a tensor shaped like the parameter, zero off the mask."""
        if self.index is None:
            return part.view(like.shape)
        whole = torch.zeros(like.numel(), dtype=part.dtype, device=part.device)
        return whole.index_copy_(0, self.index, part).view(like.shape)

    def collect(self, whole: Tensor) -> Tensor:
        """The inverse of `spread`, [size]."""
        flat = whole.reshape(-1)
        return flat if self.index is None else flat[self.index]


class Hessian:
    """The Hessian of the mean cross-entropy over a sample, as an operator.

    Its coordinates are the surviving weights and all unpruned parameters, in the module's order, or
    with `full` every parameter. Pruned weights are constants there, not variables: multiplying by
    masks in the forward pass gives the same matrix bordered by zeros.

    Args:
        module: Gives logits [N, classes]; left as it was.
        images: Inputs [N, ...].
        labels: int64 [N].
        masks: Masks by parameter name, bool; no masks means that everything survives.
        full: Whether pruned weights are variables too.
        train_norm: Whether batch norm uses the statistics of each batch of `TRAIN_BATCH` examples,
            which couples the examples; by default it uses the running statistics.
        dtype: float32 or float64.
    """

    def __init__(
        self,
        module: nn.Module,
        images: Tensor,
        labels: Tensor,
        masks: Mapping[str, Tensor] | None = None,
        *,
        full: bool = False,
        train_norm: bool = False,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self._module, self._train_norm, self._dtype = module, train_norm, dtype
        self._images, self._labels = typed(images, dtype), labels
        if images.dim() == 4:
            self._images = self._images.contiguous(memory_format=torch.channels_last)
        self._parameters = {
            name: p.detach().to(images.device, dtype).requires_grad_()
            for name, p in module.named_parameters()
        }
        self._buffers = {
            name: b.detach().to(images.device, dtype if b.is_floating_point() else None, copy=True)
            for name, b in module.named_buffers()
        }
        kept = {} if full else masks or {}
        self._fields = [_field(n, p, kept.get(n)) for n, p in self._parameters.items()]
        self._chunks = self._cut()
        self._graphs: list[tuple[Tensor | None, ...]] = []
        self._gradient: Tensor | None = None
        self.products = 0

    @property
    def size(self) -> int:
        """n."""
        return sum(field.size for field in self._fields)

    @property
    def like(self) -> Tensor:
        """An empty tensor of the operator's type, on its device."""
        return torch.empty(0, dtype=self._dtype, device=self._images.device)

    @property
    def gradient(self) -> Tensor:
        """The gradient of the mean loss in the same coordinates, [n]."""
        if self._gradient is None:
            self._keep_graphs()
        assert self._gradient is not None
        return self._gradient

    def product(self, vector: Tensor) -> Tensor:
        """The Hessian times a vector, [n]."""
        return self._product(vector, self._fields)

    def layers(self) -> dict[str, Block]:
        """The diagonal block of each parameter with at least one coordinate, by name."""
        return {field.name: Block(self, field) for field in self._fields if field.size}

    def _product(self, vector: Tensor, fields: Sequence[Field]) -> Tensor:
        """The product with the block of these fields, in their coordinates."""
        self._keep_graphs()
        progress.tell("product", self.products)
        self.products += 1
        places = [list(self._parameters).index(field.name) for field in fields]
        wanted = [self._parameters[field.name] for field in fields]
        parts = torch.split(vector, [field.size for field in fields])
        spread = [f.spread(v, p) for f, v, p in zip(fields, parts, wanted, strict=True)]
        total = [torch.zeros_like(p) for p in wanted]
        for number in self._numbers():
            kept = number < len(self._graphs)
            graph = self._graphs[number] if kept else self._graph(number)
            pairs = [(graph[i], v) for i, v in zip(places, spread, strict=True)]
            live = [(g, v) for g, v in pairs if g is not None and g.requires_grad]
            if not live:
                continue
            grads, vectors = zip(*live, strict=True)
            with full_precision(vector.device):
                found = torch.autograd.grad(
                    grads, wanted, vectors, retain_graph=kept, allow_unused=True
                )
            for sum_so_far, part in zip(total, found, strict=True):
                if part is not None:
                    sum_so_far += part
        return torch.cat([f.collect(t) for f, t in zip(fields, total, strict=True)])

    def _cut(self) -> list[slice]:
        """Chunks of the sample."""
        room = TRAIN_BATCH
        if not self._train_norm:
            pixels = self._images.shape[2:].numel() if self._images.dim() > 2 else 1
            if not self._images.is_floating_point():
                pixels = TOKEN_PIXELS * self._images.shape[1]
            room = max(1, CHUNK_PIXELS["cuda" if self._images.is_cuda else "cpu"] // pixels)
        return [slice(i, i + room) for i in range(0, len(self._labels), room)]

    def _keep_graphs(self) -> None:
        """Build every chunk's graph once, for the gradient, and keep those that fit."""
        if self._gradient is not None:
            return
        sums = [torch.zeros_like(p) for p in self._parameters.values()]
        left = _budget(self.like.device)
        progress.tell("product", 0)
        for number in self._numbers():
            with weighed() as weight:
                graph = self._graph(number)
            for sum_so_far, part in zip(sums, graph, strict=True):
                if part is not None:
                    sum_so_far += part.detach()
            left -= weight.bytes
            if left >= 0 and len(self._graphs) == number:
                self._graphs.append(graph)
        self._gradient = torch.cat(
            [f.collect(s.detach()) for f, s in zip(self._fields, sums, strict=True)]
        )

    def _numbers(self) -> Iterator[int]:
        """The chunks' numbers, counted for who watches."""
        return progress.counted(range(len(self._chunks)), "chunk", len(self._chunks))

    def _graph(self, number: int) -> tuple[Tensor | None, ...]:
        """The gradient of one chunk's part of the mean loss, with its graph."""
        images, labels = self._images[self._chunks[number]], self._labels[self._chunks[number]]
        share = len(labels) / len(self._labels)
        return gradient_graph(
            self._module, self._parameters, self._buffers, images, labels, share, self._train_norm
        )


@dataclass(frozen=True)
class Block:
    """One parameter's diagonal block of a Hessian, as an operator."""

    whole: Hessian
    field: Field

    @property
    def size(self) -> int:
        """Its dimension."""
        return self.field.size

    @property
    def like(self) -> Tensor:
        """An empty tensor of the operator's type, on its device."""
        return self.whole.like

    @property
    def gradient(self) -> Tensor:
        """Its part of the gradient, [size]."""
        begin = 0
        for field in self.whole._fields:
            if field is self.field:
                break
            begin += field.size
        return self.whole.gradient[begin : begin + self.size]

    def product(self, vector: Tensor) -> Tensor:
        """The block times a vector, [size]."""
        return self.whole._product(vector, [self.field])


def _field(name: str, parameter: Tensor, mask: Tensor | None) -> Field:
    if mask is None or bool(mask.all()):
        return Field(name, parameter.numel(), None)
    index = mask.reshape(-1).nonzero()[:, 0].to(parameter.device)
    return Field(name, len(index), index)


def _budget(device: torch.device) -> int:
    """Bytes of graphs to keep."""
    return torch.cuda.mem_get_info(device)[0] // 2 if device.type == "cuda" else CPU_BUDGET
